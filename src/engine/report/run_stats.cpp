#include "engine/report/run_stats.h"

#include <fmt/format.h>

#include "plan/command_text.h"
#include "values/json.h"

namespace riffle {

void RunStats::enter(const Effects& effects, Position last) {
  for (const Arrival& arrival : effects.arrivals)
    if (arrival.position <= last)
      (arrival.step < steps_.size() ? steps_[arrival.step].in : handed_) += arrival.count;
  for (const Reject& reject : effects.rejects) {
    if (reject.position > last) continue;
    rejected_++;
    // And not of a file that a stage reads.
    const bool is_of_run = reject.record().input < job_.inputs.size();
    if (reject.step < steps_.size())
      steps_[reject.step].rejected += is_of_run;
    else if (reject.step == steps_.size())
      unwritten_++;  // the output's format could not take it
    else
      unreadable_ += is_of_run;
  }
  for (const Late& late : effects.late)
    if (late.position <= last && late.step < steps_.size()) steps_[late.step].late++;
  for (const EvaluationError& error : effects.errors) failed_ += error.position <= last;
}

std::uint64_t RunStats::read() const {
  return unreadable_ + (steps_.empty() ? handed_ : steps_[0].in);
}

std::uint64_t RunStats::late() const {
  std::uint64_t late = 0;
  for (const Step& step : steps_) late += step.late;
  return late;
}

bool RunStats::is_window(std::size_t step) const { return job_.stages[step].form->makes_windows; }

std::string RunStats::line() const {
  std::string text = fmt::format("{} {} read", read(), read() == 1 ? "record" : "records");
  if (rejected_ > 0) text += fmt::format(", {} rejected", rejected_);
  if (late() > 0) text += fmt::format(", {} late", late());
  return text + fmt::format(", {} written", handed_ - unwritten_);
}

std::vector<std::string> RunStats::lines_of_windows() const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < steps_.size(); i++)
    if (is_window(i))
      lines.push_back(fmt::format("{}: {} in = {} in windows + {} late + {} rejected",
                                  short_command_of(job_.stages[i]), steps_[i].in,
                                  steps_[i].windowed(), steps_[i].late, steps_[i].rejected));
  return lines;
}

std::string RunStats::summary(ExitStatus status) const {
  std::string json = fmt::format(
      "{{\"status\":{},\"read\":{},\"rejected\":{},\"failed\":{},\"late\":{},\"written\":{},"
      "\"stages\":[",
      static_cast<int>(status), read(), rejected_, failed_, late(), handed_ - unwritten_);
  for (std::size_t i = 0; i < steps_.size(); i++) {
    json += i > 0 ? ",{\"stage\":" : "{\"stage\":";
    json += json_string(job_.stages[i].row->name);
    json += fmt::format(",\"in\":{},\"rejected\":{}", steps_[i].in, steps_[i].rejected);
    if (is_window(i))
      json += fmt::format(",\"windowed\":{},\"late\":{}", steps_[i].windowed(), steps_[i].late);
    json += '}';
  }
  return json + "]}\n";
}

}  // namespace riffle
