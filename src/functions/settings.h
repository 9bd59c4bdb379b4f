// Settings: what a run knows beside its records. Fixed before the first record is read; shared by
// all threads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "time/zone.h"

namespace riffle {

struct Settings {
  std::int64_t now = 0;    // now(): nanoseconds since 1970, one value per run (--now)
  std::uint64_t seed = 1;  // random(), sample (--seed); each stage has one of its own
  Zone zone;               // of texts without an offset, and of calendar units (--tz)
  std::map<std::string, std::string, std::less<>> arguments;  // --arg NAME=VALUE: $NAME
  std::vector<std::string> inputs;  // as they are named on the command line: file_name()
};

}  // namespace riffle
