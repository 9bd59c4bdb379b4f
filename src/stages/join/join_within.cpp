// join --within: two streams, by event time.

#include <algorithm>
#include <utility>

#include "records/record.h"
#include "stages/fields/record_maker.h"
#include "stages/join/join.h"
#include "stages/join/join_table.h"
#include "stages/time/event_time.h"
#include "time/near_records.h"
#include "values/decode.h"
#include "values/name_index.h"

namespace riffle {
namespace {

// The memory of a batch of the other stream, as long as one of its records may match.
class Piece {
 public:
  Piece(const Batch& batch, std::size_t& held) : memory_(batch.memory), held_(held) {
    if (batch.source.text)
      for (const Row row : batch.rows) source_size_ += batch.source.text[row].size();
  }
  // Of records that were loaded.
  explicit Piece(std::size_t& held) : memory_(std::make_shared<Memory>()), held_(held) {}
  ~Piece() { held_ -= size_; }
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;

  const std::shared_ptr<Memory>& memory() const { return memory_; }
  // Its memory may have grown.
  void count() {
    const std::size_t size = source_size_ + memory_->size();
    held_ += size - size_;
    size_ = size;
  }

 private:
  std::shared_ptr<Memory> memory_;
  std::size_t source_size_ = 0, size_ = 0;
  std::size_t& held_;
};

struct OtherRecord {
  std::span<const Member> members;
  std::shared_ptr<const Piece> piece;
};

// The other stream: read, row by row, as far as the time of the current records needs it.
class OtherStream {
 public:
  // `next`: reads it.
  OtherStream(const JoinSides& sides, EventTimes times, Setup::NextBatch next, Holder holder)
      : next_(std::move(next)),
        keys_(sides.other_keys),
        left_out_(sides.left_out),
        adds_fields_(sides.adds_fields),
        times_(std::move(times)),
        holding_(std::move(holder)) {}

  // Reads until no record up to `moment` can come any more. `cause`: the record for which that is
  // done.
  void read_past(std::int64_t moment, Position cause, Output& out) {
    while (!has_ended_ && times_.watermark() <= moment) {
      if (row_ == batch_.rows.size()) {
        tell_rejects(nullptr, cause, out.effects);
        read();
      } else {
        const Row row = batch_.rows[row_++];
        tell_rejects(&batch_.origin.positions[row], cause, out.effects);
        take(row, cause, out);
      }
    }
  }

  // Its records before this moment match nothing any more.
  void let_go_before(std::int64_t moment) {
    least_ = std::max(least_, moment);
    records_.drop_before(least_);
  }
  // Tells the budget.
  void tell_held() { holding_.set(held_ + records_.held()); }

  // It is read from its beginning again; what had been read of it is left out.
  void save(StateWriter& to) const {
    times_.save(to);
    to.number(has_ended_);
    to.number(done_);
    to.number(least_);
    to.text(example_);
    to.number(example_has_key_);
    records_.save(to, [](const OtherRecord& record, StateWriter& one) {
      one.value(map_value(record.members));
    });
  }
  void load(StateReader& from) {
    times_.load(from);
    has_ended_ = from.number<bool>();
    done_ = skipped_ = from.number<Position>();
    least_ = from.number<std::int64_t>();
    example_ = from.text();
    example_has_key_ = from.number<bool>();
    const auto piece = std::make_shared<Piece>(held_);
    records_.load(from, [&](StateReader& one) {
      const Value members = one.value(*piece->memory());
      if (members.kind != Kind::map) throw StateReader::damaged();
      return OtherRecord{members.map(), adds_fields_ ? piece : nullptr};
    });
    piece->count();
    tell_held();
  }

  const NearRecords<OtherRecord>& records() const { return records_; }
  // Some record's key, for messages; empty: there is no record, or no key.
  const std::string& example() const { return example_; }

 private:
  void read() {
    row_ = 0;
    piece_.reset();
    tell_held();
    rejects_.clear();
    if (!next_(batch_, rejects_)) {
      batch_ = {};
      has_ended_ = true;
      return;
    }
    std::erase_if(batch_.rows, [&](Row row) { return batch_.position(row) <= skipped_; });
    std::erase_if(rejects_, [&](const Reject& reject) { return reject.position <= skipped_; });
    std::stable_sort(rejects_.begin(), rejects_.end(),
                     [](const Reject& a, const Reject& b) { return a.position > b.position; });
    Effects none_fail;  // names alone are evaluated
    times_of_rows_ = times_.evaluate(batch_, none_fail);
    key_columns_ = evaluate(keys_, batch_, none_fail);
  }

  // What could not be read before a row, or in all of the batch: as if the record for which it is
  // read had it.
  void tell_rejects(const Position* before, Position cause, Effects& effects) {
    while (!rejects_.empty() && (!before || rejects_.back().position < *before)) {
      Reject& reject = effects.rejects.emplace_back(std::move(rejects_.back()));
      done_ = std::max(done_, reject.position);
      reject.place = std::exchange(reject.position, cause);
      rejects_.pop_back();
    }
  }

  void take(Row row, Position cause, Output& out) {
    done_ = std::max(done_, batch_.position(row));
    const auto time = time_of(row, cause, out);
    if (!time) return;
    const bool is_late = *time < times_.watermark();
    times_.advance(batch_, *time);
    const std::string_view key = join_key(key_columns_, row, *batch_.memory);
    if (is_late) out.effects.late.push_back({cause, false, "join"});
    if (example_.empty() || (key.data() && !example_has_key_))
      example_ = shown_key(key_columns_, row), example_has_key_ = key.data();
    if (is_late || *time < least_ || !key.data()) return;
    if (!adds_fields_) return records_.add(key, *time, {});
    if (!piece_) piece_ = std::make_shared<Piece>(batch_, held_);
    records_.add(key, *time, {members_of(row), piece_});
    piece_->count();
  }

  // A record without a time is a bad one, where it stands.
  std::optional<std::int64_t> time_of(Row row, Position cause, Output& out) const {
    const std::size_t rejects = out.effects.rejects.size();
    const auto time = times_.time_of(batch_, row, times_of_rows_[row], out.effects);
    for (std::size_t i = rejects; i < out.effects.rejects.size(); i++) {
      Reject& reject = out.effects.rejects[i];
      reject.place = std::exchange(reject.position, cause);
    }
    return time;
  }

  std::span<const Member> members_of(Row row) {
    members(batch_, row, *batch_.memory, members_);
    std::erase_if(members_, [&](const Member& m) {
      return std::binary_search(left_out_.begin(), left_out_.end(), m.name);
    });
    return batch_.memory->copy(std::span<const Member>(members_));
  }

  Setup::NextBatch next_;
  std::vector<ExpressionPtr> keys_;
  std::vector<std::string> left_out_;
  bool adds_fields_;
  EventTimes times_;
  bool has_ended_ = false;
  Batch batch_;
  std::vector<Reject> rejects_;  // of the batch, not yet told; the last one first
  std::size_t row_ = 0;          // the next one, in batch_.rows
  Position done_;                // the last record, or reject, that was taken
  Position skipped_;             // what is up to there was taken before the state was saved
  Column times_of_rows_;
  std::vector<Column> key_columns_;
  std::size_t held_ = 0;  // by pieces
  std::shared_ptr<Piece> piece_;
  NearRecords<OtherRecord> records_;
  std::int64_t least_ = INT64_MIN;  // what lies before matches nothing any more
  std::vector<Member> members_;
  std::string example_;
  bool example_has_key_ = false;
  Holding holding_;
};

struct Bound {
  JoinSides sides;
  std::string prefix;
  std::int64_t span = 0;
  EventTimes times, other_times;
  Setup::OpenInput open_other;
  std::optional<RecordMaker> maker;  // where fields are added
  Holder holder;
};

class JoinWithin : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit JoinWithin(const Bound& bound)
      : kind_(bound.sides.kind),
        keys_(bound.sides.keys),
        prefix_(bound.prefix),
        span_(bound.span),
        times_(bound.times),
        other_(bound.sides, bound.other_times, bound.open_other(), bound.holder),
        maker_(bound.maker),
        names_{bound.holder.name, bound.sides.shown_file(), {}, true} {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    const std::vector<Column> keys = evaluate(keys_, batch, out.effects);
    times_.begin(batch);
    // Few records may become many: in parts, but for batches that tell what happens to windows
    // between their rows.
    const bool is_outside_windows =
        !batch.progress.watermark.rows && batch.progress.window_events.empty();
    std::vector<Row> rows;
    std::vector<OtherRecord> with;
    for (const Row row : batch.rows) {
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (!time) continue;
      const bool is_late = *time < times_.watermark();
      times_.advance(batch, *time);
      let_go();
      if (is_late)
        out.effects.late.push_back({batch.position(row), false, "join"});
      else
        match(batch, row, keys, *time, rows, with, out);
      if (rows.size() < rows_at_once || !is_outside_windows) continue;
      out.emit_piece(made(batch, rows, with));
      rows.clear();
      with.clear();
    }
    times_.end(batch);
    let_go();
    other_.tell_held();
    out.emit(made(std::move(batch), rows, with));
  }

  void save(StateWriter& to) const override {
    to.begin("join --within", 1);
    times_.save(to);
    other_.save(to);
    to.text(names_.key);
    to.number(has_hit_);
    to.number(has_missed_);
  }
  void load(StateReader& from) override {
    from.begin("join --within", 1);
    times_.load(from);
    other_.load(from);
    names_.key = from.text();
    has_hit_ = from.number<bool>();
    has_missed_ = from.number<bool>();
  }

 private:
  static constexpr std::size_t rows_at_once = 16384;

  // What no record can match any more.
  void let_go() {
    if (times_.watermark() != Watermark::none)
      other_.let_go_before(saturated_difference(times_.watermark()));
  }
  std::int64_t saturated_difference(std::int64_t moment) const {
    std::int64_t before = 0;
    return __builtin_sub_overflow(moment, span_, &before) ? INT64_MIN : before;
  }
  std::int64_t saturated_sum(std::int64_t moment) const {
    std::int64_t after = 0;
    return __builtin_add_overflow(moment, span_, &after) ? INT64_MAX : after;
  }

  // Appends the row once for each record that it is joined with.
  void match(const Batch& batch, Row row, std::span<const Column> keys, std::int64_t time,
             std::vector<Row>& rows, std::vector<OtherRecord>& with, Output& out) {
    other_.read_past(saturated_sum(time), batch.position(row), out);
    const std::string_view key = join_key(keys, row, *batch.memory);
    found_.clear();
    if (key.data())
      other_.records().find(key, saturated_difference(time), saturated_sum(time), found_);
    note(batch, row, keys, out.effects);
    const bool alone =
        kind_ == JoinKind::semi ? !found_.empty() : kind_ != JoinKind::inner && found_.empty();
    if (alone) {
      rows.push_back(row);
      with.emplace_back();
    } else if (maker_) {
      for (const OtherRecord* const record : found_) rows.push_back(row), with.push_back(*record);
    }
  }

  // That nothing matches at all is most often a mistake.
  void note(const Batch& batch, Row row, std::span<const Column> keys, Effects& effects) {
    if (other_.example().empty() || (has_hit_ && !found_.empty()) ||
        (has_missed_ && found_.empty()))
      return;
    names_.key = other_.example();
    (found_.empty() ? has_missed_ : has_hit_) = true;
    effects.lookups.push_back({batch.position(row), &names_, !found_.empty(),
                               found_.empty() ? shown_key(keys, row) : std::string()});
  }

  Batch made(Batch batch, const std::vector<Row>& rows, std::span<const OtherRecord> with) const {
    if (!maker_) {
      batch.rows = rows;
      return batch;
    }
    batch = picked(with_own_memory(std::move(batch)), rows);
    for (std::size_t i = 0; i < with.size(); i++)
      if (with[i].piece && (i == 0 || with[i].piece != with[i - 1].piece))
        batch.memory->keep(with[i].piece->memory());
    maker_->make(batch, [&](Row row, std::vector<Member>& record) {
      add_members(with[row].members, *batch.memory, record);
    });
    return batch;
  }

  // A field that the record has already stays as it is.
  void add_members(std::span<const Member> others, Memory& memory,
                   std::vector<Member>& record) const {
    if (others.empty()) return;
    NameIndex own;
    for (const Member& member : record) own.add(member.name);
    for (const Member& other : others) {
      const std::string_view name =
          prefix_.empty() ? other.name : memory.copy(prefix_ + std::string(other.name));
      if (own.find(name) == NameIndex::none) record.push_back({name, other.value});
    }
  }

  JoinKind kind_;
  std::vector<ExpressionPtr> keys_;
  std::string prefix_;
  std::int64_t span_;
  EventTimes times_;
  OtherStream other_;
  std::optional<RecordMaker> maker_;  // where fields are added
  std::vector<const OtherRecord*> found_;
  LookupTable names_;  // for messages
  bool has_hit_ = false, has_missed_ = false;
};

}  // namespace

Planned make_join_within(Setup& setup, JoinSides sides) {
  sides.other.slots().rest = sides.adds_fields;
  const auto delay = setup.arguments.duration("--delay");
  Bound bound{sides,
              setup.arguments.text("--prefix"),
              *setup.arguments.duration("--within"),
              EventTimes(setup, sides.time, delay, setup.streams),
              EventTimes(setup, sides.other_time, delay, Streams()),
              setup.open_input(sides.file, setup.arguments.text("--format"), sides.other),
              std::nullopt,
              setup.holder()};
  if (sides.adds_fields) bound.maker.emplace(setup.shape);
  return in_order<JoinWithin>(std::move(bound));
}

}  // namespace riffle
