// Settings: what a run knows besides its records. Fixed before the first record is read; shared by
// all threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "time/zone.h"
#include "values/random.h"
#include "values/saved_state.h"

namespace riffle {

// The sources from which the calls of random() in a stage draw, to be saved with the stage.
class RandomSources {
 public:
  void add(std::shared_ptr<Random> source) { sources_.push_back(std::move(source)); }
  void save(StateWriter& to) const {
    to.count(sources_.size());
    for (const auto& source : sources_) to.number(source->state());
  }
  void load(StateReader& from) {
    if (from.count(sizeof(std::uint64_t)) != sources_.size()) throw StateReader::damaged();
    for (const auto& source : sources_) *source = Random(from.number<std::uint64_t>());
  }

 private:
  std::vector<std::shared_ptr<Random>> sources_;  // in the order in which the calls were bound
};

struct Settings {
  std::int64_t now = 0;    // now(): nanoseconds since 1970, one value per run (--now)
  std::uint64_t seed = 1;  // random(), sample (--seed); each stage has one of its own
  Zone zone;               // of texts without an offset, and of calendar units (--tz)
  std::map<std::string, std::string, std::less<>> arguments;  // --arg NAME=VALUE: $NAME
  std::vector<std::string> inputs;  // as they are named on the command line: file_name()
  std::shared_ptr<RandomSources> random_sources = nullptr;  // of the stage; null: none are saved
};

}  // namespace riffle
