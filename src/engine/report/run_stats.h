// RunStats: what became of a run's records, in numbers (--progress, --summary). At each `window`:
// the records that came are those that were put into at least one window, the late ones and the
// rejected ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/job.h"
#include "records/effects.h"
#include "values/error.h"

namespace riffle {

class RunStats {
 public:
  // `job` outlives this.
  explicit RunStats(const Job& job) : job_(job), steps_(job.stages.size()) {}

  // Enters what happened up to and including `last`.
  void enter(const Effects& effects, Position last);

  // Records, those that were rejected there included.
  std::uint64_t read() const;
  // "1003 records read, 3 rejected, 7 late, 12 written".
  std::string line() const;
  // For each `window`, what came of its records.
  std::vector<std::string> lines_of_windows() const;
  // One line of JSON: `status`, the numbers of the run, and those of each stage.
  std::string summary(ExitStatus status) const;

 private:
  struct Step {
    std::uint64_t in = 0, rejected = 0, late = 0;
    std::uint64_t windowed() const { return in - late - rejected; }
  };

  bool is_window(std::size_t step) const;
  std::uint64_t late() const;

  const Job& job_;
  std::vector<Step> steps_;
  // Records that could not be read; that were handed to the writer; that it did not take.
  std::uint64_t unreadable_ = 0, handed_ = 0, unwritten_ = 0, rejected_ = 0, failed_ = 0;
};

}  // namespace riffle
