// Side inputs: what stages read besides the records that come to them (`join`): whole, while the
// pipeline is made, before any of the run's inputs, or bit by bit as the run goes on. What is wrong
// with its records is reported like everything else.
#pragma once

#include <string>
#include <vector>

#include "engine/input/input.h"
#include "engine/report/run_report.h"
#include "plan/job.h"
#include "plan/plan.h"

namespace riffle {

// As written, in the order of the stages.
std::vector<std::string> side_inputs_of(const Job& job);
// Throws Error when one is not there (failed), or is a standard input that somebody else reads
// (usage).
void look_up_side_inputs(const Job& job);

class SideInputs {
 public:
  // Both outlive this.
  SideInputs(const Job& job, const Interrupt& interrupt) : job_(job), interrupt_(interrupt) {}

  // Where side inputs are to be read, finds the mistakes of the whole pipeline first, as if the
  // files were empty.
  void check_plan() const;
  // Reads one, as Setup::read_input says.
  void read(const std::string& where, const std::string& format, const Shape& shape,
            const std::function<void(Batch&, Effects&)>& take);
  // What opens one to be read while the run goes on, as Setup::open_input says. It may outlive
  // this, not the job.
  Setup::OpenInput opener(const std::string& where, const std::string& format, const Shape& shape);
  // Tells what reading them did; stops the run where a limit says so.
  void enter(RunReport& report);

 private:
  SideFormat format_of(const std::string& text) const;

  struct Unseen {
    std::string field, file;
    ReadFields read;
  };

  const Job& job_;
  const Interrupt& interrupt_;
  std::vector<std::string> names_;  // as they are read
  Effects effects_;
  std::vector<Unseen> unseen_;
  std::vector<std::string> notes_;
  std::uint64_t records_ = 0;
};

}  // namespace riffle
