#include "stages/time/event_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expression/check.h"
#include "expression/failure.h"
#include "records/record.h"
#include "time/text.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1000000000;

// The characters of a text as the record has them, of others none. (With escapes among them they
// are no time.)
std::string_view written_text(const Value& value) {
  if (value.kind == Kind::json ? value.text[0] == '"'
                               : value.kind == Kind::cell && (value.flags & Value::quoted))
    return value.view().substr(1, value.size - 2);
  return value.kind == Kind::cell ? value.view() : std::string_view();
}

std::optional<std::int64_t> event_time(const Value& value, const Zone& zone, Memory& memory) {
  if (value.kind == Kind::time) return value.integer;
  if (const std::string_view text = written_text(value); !text.empty())
    if (const auto time = parse_time(text, zone)) return time;
  if (const Value number = number_of(value); !number.is_missing())
    return number.kind == Kind::integer ? time_from_number(number.integer, nanoseconds_in_second)
                                        : time_from_number(as_real(number), nanoseconds_in_second);
  return is_nothing(value) ? std::nullopt : parse_time(text_of(value, memory), zone);
}

// When the records were read.
class ArrivalTime : public Expression {
 public:
  explicit ArrivalTime(Site site) : Expression(std::move(site)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row>) const override {
    Batch& batch = evaluation.batch;
    Value* const time = batch.memory->allocate<Value>(1);
    *time = time_value(batch.progress.arrival);
    return {time, 0};
  }
};

// Of windows by arrival: all inputs are read by one clock.
Streams streams_of(Streams inputs, bool by_arrival) {
  inputs.is_single_stream = inputs.is_single_stream || by_arrival;
  return inputs;
}

std::string why_no_event_time(const Value& value) {
  if (!number_of(value).is_missing())
    return "no event time: too large for seconds; time(FIELD, \"ms\") reads another unit";
  const std::string repair = reading_as_time("FIELD", value);
  return repair.empty() ? "no event time" : "no event time: " + repair;
}

}  // namespace

std::vector<Parameter> with_event_time(std::vector<Parameter> own) {
  using K = Parameter::Kind;
  constexpr std::string_view none_is_late = "without it no record is late";
  constexpr std::string_view fires_at_end = "without it windows fire at the end of the input alone";
  const std::vector<Parameter> late = {
      {"--delay", K::delay, "how far records may be out of order; windows close as time passes"},
      {"--max-jump", K::duration, "rejects a record more than D past all before it in its input"},
      {.name = "--on-late",
       .kind = K::choice,
       .summary = "fail stops the run at the first late record; count (default) only counts them",
       .choices = {"count", "fail"},
       .needs = {"--delay"},
       .reason = none_is_late},
      {.name = "--lateness",
       .kind = K::duration,
       .summary = "how long a window that has fired still takes records, and fires again",
       .needs = {"--delay"},
       .reason = fires_at_end},
      {.name = "--early",
       .kind = K::duration,
       .summary = "open windows fire, too, when the watermark passes a multiple of D",
       .least = 1,
       .needs = {"--delay"},
       .reason = fires_at_end},
      {.name = "--panes",
       .kind = K::choice,
       .summary = "what fires again has: accumulate (default) all so far, discard only what is "
                  "new",
       .choices = {"accumulate", "discard"},
       .needs = {"--early", "--lateness"},
       .reason = "without them a window has one pane"},
      {.name = "--late-to",
       .kind = K::file,
       .summary = "writes late records, with their window and lateness",
       .needs = {"--delay"},
       .reason = none_is_late}};
  own.insert(own.begin() + 1,
             {"--on", K::event_time, "the field with the event time, or name = EXPR", true});
  own.insert(own.end(), late.begin(), late.end());
  return own;
}

ExpressionPtr event_time_argument(const Setup& setup, std::string_view flag) {
  if (setup.arguments.is_arrival(flag))
    return std::make_unique<ArrivalTime>(Site{setup.arguments.source(flag), {}, {}, "arrival"});
  const Item& item = setup.arguments.event_time(flag);
  return item.value ? setup.bind(*item.value, flag)
                    : bind_name(item.name, setup.arguments.source(flag), setup.shape);
}

EventTimes::EventTimes(const Setup& setup)
    : EventTimes(setup, event_time_argument(setup, "--on"), setup.arguments.duration("--delay"),
                 setup.streams, setup.arguments.duration("--max-jump")) {}

EventTimes::EventTimes(const Setup& setup, ExpressionPtr time, std::optional<std::int64_t> delay,
                       Streams streams)
    : EventTimes(setup, std::move(time), delay, std::move(streams), std::nullopt) {}

EventTimes::EventTimes(const Setup& setup, ExpressionPtr time, std::optional<std::int64_t> delay,
                       Streams streams, std::optional<std::int64_t> max_jump)
    : stage_(setup.stage),
      time_(std::move(time)),
      zone_(setup.settings.zone),
      delay_(delay || !setup.arguments.is_arrival("--on") ? delay : 0),
      max_jump_(max_jump),
      delay_text_(visible(setup.arguments.text("--delay"))),
      streams_(streams.count()),
      is_single_stream_(streams.is_single_stream),
      by_arrival_(setup.arguments.is_arrival("--on")),
      tracker_(streams_of(std::move(streams), by_arrival_), delay_.value_or(0)),
      greatest_(streams_) {}

void EventTimes::reject(const Batch& batch, Row row, std::string_view reason,
                        Effects& effects) const {
  effects.rejects.push_back(rejected(batch, row, stage_, reason));
}

std::string EventTimes::closing() const {
  if (!delay_) return "at the end of the input";
  if (by_arrival_)
    return delay_text_.empty()
               ? "each when the clock reaches its end"
               : fmt::format("each {} after the clock has reached its end", delay_text_);
  return fmt::format("each when the watermark, the greatest event time less {}, reaches its end{}",
                     delay_text_,
                     streams_ > 1 && !is_single_stream_ ? ", and all inputs have begun" : "");
}

void EventTimes::end(const Batch& batch) {
  follow_clock(batch.progress.arrival);
  if (batch.progress.input == InputStatus::idle) tracker_.set_idle(stream_of(batch));
  // The other inputs of a stream go on.
  if (batch.progress.input == InputStatus::ended && streams_ > 1) tracker_.end(stream_of(batch));
}

// While all inputs are silent, event time goes on with the clock from the last record's.
void EventTimes::follow_clock(std::int64_t arrival) {
  if (by_arrival_) return tracker_.go_on(arrival);
  if (last_ != tracker_.greatest()) {
    last_ = tracker_.greatest();
    last_arrival_ = arrival;
  }
  std::int64_t time = 0;
  if (last_ != WatermarkTracker::none && tracker_.are_all_idle() &&
      !__builtin_add_overflow(last_, arrival - last_arrival_, &time))
    tracker_.go_on(time);
}

Column EventTimes::evaluate(Batch& batch, Effects& effects) const {
  Evaluation evaluation{batch, effects};
  return time_->evaluate(evaluation, batch.rows);
}

std::optional<std::int64_t> EventTimes::time_of(const Batch& batch, Row row, const Value& value,
                                                Effects& effects) const {
  const auto time = event_time(value, zone_, *batch.memory);
  if (!time) reject(batch, row, why_no_event_time(value), effects);
  return time;
}

bool EventTimes::jumps_too_far(std::int64_t time, const Batch& batch, Row row, Effects& effects) {
  std::optional<std::int64_t>& greatest = greatest_[is_single_stream_ ? 0 : stream_of(batch)];
  std::int64_t limit = 0;
  if (greatest && !__builtin_add_overflow(*greatest, *max_jump_, &limit) && time > limit) {
    reject(batch, row, "event time is more than --max-jump past the ones before", effects);
    return true;
  }
  greatest = std::max(time, greatest.value_or(time));
  return false;
}

void EventTimes::save(StateWriter& to) const {
  to.begin("event time", 1);
  tracker_.save(to);
  to.number(last_);
  to.number(last_arrival_);
  for (const std::optional<std::int64_t>& greatest : greatest_) {
    to.number(greatest.has_value());
    to.number(greatest.value_or(0));
  }
}

void EventTimes::load(StateReader& from) {
  from.begin("event time", 1);
  tracker_.load(from);
  last_ = from.number<std::int64_t>();
  last_arrival_ = from.number<std::int64_t>();
  for (std::optional<std::int64_t>& greatest : greatest_) {
    const bool has_value = from.number<bool>();
    greatest = from.number<std::int64_t>();
    if (!has_value) greatest.reset();
  }
}

void set_bounds(Batch& batch, const std::vector<Row>& rows, const std::vector<Bounds>& windows,
                const WindowFields& fields) {
  Value* const starts = batch.new_values();
  Value* const ends = batch.new_values();
  for (std::size_t i = 0; i < rows.size(); i++) {
    starts[rows[i]] = time_value(windows[i].start);
    ends[rows[i]] = time_value(windows[i].end);
  }
  batch.columns[fields.start] = {starts};
  batch.columns[fields.end] = {ends};
}

bool fails_on_late(const Setup& setup) { return setup.arguments.text("--on-late") == "fail"; }

LateRecords::LateRecords(Setup& setup) : fails_(fails_on_late(setup)) {
  if (!setup.arguments.has("--late-to")) return;
  Shape shape = setup.shape;
  fields_ = {shape.slots().add(), shape.slots().add()};
  lateness_ = shape.slots().add();
  shape.edit({Edit::Kind::set, literal_name("window_start"), fields_.start, {}});
  shape.edit({Edit::Kind::set, literal_name("window_end"), fields_.end, {}});
  shape.edit({Edit::Kind::set, literal_name("lateness"), lateness_, {}});
  file_ = setup.open_sink(setup.arguments.text("--late-to"), shape);
  shape_ = std::make_shared<const Shape>(shape);
}

void LateRecords::add(const Batch& batch, Row row, Bounds window, std::int64_t watermark,
                      Rows& late, Effects& effects) const {
  effects.late.push_back({batch.position(row), fails_});
  late.rows.push_back(row);
  late.windows.push_back(window);
  late.lateness.push_back(std::max<std::int64_t>(0, watermark - window.end));
}

void LateRecords::write(const Batch& batch, const Rows& late, Effects& effects) const {
  if (late.rows.empty() || !file_) return;
  Batch written = batch;
  written.shape = shape_;
  written.rows = late.rows;
  set_bounds(written, late.rows, late.windows, fields_);
  Value* const lateness = written.new_values();
  for (std::size_t i = 0; i < late.rows.size(); i++)
    lateness[late.rows[i]] = duration_value(late.lateness[i]);
  written.columns[static_cast<std::size_t>(lateness_)] = {lateness};
  file_->write(written, effects);
}

}  // namespace riffle
