// Sequencer: the ordered part of a run. It takes the workers' results in the order of the blocks,
// runs the steps that need that order, writes, and applies effects. Whatever the workers have read
// ahead of a stop has not happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/chain.h"
#include "engine/input/guessed_format.h"
#include "engine/output/output.h"
#include "engine/report/run_report.h"
#include "engine/restart.h"
#include "engine/worker.h"

namespace riffle {

class Sequencer {
 public:
  // All outlive this.
  Sequencer(const Job& job, const Pipeline& pipeline, const Format& format, OutputFile& output,
            RunReport& report, Restart& restart);

  // The next block's result, or a piece of it. False: the run has what it needs, or must stop.
  bool accept(Work work);
  // What the ordered part of the run holds, for a later run; load() is for one that has been given
  // nothing. See Chain.
  void save(StateWriter& to) const { chain_.save(to); }
  void load(const Pipeline& pipeline, StateReader& from) { chain_.load(pipeline, from); }
  // Whether a signal ended the run within a block, of which a part has not happened.
  bool has_ended_within_block() const { return has_ended_within_block_; }
  // The inputs have ended: what is held comes out.
  void finish();
  // Says what could be seen of the fields that the pipeline names.
  void report_fields();

  InputContent content_of(std::uint32_t input) const {
    return input < inputs_.size() ? inputs_[input] : InputContent();
  }

 private:
  void accept_in_parts(Work& work);
  void accept_part(Work& work, Batch batch, Effects effects);
  void process(Work& work);
  void stop_at(Position last);
  void note(const Work& work);
  bool has_happened(Position position) const { return position.line > 0 && position <= last_; }
  void write(const Batch& batch, Effects& effects);
  void write_rows(const Batch& batch, Effects& effects);
  void hint_at_delay();
  void restart();

  const Job& job_;
  const Plan& plan_;
  OutputFile& output_;
  RunReport& report_;
  Restart& restart_;
  std::uint64_t blocks_ = 0;  // that have been accepted
  // The writer may refuse a record, and the records behind it must not be written then.
  bool row_by_row_;
  Chain chain_;
  bool stopped_ = false;
  bool has_ended_within_block_ = false;
  bool may_hint_;  // whether a person waits who may not know that windows close at the end alone
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Position last_;  // where the run stopped
  std::vector<bool> seen_;
  ReadFields read_;  // of the first record
  std::vector<InputContent> inputs_;
};

}  // namespace riffle
