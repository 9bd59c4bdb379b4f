// RunReport: what a run has to say. It applies effects in the order of the records (only the
// ordered part of the engine calls it), reports them on stderr and in the rejects file, and says
// when a limit stops the run.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/messages.h"
#include "engine/pipeline.h"
#include "engine/report/run_stats.h"
#include "engine/report/unseen_fields.h"
#include "plan/job.h"
#include "records/effects.h"
#include "values/error.h"

namespace riffle {

class RunReport {
 public:
  // `job` outlives this. Opens the rejects file.
  explicit RunReport(const Job& job);
  RunReport(const RunReport&) = delete;
  RunReport& operator=(const RunReport&) = delete;
  ~RunReport();

  // The first position among `effects` (and what came before) at which --strict or --max-rejects N
  // stops the run: only what lies before it shall count. Nothing: go on.
  std::optional<Position> limit(const Effects& effects) const;
  // Enters the effects up to and including `last`; those after it have not happened.
  void enter(Effects effects, Position last);
  // Says how far the run is, where it was asked to and has not just done so.
  void show_progress();
  // Records that were read, rejected ones included. Only --max-rejects P% asks for them.
  void count_records(std::uint64_t read) { records_ += read; }
  std::uint64_t records() const { return records_; }
  // --max-rejects P%: whether more than that part of the records read so far was rejected.
  bool past_percentage() const;

  // A further input, in the order of their positions: a stage's, read before the others.
  void add_input(std::string name) { inputs_.push_back(std::move(name)); }

  // Field `name` of the pipeline was in no record (`seen`: names that were, for a suggestion).
  // `file`: of a side input.
  void report_unseen_field(const std::string& name, const ReadFields& seen,
                           const std::string& file = {});
  // Field `name` was taken for a difference of fields that no record has.
  void report_split_field(const std::string& name);
  void note(const std::string& message) const;
  // That records may be missing, which the exit status tells.
  void report_loss(const std::string& message);

  // Says what there is to say at the end; closes the rejects file, writes the summary.
  void close();
  bool stopped() const { return stopped_; }
  void stop() { stopped_ = true; }
  ExitStatus status() const;

 private:
  struct Failures {
    std::uint64_t count = 0;
    Position first;
    std::string reason;  // of the first
  };

  // Of a watched field.
  struct Sightings {
    bool found = false;
    std::vector<std::string> names;  // of the first record that did not have it
  };

  // Of a stage after another that gathers by window.
  struct WindowSizes {
    std::uint32_t step = no_step;
    std::string_view stage;
    std::size_t of_one = 0, of_more = 0;
  };

  // Of a stage that keeps records by a condition.
  struct Keepings {
    bool kept = false;
    Position first;
    std::string reason;  // of the first
  };

  struct Lookups {
    bool found = false;
    std::string key;                   // the first that was not found
    std::vector<std::string> clashes;  // of the first that was
  };

  using Clock = std::chrono::steady_clock;

  // Says it unless --quiet.
  void tell(const Message& message) const;
  std::string place(Position position) const;
  void enter_failure(const EvaluationError& error);
  void enter_reject(const Reject& reject);
  void report_failures();
  void report_lookups();
  void report_watched();
  void report_window_sizes();
  void report_keepings();

  const Job& job_;
  std::unique_ptr<ByteSink> rejects_file_;
  TextBuffer rejects_text_;
  std::uint64_t records_ = 0, rejected_ = 0, failed_ = 0, late_ = 0, left_out_ = 0;
  std::map<std::string, std::uint64_t> late_for_;           // by stage
  bool late_fails_ = false;                                 // a late record stopped the run
  std::vector<std::pair<const void*, Failures>> failures_;  // by site, in the order of their first
  // Those in which records were looked up.
  std::vector<std::pair<const LookupTable*, Lookups>> lookups_;
  std::vector<std::pair<const WatchedField*, Sightings>> watched_;  // those that records came to
  std::vector<WindowSizes> window_sizes_;
  std::map<std::uint32_t, Keepings> keepings_;  // by step
  std::vector<std::string> inputs_;             // as written
  bool stopped_ = false, unseen_field_ = false;
  // An expression was taken for the name of a field, which no record has.
  bool failed_name_ = false;
  bool has_lost_ = false;
  RunStats stats_;
  std::unique_ptr<ByteSink> summary_file_;
  bool on_terminal_;
  Clock::time_point started_ = Clock::now(), shown_ = started_;
};

}  // namespace riffle
