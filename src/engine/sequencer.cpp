#include "engine/sequencer.h"

#include <unistd.h>

#include <algorithm>

#include "engine/report/unseen_fields.h"
#include "state/sealed_state.h"

namespace riffle {
namespace {

constexpr Position everything{UINT32_MAX, UINT32_MAX, UINT64_MAX, 0};
constexpr std::uint64_t records_between_judgements = 10000;

bool has_limit(const Job& job, const Plan& plan) {
  const auto fails_on_late = [](const PlannedStep& step) { return step.planned.fails_on_late; };
  return job.strict || job.reject_limit.count ||
         std::any_of(plan.steps.begin(), plan.steps.end(), fails_on_late);
}

// Live inputs, a window that waits for their end, and somebody who looks.
bool hint_is_wanted(const Job& job) {
  const auto waits_for_the_end = [](const Call& call) {
    return call.form->makes_windows && call.form->follows_time &&
           !call.arguments.has(Parameter::Kind::delay);
  };
  const auto is_live = [&](const std::string& input) {
    return connector_of(input).is_live({input, job.live.follow});
  };
  return !job.quiet && isatty(STDERR_FILENO) == 1 &&
         std::any_of(job.stages.begin(), job.stages.end(), waits_for_the_end) &&
         std::any_of(job.inputs.begin(), job.inputs.end(), is_live);
}

}  // namespace

Sequencer::Sequencer(const Job& job, const Pipeline& pipeline, const Format& format,
                     OutputFile& output, RunReport& report, Restart& restart)
    : job_(job),
      plan_(pipeline.plan()),
      output_(output),
      report_(report),
      restart_(restart),
      row_by_row_(format.may_reject && has_limit(job, plan_)),
      chain_(
          pipeline, plan_.parallel, plan_.steps.size(),
          [this](Batch b, Effects& effects) { write(b, effects); },
          has_limit(job, plan_)
              ? Chain::Limit([this](const Effects& e) { return report_.limit(e); })
              : Chain::Limit()),
      may_hint_(hint_is_wanted(job)),
      last_(everything),
      seen_(plan_.source->slots().source.size()) {}

bool Sequencer::accept(Work work) {
  if (work.status == InputStatus::truncated && !work.has_more && !stopped_)
    report_.note(job_.inputs[work.input] + " was truncated; reading it from the beginning");
  has_ended_within_block_ |= work.ends_run;
  if (work.ends_run)
    stop_at(work.last.value_or(last_));
  else
    process(work);
  if (work.has_more && !stopped_) return true;
  note(work);
  if (work.flush && !stopped_) output_.flush();
  if (may_hint_) hint_at_delay();
  if (!stopped_ && restart_.is_due(++blocks_)) restart();
  return !stopped_;
}

void Sequencer::process(Work& work) {
  try {
    if (job_.reject_limit.percent)
      accept_in_parts(work);
    else
      accept_part(work, std::move(work.batch), std::move(work.effects));
  } catch (const Abandoned& abandoned) {
    throw stopped_within(abandoned.stage);
  }
}

void Sequencer::stop_at(Position last) {
  last_ = last;
  stopped_ = true;
}

void Sequencer::restart() {
  std::string state;
  StateWriter to(state);
  chain_.save(to);
  state = sealed(state);
  StateReader from(opened(state));
  chain_.load(restart_.make(), from);
  from.end();
  output_.restart();
}

void Sequencer::hint_at_delay() {
  constexpr std::chrono::seconds patience(5);
  if (std::chrono::steady_clock::now() - started_ < patience) return;
  may_hint_ = false;
  report_.note(
      "windows close when the input ends; with window --delay 5s they close as time passes, 5 "
      "seconds after the newest record");
}

// --max-rejects P% is judged every 10,000 records, wherever blocks begin.
void Sequencer::accept_in_parts(Work& work) {
  std::size_t done = 0;
  Effects effects = std::move(work.effects);
  const std::vector<Position>& all = work.positions;
  while (done < all.size() && !stopped_) {
    const std::uint64_t until_judgement =
        records_between_judgements - report_.records() % records_between_judgements;
    const std::size_t next = std::min<std::size_t>(all.size(), done + until_judgement);
    const Position last = all[next - 1];
    Batch part = work.batch;
    std::erase_if(part.rows, [&](Row row) {
      const Position position = part.position(row);
      return position > last || (done > 0 && position <= all[done - 1]);
    });
    accept_part(work, std::move(part), effects.until(last));
    // What lies after a stop has not happened.
    for (std::size_t i = done; i < next; i++) report_.count_records(all[i] <= last_);
    if (report_.records() % records_between_judgements == 0 && report_.past_percentage()) {
      report_.stop();
      stopped_ = true;
    }
    done = next;
  }
}

void Sequencer::accept_part(Work& work, Batch batch, Effects effects) {
  chain_.begin(std::move(effects));
  if (work.written)
    output_.write_formatted(work.text);
  else
    chain_.process(std::move(batch));
  // Whichever comes first: what a stage had enough of, or what a limit does not allow.
  const auto limited = chain_.limited_at(), enough = chain_.stopped_after();
  if (enough && (!limited || *enough < *limited)) {
    stop_at(*enough);
  } else if (limited) {
    stop_at(*limited);
    report_.stop();
  }
  report_.enter(chain_.take_effects(), last_);
  report_.show_progress();
}

void Sequencer::write(const Batch& batch, Effects& effects) {
  const std::size_t before = effects.rejects.size();
  write_rows(batch, effects);
  note_step(std::span(effects.rejects).subspan(before), plan_.steps.size());
}

void Sequencer::write_rows(const Batch& batch, Effects& effects) {
  if (plan_.counts) note_arrivals(batch, plan_.steps.size(), effects);
  may_hint_ = may_hint_ && batch.rows.empty();
  if (!row_by_row_ || batch.rows.empty()) {
    output_.write(batch, effects);
    return;
  }
  auto limit = report_.limit(effects);
  Batch one = batch;
  for (const Row row : batch.rows) {
    if (limit && batch.position(row) >= *limit) continue;
    one.rows.assign(1, row);
    const std::size_t rejects = effects.rejects.size();
    output_.write(one, effects);
    if (effects.rejects.size() > rejects) limit = report_.limit(effects);
  }
}

void Sequencer::note(const Work& work) {
  if (inputs_.size() <= work.input) inputs_.resize(work.input + 1);
  InputContent& content = inputs_[work.input];
  content.has_records |= has_happened(work.first_record);
  if (!content.has_rejects && has_happened(work.first_reject))
    content.first_rejected = work.first_rejected;
  content.has_rejects |= has_happened(work.first_reject);
  content.has_braced_text |= has_happened(work.first_braced);
  if (!content.header) content.header = work.header;
  if (read_.format.empty()) read_.format = work.format;
  if (read_.names.empty() && (work.header || has_happened(work.first_record))) {
    read_.names = work.names;
    read_.is_without_header = !job_.input_options.header;
    const std::vector<std::string>& names = read_.names;
    if (job_.is_by_arrival() && std::count(names.begin(), names.end(), "arrival") > 0)
      report_.note(
          "--on arrival is the time at which records are read; --on '`arrival`' is their "
          "field");
  }
  for (std::size_t i = 0; i < work.first_seen.size(); i++)
    if (has_happened(work.first_seen[i])) seen_[i] = true;
}

void Sequencer::finish() {
  if (report_.stopped()) return;
  try {
    chain_.finish();
  } catch (const Abandoned& abandoned) {
    throw stopped_within(abandoned.stage);
  }
  // Not after what a `head` had enough of.
  if (chain_.limited_at() && *chain_.limited_at() <= last_) report_.stop();
  report_.enter(chain_.take_effects(), everything);
  if (report_.past_percentage()) report_.stop();
}

void Sequencer::report_fields() {
  const auto& fields = plan_.source->slots().source;
  const bool any_record =
      std::any_of(inputs_.begin(), inputs_.end(),
                  [](const InputContent& content) { return content.has_records; });
  if (!any_record) return;
  std::vector<std::string> named;
  for (const SourceField& field : fields) named.push_back(field.name.literal);
  std::set<std::string> reported;
  for (std::size_t i = 0; i < fields.size(); i++) {
    const std::string& name = named[i];
    if (seen_[i] || !fields[i].expected || !reported.insert(name).second) continue;
    const std::string whole = written_as_difference(name, named, read_.names);
    if (whole.empty())
      report_.report_unseen_field(name, read_);
    else if (reported.insert(whole).second)
      report_.report_split_field(whole);
  }
}

}  // namespace riffle
