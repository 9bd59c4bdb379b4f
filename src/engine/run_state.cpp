#include "engine/run_state.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "connectors/connector.h"
#include "connectors/endpoint.h"
#include "plan/command_text.h"
#include "plan/fingerprint.h"
#include "state/sealed_state.h"
#include "values/error.h"

namespace riffle {
namespace {

// What a run with a state cannot do: what would be said in place of a promise that is not kept.
void refuse_what_cannot_go_on(const Job& job) {
  if (job.inputs.size() > 1)
    throw usage_error("--state goes on with one input; several are read by a run for each");
  const std::string& input = job.inputs[0];
  if (connector_of(input).is_live({input, job.live.follow}))
    throw usage_error(fmt::format("--state: {} cannot be read again; it goes on with a file",
                                  job.live.follow ? "what is followed"
                                  : input == "-"  ? "standard input"
                                                  : visible(input)));
  if (input_endpoint(input).descriptor >= 0)
    throw usage_error(
        "--state: a file that comes as standard input has no name by which the next "
        "run could find it; name it");
  const std::string written = connector_of(job.output).destination_key({job.output});
  if (!written.empty() && written == connector_of(input).destination_key({input}))
    throw usage_error(fmt::format("--state: {} is both the input and the output", visible(input)));
  if (!job.merge.all().empty()) throw usage_error("--state does not go with --merge");
  if (!job.rejects.empty()) throw usage_error("--state does not go with --rejects");
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

std::string as_text(const std::vector<std::string>& stages, std::size_t i) {
  return i < stages.size() ? fmt::format("`{}`", stages[i]) : "nothing";
}

bool is_filled_file(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

}  // namespace

void RunState::Summary::save(StateWriter& to) const {
  to.begin("run", 1);
  to.text(fingerprint);
  to.count(stages.size());
  for (const std::string& stage : stages) to.text(stage);
  to.number(is_final);
  to.text(input);
  to.text(output);
  to.number(position.offset);
  to.number(position.lines);
  to.text(position.format);
  to.text(position.cutter);
  mark.save(to);
  to.number(turn);
}

RunState::Summary RunState::Summary::load(StateReader& from) {
  Summary of;
  from.begin("run", 1);
  of.fingerprint = from.text();
  of.stages.resize(from.count());
  for (std::string& stage : of.stages) stage = from.text();
  of.is_final = from.number<bool>();
  of.input = from.text();
  of.output = from.text();
  of.position.offset = from.number<std::uint64_t>();
  of.position.lines = from.number<std::uint64_t>();
  of.position.format = from.text();
  of.position.cutter = from.text();
  of.mark = FileMark::load(from);
  of.turn = from.number<std::uint32_t>();
  from.end();
  return of;
}

RunState::RunState(const Job& job) : job_(job) {
  refuse_what_cannot_go_on(job);
  if (job.resets) put_aside();
  file_.emplace(job.state);
  if (file_->generation() == 0) return;
  const std::string summary = file_->part("run");
  StateReader from(summary);
  last_ = Summary::load(from);
  if (last_->is_final)
    throw failure(fmt::format("{}: is finished, by a run with --final; --reset starts anew",
                              visible(job.state)));
  sealed_ = file_->part("stages");
  held_ = opened(sealed_);
}

void RunState::put_aside() const {
  if (access(job_.state.c_str(), F_OK) != 0) return;
  StateFile::check_is_free(job_.state);
  const std::string old = job_.state + ".old";
  if (std::rename(job_.state.c_str(), old.c_str()) != 0) throw system_error(old, errno);
}

void RunState::go_on(Inputs& inputs) {
  const std::string path = input_endpoint(job_.inputs[0]).path;
  ContinuedInput how;
  how.is_last_run = job_.is_final;
  const bool is_same_input = last_ && last_->input == job_.inputs[0];
  if (is_same_input)
    found_ = find_again(path, last_->mark, last_->position.offset, job_.input_options);
  else
    found_.files.push_back(open_input_file(path));
  if (is_same_input && !found_.is_lost) {
    how.position = last_->position;
    // Of a file that is read from its start, another one may be the first line's.
    if (how.position->offset == 0) how.position.reset();
  }
  for (const OpenFile& file : found_.files) how.files.push_back(file.file.number());
  inputs.set_turn_of_blocks(last_ ? last_->turn : 0);
  inputs.go_on(0, std::move(how));
}

void RunState::check(const Plan& plan, const Format& output_format) {
  continuation_ = continuation_of(plan);
  next_.fingerprint = fingerprint(plan);
  next_.input = job_.inputs[0];
  next_.output = job_.output;
  for (const PlannedStep& step : plan.steps) {
    next_.stages.push_back(command_of(step.call));
    if (!step.side_outputs.empty())
      throw usage_error(
          fmt::format("--state does not go with `{}`, which writes to another file than the output",
                      next_.stages.back()));
  }
  if (last_ && last_->fingerprint != next_.fingerprint) {
    std::size_t i = 0;
    while (i < next_.stages.size() && i < last_->stages.size() &&
           without_blanks(next_.stages[i]) == without_blanks(last_->stages[i]))
      i++;
    throw usage_error(fmt::format(
        "{} is the state of another pipeline: {}; --reset starts anew", visible(job_.state),
        i == next_.stages.size() && i == last_->stages.size()
            ? "its options were others"
            : fmt::format("stage {} was {} and is {}", i + 1, as_text(last_->stages, i),
                          as_text(next_.stages, i))));
  }
  if (continuation_ == Continuation::replacing) return;
  if (!output_format.goes_on)
    throw usage_error(
        fmt::format("--state: {} ends with its last record, so that no run can add to it; write "
                    "ndjson or csv",
                    output_format.name));
  const bool is_other = !last_ || last_->output != job_.output;
  if (is_other && job_.output != "-" && is_filled_file(job_.output))
    throw failure(
        fmt::format("{}: is not empty, and {} knows nothing of what is in it; remove "
                    "it, or write to another file",
                    visible(job_.output), visible(job_.state)));
}

void RunState::load(const Pipeline& pipeline, Inputs& inputs, Sequencer& sequencer,
                    OutputFile& output, RunReport& report) {
  const bool is_appending = continuation_ == Continuation::appending;
  if (!last_) {
    // A run that is killed before it has come to an end has not happened: its output goes.
    if (is_appending) take(inputs, sequencer, output, false), commit();
    return;
  }
  if (last_->input != job_.inputs[0])
    report.note(fmt::format("{} is not read any more, where byte {} was reached",
                            visible(last_->input), last_->position.offset));
  if (found_.is_lost)
    report.report_loss(fmt::format(
        "{} is not the file that was read up to byte {}, nor is that one beside it: it was "
        "truncated or replaced; reading from its start, and records may be missing",
        visible(job_.inputs[0]), last_->position.offset));
  StateReader from(held_);
  StateReader stages = from.part();
  sequencer.load(pipeline, stages);
  stages.end();
  StateReader written = from.part();
  if (is_appending && last_->output == job_.output) output.load(written);
}

void RunState::take(Inputs& inputs, const Sequencer& sequencer, OutputFile& output, bool is_final) {
  next_.is_final = is_final;
  next_.position = inputs.position_of(0);
  next_.mark =
      mark_of(found_.files[next_.position.file], next_.position.offset, job_.input_options);
  next_.turn = inputs.turn_of_blocks();
  std::string held;
  StateWriter to(held);
  to.part([&] { sequencer.save(to); });
  to.part([&] {
    if (continuation_ == Continuation::appending) output.save(to);
  });
  taken_.clear();
  StateWriter summary(taken_["run"]);
  next_.save(summary);
  taken_["stages"] = sealed(held);
}

void RunState::commit() { file_->commit(taken_); }

}  // namespace riffle
