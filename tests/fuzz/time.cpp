// Texts of times and durations: a time that is read is printed and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "data/calendar.h"
#include "time/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace riffle;
  static const Zone utc, paris = *Zone::named("Europe/Paris");
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse_duration(text);
  parse_time(text, paris);
  if (const auto moment = parse_time(text, utc)) {
    if (parse_time(time_text(*moment), utc) != moment) std::abort();
  }
  return 0;
}
