// match: a pattern in a key's records, by event time.
#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

#include "arguments/names.h"
#include "expression/check.h"
#include "records/record.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "stages/time/event_time.h"
#include "time/pattern.h"
#include "time/timers.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

constexpr std::string_view always = "any";  // the step that fits every record

struct Bound {
  Pattern pattern;
  std::vector<ExpressionPtr> defines;  // by step; null: it fits every record
  std::vector<Key> keys;
  std::int64_t span;
  std::shared_ptr<const Shape> shape;  // keys, match_start, match_end, count, the steps
};

// A record, until it is known what it is part of.
struct Event {
  std::int64_t time = 0;
  std::uint64_t fits = 0;  // bit i: step i
  OwnedValue record;
  PatternEnds::End end = {};
};

// A key's records in the order of time, from the first one on that may begin a match.
struct KeyEvents {
  std::vector<OwnedValue> key;
  std::deque<Event> events;
  std::uint64_t first = 0;  // the first event's number
  PatternEnds ends;
  // No match of the first event ends before the event of this number.
  std::uint64_t looked = 0;
  std::optional<PatternMatch> attempt;  // from the first event on
  std::size_t tried = 0;                // events that it has seen
  bool is_due = false;                  // there is a deadline for the first event
  std::size_t waiting = 0;              // events on their way here, and deadlines
  mutable std::size_t number = 0;       // while it is saved
};

class Match : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  Match(Bound bound, EventTimes times, Holder holder)
      : bound_(std::move(bound)),
        times_(std::move(times)),
        places_(bound_.pattern),
        holding_(std::move(holder)) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    const std::vector<Column> keys = values_of(bound_.keys, batch, out.effects);
    const std::vector<std::uint64_t> fits = fits_of(batch, out.effects);
    times_.begin(batch);
    for (const Row row : batch.rows) {
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (!time) continue;
      if (*time < times_.watermark())
        out.effects.late.push_back({batch.position(row), false, "match"});
      else
        put(batch, row, keys, *time, fits[row]);
      times_.advance(batch, *time);
      now_ = batch.position(row);
      if (times_.watermark() != Watermark::none) advance(times_.watermark());
    }
    times_.end(batch);
    if (times_.watermark() != Watermark::none) advance(times_.watermark());
    account();
    emit(out);
  }

  void finish(Output& out) override {
    holding_.disable_spilling();
    now_ = {};
    while (!waiting_.empty() || !deadlines_.empty()) happen_next();
    emit(out);
  }

  // Between two batches nothing that was found waits to be emitted.
  void save(StateWriter& to) const override {
    to.begin("match", 1);
    times_.save(to);
    to.number(next_);
    to.number(now_);
    to.count(keys_.size());
    std::size_t number = 0;
    for (const auto& [text, key] : keys_) {
      key.number = number++;
      to.text(text);
      save_key(key, to);
    }
    to.count(waiting_.size());
    for (const auto& timer : waiting_.all()) {
      to.number(timer.due);
      to.count(timer.what.key->number);
      save_event(*timer.what.event, to);
    }
    to.count(deadlines_.size());
    for (const auto& timer : deadlines_.all()) {
      to.number(timer.due);
      to.count(timer.what->number);
    }
  }
  void load(StateReader& from) override {
    from.begin("match", 1);
    times_.load(from);
    next_ = from.number<std::uint64_t>();
    now_ = from.number<Position>();
    std::vector<KeyEvents*> keys;
    for (std::size_t left = from.count(); left > 0; left--) {
      keys.push_back(&keys_[std::string(from.text())]);
      load_key(*keys.back(), from);
    }
    const auto key_at = [&] {
      const auto number = from.number<std::uint64_t>();
      if (number >= keys.size()) throw StateReader::damaged();
      keys[number]->waiting++;
      return keys[number];
    };
    for (std::size_t left = from.count(); left > 0; left--) {
      const Due due = from.number<Due>();
      KeyEvents* const key = key_at();
      waiting_.add(due, {key, std::make_shared<Event>(load_event(from))});
    }
    for (std::size_t left = from.count(); left > 0; left--) {
      const Due due = from.number<Due>();
      deadlines_.add(due, key_at());
    }
    account();
  }

 private:
  struct Due {
    std::int64_t moment = 0;
    std::uint64_t number = 0;

    auto operator<=>(const Due&) const = default;
  };
  // A record that waits until none before it can come any more.
  struct Waiting {
    KeyEvents* key = nullptr;
    std::shared_ptr<Event> event;
  };
  struct Found {
    std::vector<OwnedValue> key;
    std::vector<Event> events;
    std::vector<std::uint32_t> steps;
    Position where;  // the record at which it came out
  };

  void account() {
    holding_.set(held_ + waiting_.size() * sizeof(Timers<Waiting, Due>::Timer) +
                 keys_.size() * (sizeof(KeyEvents) + 8 * sizeof(void*)));
  }

  static void save_event(const Event& event, StateWriter& to) {
    to.number(event.time);
    to.number(event.fits);
    event.record.save(to);
    to.number(event.end.latest_begin.has_value());
    to.number(event.end.latest_begin.value_or(0));
    to.number(event.end.is_barrier);
  }
  Event load_event(StateReader& from) {
    Event event;
    event.time = from.number<std::int64_t>();
    event.fits = from.number<std::uint64_t>();
    event.record.load(from);
    const bool has_begin = from.number<bool>();
    const auto begin = from.number<std::uint64_t>();
    if (has_begin) event.end.latest_begin = begin;
    event.end.is_barrier = from.number<bool>();
    held_ += sizeof(Event) + event.record.held();
    return event;
  }

  static void save_key(const KeyEvents& key, StateWriter& to) {
    to.count(key.key.size());
    for (const OwnedValue& value : key.key) value.save(to);
    to.count(key.events.size());
    for (const Event& event : key.events) save_event(event, to);
    to.number(key.first);
    key.ends.save(to);
    to.number(key.looked);
    to.number(key.attempt.has_value());
    if (key.attempt) key.attempt->save(to);
    to.count(key.tried);
    to.number(key.is_due);
  }
  void load_key(KeyEvents& key, StateReader& from) {
    for (std::size_t left = from.count(sizeof(Value)); left > 0; left--)
      key.key.emplace_back().load(from);
    for (std::size_t left = from.count(); left > 0; left--) key.events.push_back(load_event(from));
    key.first = from.number<std::uint64_t>();
    key.ends.load(from);
    key.looked = from.number<std::uint64_t>();
    if (from.number<bool>()) key.attempt.emplace(bound_.pattern, places_).load(from);
    key.tried = from.number<std::uint64_t>();
    if (key.attempt && key.tried > key.events.size()) throw StateReader::damaged();
    key.is_due = from.number<bool>();
  }

  std::vector<std::uint64_t> fits_of(Batch& batch, Effects& effects) const {
    std::vector<std::uint64_t> fits(batch.size);
    Evaluation evaluation{batch, effects};
    for (std::size_t step = 0; step < bound_.defines.size(); step++) {
      std::vector<Row> rows = batch.rows;
      if (bound_.defines[step]) bound_.defines[step]->keep_true(evaluation, rows);
      for (const Row row : rows) fits[row] |= std::uint64_t{1} << step;
    }
    return fits;
  }

  void put(const Batch& batch, Row row, const std::vector<Column>& keys, std::int64_t time,
           std::uint64_t fits) {
    text_.clear();
    for (const Column& key : keys) append_key(key[row], text_);
    auto& of_key = keys_[text_];
    if (of_key.key.empty())
      for (const Column& key : keys) of_key.key.emplace_back(key[row]);
    auto event = std::make_shared<Event>(Event{time, fits, {}});
    if (fits != 0) {  // or else it only breaks a match
      members(batch, row, *batch.memory, members_);
      event->record.assign(map_value(members_));
    }
    held_ += sizeof(Event) + event->record.held();
    of_key.waiting++;
    waiting_.add({time, next_++}, {&of_key, std::move(event)});
  }

  // Records before the watermark are in order now: what comes is not earlier.
  void advance(std::int64_t watermark) {
    while ((!waiting_.empty() && waiting_.next().due.moment < watermark) ||
           (!deadlines_.empty() && deadlines_.next().due.moment < watermark))
      happen_next();
  }

  void happen_next() {
    if (waiting_.empty() ||
        (!deadlines_.empty() && deadlines_.next().due.moment < waiting_.next().due.moment)) {
      const auto deadline = deadlines_.take_next();
      deadline.what->waiting--;
      look(*deadline.what, deadline.due.moment, true);
      return forget(deadline.what);
    }
    const auto first = waiting_.take_next();
    KeyEvents& key = *first.what.key;
    Event& event = *first.what.event;
    key.waiting--;
    event.end =
        key.ends.add(event.fits, key.first + key.events.size(), key.first, bound_.pattern, places_);
    key.events.push_back(std::move(event));
    look(key, first.due.moment, false);
    forget(&key);
  }

  std::int64_t deadline_of(const Event& event) const {
    std::int64_t moment = 0;
    return __builtin_add_overflow(event.time, bound_.span, &moment) ? INT64_MAX : moment;
  }

  enum class Outlook { none, unknown, hopeful };

  // Whether a match of the first event, if any, ends up to the deadline: from what is known of all
  // matches.
  Outlook outlook(KeyEvents& key, std::int64_t deadline) const {
    key.looked = std::max(key.looked, key.first);
    for (; key.looked - key.first < key.events.size(); key.looked++) {
      const Event& event = key.events[key.looked - key.first];
      if (event.time > deadline) return Outlook::none;
      if (event.end.latest_begin && *event.end.latest_begin >= key.first) return Outlook::hopeful;
      if (event.end.is_barrier) return Outlook::none;
    }
    return Outlook::unknown;
  }

  // Looks for matches in a key's events, as far as is known up to `moment`; `is_past`: all up to
  // there is known.
  void look(KeyEvents& key, std::int64_t moment, bool is_past) {
    while (!key.events.empty()) {
      const std::int64_t deadline = deadline_of(key.events.front());
      const bool is_over = deadline < moment || (is_past && deadline <= moment);
      const Outlook expected = key.attempt ? Outlook::hopeful : outlook(key, deadline);
      if (expected == Outlook::none || (expected == Outlook::unknown && is_over)) {
        drop_first(key);
        continue;
      }
      if (expected == Outlook::hopeful) {
        try_first(key, deadline);
        if (key.attempt->is_decided() || is_over) {
          take(key);
          continue;
        }
      }
      return wait(key, deadline);
    }
  }

  void try_first(KeyEvents& key, std::int64_t deadline) {
    if (!key.attempt) key.attempt.emplace(bound_.pattern, places_), key.tried = 0;
    while (key.tried < key.events.size() && !key.attempt->is_decided() &&
           key.events[key.tried].time <= deadline)
      key.attempt->add(key.events[key.tried++].fits);
  }

  void wait(KeyEvents& key, std::int64_t deadline) {
    if (std::exchange(key.is_due, true)) return;
    key.waiting++;
    deadlines_.add({deadline, next_++}, &key);
  }

  // What the attempt found, or else its first event, is done with.
  void take(KeyEvents& key) {
    const std::vector<std::uint32_t> steps = key.attempt->matched();
    key.attempt.reset();
    Found found{key.key, {}, steps, now_};
    for (std::size_t i = 0; i < std::max<std::size_t>(1, steps.size()); i++)
      found.events.push_back(drop_first(key));
    if (!steps.empty()) found_.push_back(std::move(found));
  }

  Event drop_first(KeyEvents& key) {
    Event first = std::move(key.events.front());
    held_ -= sizeof(Event) + first.record.held();
    key.events.pop_front();
    key.first++;
    key.is_due = false;
    return first;
  }

  void forget(KeyEvents* key) {
    if (key->waiting > 0 || !key->events.empty()) return;
    std::string text;
    for (const OwnedValue& value : key->key) append_key(value.get(), text);
    keys_.erase(text);
  }

  void emit(Output& out) {
    if (found_.empty()) return;
    Batch result = new_batch(bound_.shape, found_.size());
    result.origin.where = found_.back().where;
    auto* const positions = result.memory->allocate<Position>(found_.size());
    for (std::size_t i = 0; i < found_.size(); i++) positions[i] = found_[i].where;
    result.origin.positions = positions;
    std::vector<Value*> columns;
    for (std::size_t i = 0; i < bound_.shape->fields().size(); i++)
      columns.push_back(result.new_column(static_cast<Slot>(i)));
    for (const Row row : result.rows) fill(found_[row], row, columns, *result.memory);
    found_.clear();
    out.emit(std::move(result));
  }

  void fill(const Found& found, Row row, const std::vector<Value*>& columns, Memory& memory) const {
    std::size_t column = 0;
    const auto set = [&](const Value& value) { columns[column++][row] = value; };
    for (const OwnedValue& key : found.key) set(deep_copy(key.get(), memory));
    set(time_value(found.events.front().time));
    set(time_value(found.events.back().time));
    set(integer_value(static_cast<std::int64_t>(found.events.size())));
    for (std::size_t step = 0; step < bound_.pattern.steps().size(); step++) {
      std::vector<Value> records;
      for (std::size_t i = 0; i < found.events.size(); i++)
        if (found.steps[i] == step)
          records.push_back(deep_copy(found.events[i].record.get(), memory));
      set(list_value(memory.copy(std::span<const Value>(records))));
    }
  }

  Bound bound_;
  EventTimes times_;
  std::map<std::string, KeyEvents, std::less<>> keys_;
  Timers<Waiting, Due> waiting_;
  // Of a key's attempt, which can use nothing that comes later.
  Timers<KeyEvents*, Due> deadlines_;
  PatternPlaces places_;
  std::uint64_t next_ = 0;
  std::vector<Found> found_;  // not yet emitted
  Position now_;
  std::size_t held_ = 0;
  std::string text_;
  std::vector<Member> members_;
  Holding holding_;
};

Pattern pattern_of(const Setup& setup) {
  try {
    return Pattern(setup.arguments.text("PATTERN"));
  } catch (const std::invalid_argument& reason) {
    throw usage_error(fmt::format(
        "match: {}; write: match 'failed{{3,}} then ok' --define failed='...' --define ok='...'",
        reason.what()));
  }
}

// The steps' conditions. Each step has one, and each one is a step.
std::vector<ExpressionPtr> defines_of(const Setup& setup, const std::vector<std::string>& steps) {
  std::vector<ExpressionPtr> defines(steps.size());
  for (const Assignment& define : setup.arguments.assignments("--define")) {
    const auto refuse = [&](const std::string& message) {
      throw usage_error_at(fmt::format("match: --define: {}", message),
                           setup.arguments.text("--define"), define.position, define.length);
    };
    const auto step = std::find(steps.begin(), steps.end(), define.name.literal);
    if (define.name.literal == always) refuse("`any` fits every record already");
    if (step == steps.end())
      refuse(fmt::format("no step of the pattern is called '{}'", define.name.literal));
    ExpressionPtr& condition = defines[static_cast<std::size_t>(step - steps.begin())];
    if (condition) refuse(fmt::format("'{}' is defined twice", define.name.literal));
    condition = setup.bind(*define.value, "--define");
  }
  for (std::size_t i = 0; i < steps.size(); i++)
    if (!defines[i] && steps[i] != always)
      throw usage_error(fmt::format(
          "match: no --define says what '{}' is; --define {}='status >= 500'", steps[i], steps[i]));
  return defines;
}

Planned make(Setup& setup) {
  if (setup.shape.window)
    throw usage_error(
        "match: it cannot run inside a window: put it before `window`, or after an aggregation and "
        "`window none`");
  Pattern pattern = pattern_of(setup);
  std::vector<ExpressionPtr> defines = defines_of(setup, pattern.steps());
  EventTimes times(setup, event_time_argument(setup, "--on"), setup.arguments.duration("--delay"),
                   setup.streams);
  std::vector<Key> keys = keys_of(setup, "--by");
  std::vector<Name> names;
  for (const Key& key : keys) names.push_back(key.name);
  for (const std::string_view name : {"match_start", "match_end", "count"})
    names.push_back(literal_name(std::string(name)));
  for (const std::string& step : pattern.steps()) names.push_back(literal_name(step));
  for (std::size_t i = 0; i < names.size(); i++)
    if (const std::string reason = clash(names[i], std::span(names).first(i)); !reason.empty())
      throw usage_error(fmt::format(
          "match: {}: keys, match_start, match_end, count and steps are fields of a match",
          reason));
  setup.shape.slots().rest = true;
  setup.shape = Shape::of_fields(names);
  Bound bound{std::move(pattern), std::move(defines), std::move(keys),
              *setup.arguments.duration("--within"), std::make_shared<const Shape>(setup.shape)};
  return in_order<Match>(std::move(bound), std::move(times), setup.holder());
}

}  // namespace

StageRow match_row() {
  using K = Parameter::Kind;
  StageRow row;
  row.name = "match";
  row.summary = "finds a pattern in a key's records, in the order of their times";
  row.details =
      "A pattern is a regular expression over records: steps with `then` between them, `a | b`, "
      "groups in parentheses, and after a step or group ? * + {n} {n,} {n,m}. --define says of "
      "each step which records fit it; the step `any` fits all. `then` is the very next record of "
      "the key: filter what does not matter before, or allow it with any*. Steps take as many "
      "records as they can. A match begins as early as possible, its last record lies no more than "
      "--within after its first, and the next one begins after it. It becomes one record: "
      "the keys, match_start, match_end, count, and under each step's name the list of its "
      "records. With --delay a match is emitted once the watermark has passed what decides it, "
      "later records than that are counted as late, and records are held for --within; without it "
      "all are held, and matches are emitted at the end of the input.";
  row.add_form(
         {.usage =
              "match PATTERN --within D --on TIME --define NAME=EXPR ... [--by KEYS] [--delay D]",
          .parameters =
              {{"PATTERN", K::pattern, "steps: 'failed{3,} then ok'", true},
               {.name = "--within",
                .kind = K::duration,
                .summary = "how long a match lasts at most",
                .required = true,
                .least = 1},
               {"--on", K::event_time, "the field with the event time, or name = EXPR", true},
               {.name = "--define",
                .kind = K::assignments,
                .summary =
                    "what a step is: NAME=EXPR; once for each, or with commas between several",
                .repeats = true},
               {"--by", K::keys,
                "names, or NAME = EXPR: each key's records are a sequence of their own"},
               {"--delay", K::delay,
                "how far records may be out of order; matches are emitted as time passes"}}},
         make)
      .follows_time = true;
  row.examples = {
      {"match 'failed{2,} then ok' --by user --within 10m --on ts --define failed='event == "
       "\"fail\"' --define ok='event == \"ok\"'",
       "{\"ts\":0,\"user\":1,\"event\":\"fail\"}\n"
       "{\"ts\":5,\"user\":1,\"event\":\"fail\"}\n"
       "{\"ts\":9,\"user\":1,\"event\":\"ok\"}\n",
       "{\"user\":1,\"match_start\":\"1970-01-01T00:00:00Z\",\"match_end\":\"1970-01-01T00:00:"
       "09Z\",\"count\":3,\"failed\":[{\"ts\":0,\"user\":1,\"event\":\"fail\"},{\"ts\":5,\"user\":"
       "1,\"event\":\"fail\"}],\"ok\":[{\"ts\":9,\"user\":1,\"event\":\"ok\"}]}\n"}};
  row.elsewhere = {"match_recognize", "cep"};
  return row;
}

}  // namespace riffle
