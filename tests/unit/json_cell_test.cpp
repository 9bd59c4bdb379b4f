#include "values/json_cell.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "values/decode.h"
#include "values/json.h"
#include "values/memory.h"
#include "values/number.h"

namespace riffle {
namespace {

Value cell(std::string_view bytes, std::uint8_t flags, Memory& memory) {
  Value value = text_value(memory.copy(bytes));
  value.kind = Kind::cell;
  value.flags = flags;
  value.delimiter = ',';
  return value;
}

std::string written(const Value& value) {
  std::string json(json_room(value.size), '\0');
  json.resize(static_cast<std::size_t>(write_json_cell(value, json.data()) - json.data()));
  return json;
}

// What decode() says of a cell, as JSON; the digits of a number as they came.
std::string by_decoding(const Value& value) {
  Memory memory;
  const Value decoded = decode(value, memory);
  if (decoded.is_number()) return std::string(value.view());
  return json_text(decoded);
}

std::string random_text(std::string_view alphabet, std::size_t size, std::mt19937& random) {
  std::string text;
  while (text.size() < size) text += alphabet[random() % alphabet.size()];
  return text;
}

std::string with_doubled_quotes(std::string_view text) {
  std::string cell = "\"";
  for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}

}  // namespace

TEST_CASE("a cell's JSON is that of its value, whatever its length") {
  std::mt19937 random(1);
  Memory memory;
  for (const std::string_view alphabet : {"0123456789", "0.1", "-019.eE+", "truefals", "abc def",
                                          "ab\"\\\n"
                                          "\x01\x1f ",
                                          "\xC3\xA9z\""})
    for (std::size_t size = 0; size < 70; size++)
      for (int i = 0; i < 40; i++) {
        const std::string text = random_text(alphabet, size, random);
        CAPTURE(text);
        const bool has_backslash = text.find('\\') != text.npos;
        for (const int flags : {0, int{Value::all_text}}) {
          const Value value =
              cell(text, static_cast<std::uint8_t>(flags | (has_backslash ? Value::escaped : 0)),
                   memory);
          CHECK(written(value) == by_decoding(value));
        }
        const std::string quoted = with_doubled_quotes(text);
        const bool escaped = quoted.size() != text.size() + 2;
        const Value value =
            cell(quoted, escaped ? Value::quoted | Value::escaped : Value::quoted, memory);
        CHECK(written(value) == by_decoding(value));
      }
}

TEST_CASE("a number is what parse_number takes") {
  std::mt19937 random(2);
  for (std::size_t size = 0; size < 12; size++)
    for (int i = 0; i < 3000; i++) {
      const std::string text = random_text("0019-+.eE", size, random);
      CAPTURE(text);
      CHECK(is_number(text) == !parse_number(text).is_missing());
    }
}

}  // namespace riffle
