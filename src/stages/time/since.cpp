// since: the records from a time on, and up to another.

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "stages/rows.h"
#include "stages/time/event_time.h"
#include "time/moment.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Stretch {
  std::int64_t from = 0;
  std::optional<std::int64_t> until;  // the first moment after it

  bool has(std::int64_t time) const { return time >= from && (!until || time < *until); }
};

class Since : public RecordStage {
 public:
  Since(EventTimes times, Stretch span) : times_(std::move(times)), span_(span) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    const Column times = times_.evaluate(batch, effects);
    std::erase_if(batch.rows, [&](Row row) {
      const auto time = times_.time_of(batch, row, times[row], effects);
      return !time || !span_.has(*time);
    });
    return batch;
  }

 private:
  EventTimes times_;
  Stretch span_;
};

// Of inputs that are one stream in the order of time: the first record past the end is the last one
// that is read.
class SinceInOrder : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  SinceInOrder(EventTimes times, Stretch span) : times_(std::move(times)), span_(span) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    std::optional<Position> last;
    std::erase_if(batch.rows, [&](Row row) {
      if (last) return true;
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (time && *time >= *span_.until) last = batch.position(row);
      return !time || !span_.has(*time);
    });
    out.emit(std::move(batch));
    if (last) out.stop_after(*last);
  }

 private:
  EventTimes times_;
  Stretch span_;
};

std::int64_t moment_argument(const Setup& setup, std::string_view name) {
  const std::string& text = setup.arguments.text(name);
  const auto moment = parse_moment(text, setup.settings.now, setup.settings.zone);
  if (!moment)
    throw usage_error(fmt::format(
        "since: '{}' is no time; write it as 2026-01-31T10:00:00Z, 14:30, today, yesterday, or 2h "
        "(ago)",
        visible(text)));
  return *moment;
}

Planned make(Setup& setup) {
  Stretch span{moment_argument(setup, "TIME"), std::nullopt};
  if (setup.arguments.has("--until")) span.until = moment_argument(setup, "--until");
  if (span.until && *span.until <= span.from)
    throw usage_error("since: --until is not after TIME, so no record lies between them");
  if (setup.arguments.is_arrival("--on"))
    throw usage_error("since: records arrive as they are read; --on has to name a field");
  EventTimes times(setup, event_time_argument(setup, "--on"), std::nullopt, Streams());
  if (span.until && setup.streams.is_single_stream)
    return in_order<SinceInOrder>(std::move(times), span);
  return std::make_unique<Since>(std::move(times), span);
}

}  // namespace

StageRow since_row() {
  StageRow row;
  row.name = "since";
  row.summary = "the records from a time on, and up to another";
  row.details =
      "A TIME is RFC 3339 (a date alone is its midnight), a time of today (14:30), today, "
      "yesterday, now, or how long ago (2h, 3d); all by --now and --tz. A record at TIME is taken, "
      "one at the time of --until is not. With --in-order it stops reading at the first record "
      "that is past --until. A record without a time is a bad record.";
  using K = Parameter::Kind;
  row.add_form({.usage = "since TIME --on FIELD [--until TIME]",
                .parameters = {{"TIME", K::word, "the time of the first records", true},
                               {"--on", K::event_time,
                                "the field with the event time, or name = EXPR", true},
                               {"--until", K::word, "the time before which the last ones lie"}}},
               make)
      .follows_time = true;
  row.examples = {{"since 2026-01-31T10:00:00Z --on ts --until 2026-02-01",
                   "{\"ts\":\"2026-01-31T09:59:59Z\"}\n"
                   "{\"ts\":\"2026-01-31T10:00:00Z\"}\n"
                   "{\"ts\":\"2026-02-01T00:00:00Z\"}\n",
                   "{\"ts\":\"2026-01-31T10:00:00Z\"}\n"}};
  row.elsewhere = {"after", "between"};
  return row;
}

}  // namespace riffle
