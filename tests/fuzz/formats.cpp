// A format's bytes, as they never come: whatever they are, reading ends without a fault, and the
// answer does not depend on how the bytes arrive. The format is the executable's (RIFFLE_FORMAT);
// the last byte chooses its options, and how many bytes arrive together.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../unit/json_reading.h"
#include "formats/format.h"

namespace {

using namespace riffle;

constexpr std::string_view name = RIFFLE_FORMAT;
constexpr bool joins_lines =
    name == "text" || name == "clf" || name == "syslog" || name == "logfmt";

InputOptions options_of(std::uint8_t choice) {
  InputOptions options;
  options.max_record = 1000;
  constexpr std::array raggeds = {InputOptions::Ragged::reject, InputOptions::Ragged::pad,
                                  InputOptions::Ragged::cut};
  options.ragged = raggeds[choice % raggeds.size()];
  options.loose_numbers = choice & 16;
  if (choice & 32) options.nulls = {"NA", "-"};
  if (choice & 64) options.quote = '\'';
  if (choice & 128) options.escape = '\\';
  options.header = !(choice & 2);
  options.all_text = (choice & 12) == 4;
  options.comment = (choice & 12) == 8 ? '#' : '\0';
  options.skip_lines = choice >= 0xe0 ? 2 : 0;
  constexpr std::array<const char*, 7> ways = {"",       "java",          "python", "go",
                                               "indent", "start=^[0-9a]", "end=;$"};
  if (joins_lines) options.multiline = ways[choice / 8 % ways.size()];
  return options;
}

Reading read(const Format& format, const InputOptions& options, std::string_view bytes,
             std::size_t piece) {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  for (const char* const name : {"a", "b", "line", "c1"}) shape->find(literal_name(name));
  shape->slots().rest = true;
  const auto cutter = format.make_cutter(options);
  const auto reader = format.make_reader(options, shape);
  return in_order(read_through(*cutter, *reader, bytes, piece));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Format& format = *find_format(name);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::uint8_t choice = size > 0 ? data[size - 1] : 0;
  const InputOptions options = options_of(choice);
  const Reading whole = read(format, options, bytes, size + 1);
  const Reading pieces = read(format, options, bytes, 1 + choice / 16);
  if (whole.rows != pieces.rows || whole.rejects != pieces.rejects) std::abort();
  return 0;
}
