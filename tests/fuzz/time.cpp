// Texts of times and durations: a time that is read is printed and read again as the same; patterns
// of times.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "time/text.h"
#include "time/time_pattern.h"
#include "values/calendar.h"

namespace {

// The first line is a pattern, the rest a text.
void read_by_pattern(const std::string& data, const riffle::Zone& zone) try {
  const std::size_t end = data.find('\n');
  if (end == data.npos) return;
  const riffle::TimePattern pattern(data.substr(0, end));
  pattern.check_readable();
  const auto moment = pattern.read(std::string_view(data).substr(end + 1), zone);
  std::string written;
  if (moment) pattern.write(*moment, zone, written);
} catch (const std::invalid_argument&) {
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace riffle;
  static const Zone utc, paris = *Zone::named("Europe/Paris");
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse_duration(text);
  read_duration(text);
  read_by_pattern(text, paris);
  parse_time(text, paris);
  if (const auto moment = parse_time(text, utc)) {
    if (parse_time(time_text(*moment), utc) != moment) std::abort();
  }
  return 0;
}
