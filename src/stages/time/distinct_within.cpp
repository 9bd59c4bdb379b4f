#include "stages/time/distinct_within.h"

#include "stages/groups/whole_records.h"
#include "stages/time/event_time.h"
#include "time/recent_keys.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

class DistinctWithin : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  DistinctWithin(std::vector<ExpressionPtr> keys, EventTimes times, std::int64_t span,
                 Holder holder)
      : keys_(std::move(keys)),
        times_(std::move(times)),
        recent_(span),
        holding_(std::move(holder)) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    std::vector<Column> keys = evaluate(keys_, batch, out.effects);
    if (keys.empty()) keys.push_back(whole_records(batch));
    times_.begin(batch);
    std::erase_if(batch.rows, [&](Row row) {
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (!time) return true;
      recent_.advance(times_.watermark());
      const bool is_first = recent_.is_first(key_of(keys, row), *time);
      times_.advance(batch, *time);
      return !is_first;
    });
    times_.end(batch);
    holding_.set(recent_.held());
    out.emit(std::move(batch));
  }
  void save(StateWriter& to) const override {
    to.begin("distinct --within", 1);
    times_.save(to);
    recent_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("distinct --within", 1);
    times_.load(from);
    recent_.load(from);
    holding_.set(recent_.held());
  }

 private:
  std::string_view key_of(const std::vector<Column>& keys, Row row) {
    text_.clear();
    for (const Column& key : keys) append_key(key[row], text_);
    return text_;
  }

  std::vector<ExpressionPtr> keys_;
  EventTimes times_;
  RecentKeys recent_;
  Holding holding_;
  std::string text_;
};

}  // namespace

Planned make_distinct_within(Setup& setup, std::vector<ExpressionPtr> keys) {
  if (setup.shape.window)
    throw usage_error(
        "distinct: --within has a time of its own; after `window` leave it out, or put it before "
        "`window`");
  EventTimes times(setup, event_time_argument(setup, "--on"),
                   setup.arguments.duration("--delay").value_or(0), setup.streams);
  return in_order<DistinctWithin>(std::move(keys), std::move(times),
                                  *setup.arguments.duration("--within"), setup.holder());
}

}  // namespace riffle
