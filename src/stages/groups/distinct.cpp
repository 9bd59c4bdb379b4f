#include <algorithm>

#include "expression/check.h"
#include "records/record.h"
#include "stages/groups/whole_records.h"
#include "stages/rows.h"
#include "stages/time/distinct_within.h"
#include "state/keyed_state.h"
#include "state/records.h"
#include "values/decode.h"

namespace riffle {
namespace {

struct Bound {
  std::vector<ExpressionPtr> fields;  // none: the whole record
  Holder holder;
};

// Of a key, once keys are on disk: the record that may have been its first, as Records has it. Of
// the keys that were seen before that, nothing: their records have been passed on.
void save_record(const RowBytes& record, StateWriter& to) {
  if (record) to.bytes({record.get(), Records::size_of(record.get())});
}

void add_record(RowBytes& record, StateReader& from, bool fresh) {
  const std::string_view saved = from.rest();
  if (!fresh || saved.empty()) return;
  record = new_row(saved.size());
  saved.copy(record.get(), saved.size());
}

// Passes a record on at once when its key is new, as long as all keys are in memory. Once they are
// not, whether a key is new is known at the end.
class Distinct : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::spills;

  explicit Distinct(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)),
        firsts_(std::max<std::size_t>(1, bound_->fields.size()), bound_->holder, save_record,
                add_record) {}

  bool emits_at_once() const override { return true; }
  void process(Batch batch, Output& out) override {
    std::vector<Column> keys = evaluate(bound_->fields, batch, out.effects);
    if (keys.empty()) keys.push_back(whole_records(batch));
    const std::span<const Row> first = firsts_.find(batch.rows, keys);
    if (firsts_.has_spilled()) {
      hold(batch, first);
      batch.rows.clear();
    } else {
      batch.rows.assign(first.begin(), first.end());
    }
    firsts_.account();
    out.emit(std::move(batch));
  }

  void finish(Output& out) override {
    if (!firsts_.has_spilled()) return;
    firsts_.merge_spilled([&](std::span<const Value>, StateReader& saved) {
      const std::string_view record = saved.rest();
      if (record.empty()) return;
      if (!rows_.can_add(record.data())) out.emit(rows_.take());
      rows_.add_copy(record);
    });
    if (rows_.has_started()) out.emit(rows_.take());
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Distinct>(bound_);
  }

  void save(StateWriter& to) const override {
    to.begin("distinct", 1);
    rows_.save(to);
    firsts_.save(to, save_record);
  }
  void load(StateReader& from) override {
    from.begin("distinct", 1);
    rows_.load(from);
    firsts_.load(from, [this](RowBytes& record, StateReader& one) {
      if (one.at_end()) return;
      record = rows_.load_row(one.rest());
      firsts_.hold(Records::size_of(record.get()));
    });
    firsts_.account();
  }

 private:
  // Of each new key its first record.
  void hold(const Batch& batch, std::span<const Row> first) {
    rows_.start(batch);
    for (std::size_t i = 0, next = 0; next < first.size(); i++) {
      if (batch.rows[i] != first[next]) continue;
      const std::size_t size = rows_.room_for(batch.rows[i], {});
      RowBytes& record = firsts_.found(i);
      record = new_row(size);
      rows_.save(batch.rows[i], {}, size, record.get());
      firsts_.hold(size);
      next++;
    }
  }

  std::shared_ptr<const Bound> bound_;
  KeyedState<RowBytes> firsts_;
  Records rows_{0};
};

std::vector<ExpressionPtr> fields_of(Setup& setup) {
  std::vector<ExpressionPtr> fields;
  for (const Item& item : setup.arguments.items("FIELDS"))
    fields.push_back(bind_name(item.name, setup.arguments.source("FIELDS"), setup.shape));
  if (fields.empty()) setup.shape.slots().rest = true;
  return fields;
}

Planned make(Setup& setup) {
  return std::make_unique<Distinct>(
      std::make_shared<const Bound>(Bound{fields_of(setup), setup.holder()}));
}

}  // namespace

StageRow distinct_row() {
  StageRow row;
  row.name = "distinct";
  row.summary = "the first record of each key; without fields, of each value of the whole record";
  row.details =
      "Keys are compared by their text: 1.0 and 1 are two, 7 and \"7\" one; null is the same as "
      "missing. Whole records are the same when the names that are not null have the same texts, "
      "in any order. A record is emitted at once if its key is new; once --memory does not hold "
      "all "
      "keys, the records of further ones are emitted at the end. --within D: the first record of "
      "each "
      "key for so long, by event time: one that lies less than D from one of its key that came "
      "out, before or after it, does not. A key is held until the watermark, the greatest time so "
      "far minus --delay, has passed it by D.";
  const Parameter fields{"FIELDS", Parameter::Kind::plain_names,
                         "names, with commas between several"};
  row.add_form({.usage = "distinct [FIELD,...]", .parameters = {fields}}, make);
  row.add_form({.usage = "distinct [FIELD,...] --within D --on TIME [--delay D]",
                .parameters = {fields,
                               {.name = "--within",
                                .kind = Parameter::Kind::duration,
                                .summary = "how long a key's first record stands for the others",
                                .required = true,
                                .least = 1},
                               {"--on", Parameter::Kind::event_time,
                                "the field with the event time, or name = EXPR", true},
                               {"--delay", Parameter::Kind::delay,
                                "how far records may be out of order (default 0s)"}},
                .flag = "--within"},
               [](Setup& setup) { return make_distinct_within(setup, fields_of(setup)); })
      .follows_time = true;
  row.examples = {{"distinct user",
                   "{\"user\":1,\"n\":1}\n"
                   "{\"user\":2,\"n\":2}\n"
                   "{\"user\":1,\"n\":3}\n",
                   "{\"user\":1,\"n\":1}\n{\"user\":2,\"n\":2}\n"},
                  {"distinct",
                   "{\"a\":1,\"b\":2}\n"
                   "{\"b\":2,\"a\":1}\n"
                   "{\"a\":1}\n",
                   "{\"a\":1,\"b\":2}\n"
                   "{\"a\":1}\n"},
                  {"distinct error --within 10m --on ts",
                   "{\"ts\":\"2026-01-31T10:00:00Z\",\"error\":\"disk\"}\n"
                   "{\"ts\":\"2026-01-31T10:04:00Z\",\"error\":\"disk\"}\n"
                   "{\"ts\":\"2026-01-31T10:10:00Z\",\"error\":\"disk\"}\n",
                   "{\"ts\":\"2026-01-31T10:00:00Z\",\"error\":\"disk\"}\n"
                   "{\"ts\":\"2026-01-31T10:10:00Z\",\"error\":\"disk\"}\n"}};
  row.passes_one = true;
  row.elsewhere = {"uniq", "unique", "dedup", "deduplicate", "drop_duplicates"};
  return row;
}

}  // namespace riffle
