// The event times of the records that come to a stage: read, held against --max-jump, and followed
// by the watermark; and what becomes of records that come late to their windows. One thread at a
// time, where it says no other.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/sink.h"
#include "stages/stage.h"
#include "time/watermark.h"
#include "time/window.h"

namespace riffle {

// A signature's parameters and those of windows that follow event time: --on after the positional
// one, then its own, then --delay and what becomes of records that are late.
std::vector<Parameter> with_event_time(std::vector<Parameter> own);

// What a flag says that names the field with the event time, or has NAME = EXPR for it; or arrival:
// when the record was read.
ExpressionPtr event_time_argument(const Setup& setup, std::string_view flag);

// Whether a late record stops the run: --on-late.
bool fails_on_late(const Setup& setup);

class EventTimes {
 public:
  // As --on, --max-jump and --delay say. Throws Error (usage).
  explicit EventTimes(const Setup& setup);
  // `streams`: the run's, or one that is not of its inputs.
  EventTimes(const Setup& setup, ExpressionPtr time, std::optional<std::int64_t> delay,
             Streams streams);

  // Records arrive in the order of their times: by arrival there is always a delay, if none is
  // given of 0.
  bool has_delay() const { return delay_.has_value(); }
  // Whether it remembers records: nothing of it is shared by threads then.
  bool looks_back() const { return delay_ || max_jump_; }
  // When windows close, for --explain.
  std::string closing() const;

  // For the living rows.
  Column evaluate(Batch& batch, Effects& effects) const;
  // One record's; without one it is rejected. Threads may share this.
  std::optional<std::int64_t> time_of(const Batch& batch, Row row, const Value& value,
                                      Effects& effects) const;

  // Before a batch's records: its input is read now. After them: what became of the input.
  void begin(const Batch& batch) { tracker_.begin(stream_of(batch)); }
  void end(const Batch& batch);
  // The stage rejects the record.
  void reject(const Batch& batch, Row row, std::string_view reason, Effects& effects) const;

  // Whether a record is too far past all before it (--max-jump), and rejected. An input's first
  // never is.
  bool jumps(std::int64_t time, const Batch& batch, Row row, Effects& effects) {
    return max_jump_ && jumps_too_far(time, batch, row, effects);
  }
  void advance(const Batch& batch, std::int64_t time) { tracker_.advance(stream_of(batch), time); }
  // What it remembers of the records so far.
  void save(StateWriter& to) const;
  void load(StateReader& from);
  // Without --delay: none.
  std::int64_t watermark() const { return delay_ ? tracker_.watermark() : Watermark::none; }

 private:
  EventTimes(const Setup& setup, ExpressionPtr time, std::optional<std::int64_t> delay,
             Streams streams, std::optional<std::int64_t> max_jump);
  void follow_clock(std::int64_t arrival);
  bool jumps_too_far(std::int64_t time, const Batch& batch, Row row, Effects& effects);
  std::size_t stream_of(const Batch& batch) const {
    return std::min<std::size_t>(batch.origin.where.input, streams_ - 1);
  }

  std::string stage_;
  ExpressionPtr time_;
  Zone zone_;  // of times without an offset
  std::optional<std::int64_t> delay_, max_jump_;
  std::string delay_text_;
  std::size_t streams_;
  bool is_single_stream_;
  bool by_arrival_;
  WatermarkTracker tracker_;
  std::int64_t last_ = WatermarkTracker::none;         // the greatest event time of all
  std::int64_t last_arrival_ = 0;                      // when it was read
  std::vector<std::optional<std::int64_t>> greatest_;  // event time, by stream
};

// The start and the end of the windows of some rows, as new columns of the batch.
void set_bounds(Batch& batch, const std::vector<Row>& rows, const std::vector<Bounds>& windows,
                const WindowFields& fields);

// Late records: counted, and written to --late-to. Nothing in it changes.
class LateRecords {
 public:
  // Those of one batch.
  struct Rows {
    std::vector<Row> rows;
    std::vector<Bounds> windows;
    std::vector<std::int64_t> lateness;
  };

  // As --late-to and --on-late say; opens the file, where there is to be one. Throws Error.
  explicit LateRecords(Setup& setup);

  // A record whose (last) window is gone.
  void add(const Batch& batch, Row row, Bounds window, std::int64_t watermark, Rows& late,
           Effects& effects) const;
  void write(const Batch& batch, const Rows& late, Effects& effects) const;

 private:
  std::shared_ptr<Sink> file_;
  std::shared_ptr<const Shape> shape_;
  WindowFields fields_;
  Slot lateness_ = no_slot;
  bool fails_ = false;
};

}  // namespace riffle
