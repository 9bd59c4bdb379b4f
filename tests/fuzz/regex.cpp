// Regular expressions and format strings: each is refused with a message, or does the same to a
// record alone as to one among others. The first line is a regular expression, the second a format
// string, the rest a text.
#include <cstdint>
#include <cstdlib>

#include "../unit/stage_running.h"
#include "values/error.h"
#include "values/json.h"

namespace {

using namespace riffle;

std::string take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// As a literal in which a backslash is one.
std::string raw_literal(std::string text) {
  std::replace(text.begin(), text.end(), '"', '\'');
  return "r\"" + text + "\"";
}

void run(const std::string& items, const std::string& records) {
  const auto output = [&](std::size_t at_once) {
    return run_words({"select", items}, records, at_once, [](const Batch&) {}).output;
  };
  try {
    if (output(1) != output(0)) std::abort();
  } catch (const Error& error) {
    if (error.status() != ExitStatus::usage) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string regex = raw_literal(take_line(rest)), format = raw_literal(take_line(rest));
  const std::string text = "{\"a\":" + json_text(text_value(rest)) + "}\n";
  const std::string records = text + "{\"a\":12.5}\n" + text + "{}\n";
  run("m = a =~ " + regex + ", e = extract(a, " + regex + "), l = extract_all(a, " + regex +
          "), r = replace_re(a, " + regex + ", \"<\\\\0>\"), s = split_re(a, " + regex +
          "), c = captures(a, " + regex + ")",
      records);
  run("f = format(" + format + ", a, 7, 0.5)", records);
  return 0;
}
