#include "engine/report/run_report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "connectors/messages.h"
#include "connectors/status_line.h"
#include "expression/expression.h"
#include "text/nearest.h"
#include "text/width.h"
#include "values/json.h"

namespace riffle {
namespace {

constexpr std::uint64_t shown_rejects = 5;
constexpr std::size_t snippet_length = 80;
constexpr std::chrono::seconds progress_on_terminal(1), progress_elsewhere(10);

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", n, n == 1 ? singular : plural);
}

// A reject as a line of the rejects file. Bytes that are no UTF-8 become U+FFFD: the line must be
// JSON.
void write_reject(const Reject& reject, std::string_view file, TextBuffer& out) {
  const auto field = [&out](std::string_view name, std::string_view text) {
    out.append("\"").append(name).append("\":");
    write_json_string(as_utf8(text), out);
  };
  out += '{';
  field("file", file);
  const Position place = reject.record();
  out += fmt::format(",\"line\":{},\"offset\":{},", place.line, place.offset);
  field("stage", reject.stage);
  out += ',';
  field("reason", reject.reason);
  out += ',';
  field("raw", reject.raw);
  out += "}\n";
}

}  // namespace

RunReport::RunReport(const Job& job)
    : job_(job), inputs_(job.inputs), stats_(job), on_terminal_(isatty(STDERR_FILENO) == 1) {
  if (!job.summary.empty()) summary_file_ = connector_of(job.summary).create({job.summary});
  if (!job.rejects.empty()) rejects_file_ = connector_of(job.rejects).create({job.rejects});
}

RunReport::~RunReport() { status_line().clear(); }

std::optional<Position> RunReport::limit(const Effects& effects) const {
  std::vector<Position> rejects;
  for (const Reject& reject : effects.rejects) rejects.push_back(reject.position);
  std::sort(rejects.begin(), rejects.end());
  const std::uint64_t allowed = job_.strict ? 0 : job_.reject_limit.count.value_or(UINT64_MAX);
  std::optional<Position> first;
  const std::uint64_t left = allowed - std::min(allowed, rejected_);
  if (rejects.size() > left) first = rejects[left];
  if (job_.strict)
    for (const EvaluationError& error : effects.errors)
      if (!first || error.position < *first) first = error.position;
  for (const Late& late : effects.late)
    if (late.fails && (!first || late.position < *first)) first = late.position;
  return first;
}

void RunReport::show_progress() {
  if (!job_.progress) return;
  const auto now = Clock::now();
  if (now - shown_ < (on_terminal_ ? progress_on_terminal : progress_elsewhere)) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const std::string line = fmt::format("{}; {:.0f} s, {:.0f} a second", stats_.line(), seconds,
                                       static_cast<double>(stats_.read()) / seconds);
  if (!on_terminal_) return say({.kind = "progress", .message = line, .shown = "riffle: " + line});
  status_line().show("riffle: " + line);
}

void RunReport::enter(Effects effects, Position last) {
  stats_.enter(effects, last);
  std::stable_sort(effects.rejects.begin(), effects.rejects.end(),
                   [](const Reject& a, const Reject& b) { return a.position < b.position; });
  for (const Reject& reject : effects.rejects)
    if (reject.position <= last) enter_reject(reject);
  for (const EvaluationError& error : effects.errors)
    if (error.position <= last) enter_failure(error);
  for (const Late& late : effects.late) {
    if (late.position > last) continue;
    if (late.stage.empty())
      late_++;
    else
      late_for_[std::string(late.stage)]++;
    late_fails_ |= late.fails;
  }
  for (Lookup& lookup : effects.lookups) {
    if (lookup.position > last) continue;
    auto known = std::find_if(lookups_.begin(), lookups_.end(),
                              [&](const auto& l) { return l.first == lookup.table; });
    if (known == lookups_.end()) known = lookups_.insert(known, {lookup.table, {}});
    if (lookup.found && !known->second.found) known->second.clashes = std::move(lookup.clashes);
    known->second.found |= lookup.found;
    if (known->second.key.empty()) known->second.key = std::move(lookup.key);
  }
  for (Sighting& sighting : effects.sightings) {
    if (sighting.position > last) continue;
    auto known = std::find_if(watched_.begin(), watched_.end(),
                              [&](const auto& w) { return w.first == sighting.watch; });
    if (known == watched_.end())
      known = watched_.insert(known, {static_cast<const WatchedField*>(sighting.watch), {}});
    known->second.found |= sighting.found;
    if (known->second.names.empty()) known->second.names = std::move(sighting.names);
  }
  for (const WindowSize& size : effects.window_sizes) {
    if (size.position > last) continue;
    auto known = std::find_if(window_sizes_.begin(), window_sizes_.end(),
                              [&](const WindowSizes& w) { return w.step == size.step; });
    if (known == window_sizes_.end()) known = window_sizes_.insert(known, {size.step, size.stage});
    (size.is_one ? known->of_one : known->of_more)++;
  }
  for (Keeping& keeping : effects.keepings) {
    if (keeping.position > last) continue;
    Keepings& known = keepings_[keeping.step];
    known.kept |= keeping.kept;
    if (keeping.reason.empty() || (!known.reason.empty() && keeping.position > known.first))
      continue;
    known.first = keeping.position;
    known.reason = std::move(keeping.reason);
  }
  left_out_ += effects.left_out;
  if (rejects_file_ && !rejects_text_.empty()) {
    rejects_file_->write(rejects_text_);
    rejects_text_.clear();
  }
}

void RunReport::enter_failure(const EvaluationError& error) {
  failed_++;
  auto known = std::find_if(failures_.begin(), failures_.end(),
                            [&](const auto& f) { return f.first == error.site; });
  if (known == failures_.end())
    known = failures_.insert(known, {error.site, {0, error.record(), {}}});
  Failures& failures = known->second;
  failures.count++;
  if (error.record() > failures.first) return;
  if (error.record() < failures.first) failures.reason.clear();
  failures.first = error.record();
  if (error.reason && failures.reason.empty()) failures.reason = *error.reason;
}

void RunReport::enter_reject(const Reject& reject) {
  rejected_++;
  if (rejects_file_) write_reject(reject, inputs_[reject.record().input], rejects_text_);
  if (job_.quiet || rejected_ > shown_rejects) return;
  const Position position = reject.record();
  say({.kind = "reject",
       .message = std::string(reject.reason),
       .stage = std::string(reject.stage),
       .file = position.line > 0 ? inputs_[position.input] : std::string(),
       .line = position.line,
       .shown = fmt::format("{}: {}: {}", place(position), reject.reason,
                            visible(reject.raw, snippet_length))});
}

bool RunReport::past_percentage() const {
  return job_.reject_limit.percent &&
         static_cast<double>(rejected_) * 100 >
             *job_.reject_limit.percent * static_cast<double>(records_);
}

void RunReport::report_unseen_field(const std::string& name, const ReadFields& seen,
                                    const std::string& file) {
  unseen_field_ = true;
  const std::string mistake = mistaken_for_name(job_, name, seen.names);
  failed_name_ = failed_name_ || !mistake.empty();
  tell({.kind = "unseen_field",
        .message = fmt::format("no record {}has a field '{}'{}",
                               file.empty() ? std::string() : fmt::format("of {} ", file), name,
                               mistake.empty() ? hint_on_name(job_, name, seen) : "; " + mistake),
        .file = file});
}

void RunReport::report_split_field(const std::string& name) {
  unseen_field_ = true;
  tell(
      {.kind = "unseen_field",
       .message = fmt::format("'{0}' was taken for a difference; the field of that name is written "
                              "`{0}`, in backquotes",
                              name)});
}

void RunReport::tell(const Message& message) const {
  if (!job_.quiet) say(message);
}

void RunReport::note(const std::string& message) const {
  tell({.kind = "note", .message = message});
}

void RunReport::report_loss(const std::string& message) {
  has_lost_ = true;
  tell({.kind = "lost", .message = message});
}

std::string RunReport::place(Position position) const {
  if (position.line == 0) return "at the end of the input";
  const std::string& name = inputs_[position.input];
  return fmt::format("{}:{}", name == "-" ? "stdin" : visible(name), position.line);
}

void RunReport::close() {
  status_line().clear();
  if (rejected_ > shown_rejects)
    tell({.kind = "reject",
          .message = fmt::format("{} rejected, of which the first {} are shown",
                                 counted(rejected_, "record", "records"), shown_rejects),
          .count = rejected_});
  report_watched();
  report_failures();
  report_lookups();
  report_window_sizes();
  report_keepings();
  if (late_ > 0)
    tell({.kind = "late",
          .message = fmt::format("{} came after {} windows had closed",
                                 counted(late_, "record", "records"), late_ == 1 ? "its" : "their"),
          .count = late_});
  for (const auto& [stage, count] : late_for_)
    tell({.kind = "late",
          .message =
              fmt::format("{} came later than --delay allows", counted(count, "record", "records")),
          .stage = stage,
          .count = count});
  if (left_out_ > 0)
    tell({.kind = "note",
          .message =
              fmt::format("{} without a column left out", counted(left_out_, "value", "values")),
          .count = left_out_});
  if (stopped_)
    tell({.kind = "stopped",
          .message = late_fails_   ? "stopped: --on-late fail allows no late record"
                     : job_.strict ? "stopped: --strict allows no such record"
                                   : "stopped: more records rejected than --max-rejects allows"});
  if (job_.progress) {
    std::vector<std::string> lines = stats_.lines_of_windows();
    lines.insert(lines.begin(), stats_.line());
    for (const std::string& line : lines)
      say({.kind = "progress", .message = line, .shown = "riffle: " + line});
  }
  if (rejects_file_) rejects_file_->publish();
  if (!summary_file_) return;
  summary_file_->write(stats_.summary(status()));
  summary_file_->publish();
}

void RunReport::report_failures() {
  if (job_.quiet) return;
  std::stable_sort(failures_.begin(), failures_.end(),
                   [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
  for (const auto& [key, failure] : failures_) {
    const Site& site = *static_cast<const Site*>(key);
    const std::string reason = (failure.reason.empty() ? "" : ": ") + failure.reason;
    say({.kind = "failure",
         .message = fmt::format("{} failed{}", site.description(), reason),
         .stage = site.text->stage,
         .file = failure.first.line > 0 ? inputs_[failure.first.input] : std::string(),
         .line = failure.first.line,
         .count = failure.count,
         .shown = fmt::format("riffle: {}: {} failed for {}, first {}{}{}", site.text->stage,
                              site.description(), counted(failure.count, "record", "records"),
                              failure.first.line ? "at " : "", place(failure.first), reason)});
  }
}

// That nothing matched at all is most often a mistake, and so are fields that stay as they were.
void RunReport::report_lookups() {
  constexpr std::size_t shown_names = 4;
  for (const auto& [table, lookups] : lookups_) {
    if (!lookups.clashes.empty())
      note(fmt::format(
          "{}: records keep their own {}, which {} has too; --prefix P adds those as P{}",
          table->stage, listed(lookups.clashes, shown_names), table->file,
          lookups.clashes.front()));
    if (lookups.found || stopped_) continue;
    const std::string what = fmt::format("no record matches one of {}{}", table->file,
                                         table->by_time ? " in key and time" : "");
    const std::string keys = fmt::format("a key there is {}, here {}", table->key, lookups.key);
    tell({.kind = "unmatched",
          .message = fmt::format("{}: {}", what, keys),
          .stage = std::string(table->stage),
          .shown = visible(fmt::format("riffle: {}: {}; {}", table->stage, what, keys))});
  }
}

void RunReport::report_window_sizes() {
  for (const WindowSizes& sizes : window_sizes_)
    if (sizes.of_one > 1 && sizes.of_more == 0)
      tell({.kind = "note",
            .message = fmt::format("every window had one record, so it changed nothing; to take "
                                   "all windows together: window none then {}",
                                   sizes.stage),
            .stage = std::string(sizes.stage)});
}

// That nothing was kept, where the kinds of values say why.
void RunReport::report_keepings() {
  for (const auto& [step, keepings] : keepings_)
    if (!keepings.kept && !stopped_)
      tell({.kind = "unmatched",
            .message = "no record is kept: " + keepings.reason,
            .stage = std::string(job_.stages[step].row->name)});
}

void RunReport::report_watched() {
  for (const auto& [field, sightings] : watched_) {
    if (sightings.found) continue;
    if (!field->is_pattern) {
      report_unseen_field(field->name.literal, {sightings.names});
      continue;
    }
    unseen_field_ = true;
    tell({.kind = "unseen_field",
          .message = fmt::format("no field of a record matches '{}'", field->name.literal)});
  }
}

ExitStatus RunReport::status() const {
  const bool rejected = rejected_ > 0 || failed_ > 0 || failed_name_ || has_lost_ || stopped_ ||
                        (job_.strict && unseen_field_);
  return rejected ? ExitStatus::rejected : ExitStatus::ok;
}

}  // namespace riffle
