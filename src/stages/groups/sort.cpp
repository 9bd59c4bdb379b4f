#include "expression/check.h"
#include "stages/rows.h"
#include "state/sorter.h"
#include "values/order.h"

namespace riffle {
namespace {

struct SortKey {
  ExpressionPtr value;
  bool descending = false;
};

struct Bound {
  std::vector<SortKey> keys;
  Holder holder;
};

std::vector<bool> directions(const std::vector<SortKey>& keys) {
  std::vector<bool> descending;
  for (const SortKey& key : keys) descending.push_back(key.descending);
  return descending;
}

class Sort : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::spills;

  explicit Sort(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), sorter_(directions(bound_->keys), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    std::vector<const Value*> values;
    for (const SortKey& key : bound_->keys) values.push_back(decoded(key, batch, out));
    sorter_.add(batch, values);
  }
  void finish(Output& out) override {
    sorter_.finish([&](Batch batch) { out.emit(std::move(batch)); });
  }
  std::unique_ptr<GatheringStage> fresh() const override { return std::make_unique<Sort>(bound_); }

  void save(StateWriter& to) const override {
    to.begin("sort", 1);
    sorter_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("sort", 1);
    sorter_.load(from);
  }

 private:
  // The key of each living row, in their order.
  static const Value* decoded(const SortKey& key, Batch& batch, Output& out) {
    Evaluation evaluation{batch, out.effects};
    const Column column = key.value->evaluate(evaluation, batch.rows);
    Value* const values = batch.memory->allocate<Value>(batch.rows.size());
    for (std::size_t i = 0; i < batch.rows.size(); i++)
      values[i] = decode_for_order(column[batch.rows[i]], *batch.memory);
    return values;
  }

  std::shared_ptr<const Bound> bound_;
  Sorter sorter_;
};

std::vector<SortKey> keys_of(const Setup& setup) {
  std::vector<SortKey> keys;
  for (const SortItem& item : setup.arguments.sort_keys("KEYS"))
    keys.push_back({setup.bind(*item.value, "KEYS"), item.descending});
  return keys;
}

Planned make(Setup& setup) {
  return std::make_unique<Sort>(
      std::make_shared<const Bound>(Bound{keys_of(setup), setup.holder()}));
}

}  // namespace

StageRow sort_row() {
  StageRow row;
  row.name = "sort";
  row.summary = "puts the records in order";
  row.details =
      "The order is false, true, numbers, times, durations, text (by code point), lists, maps; "
      "null and then missing come last in both directions. Records that are equal by all of the "
      "expressions keep their order. What --memory does not hold is sorted in pieces on disk.";
  row.add_form({.usage = "sort EXPR [asc|desc], ...",
                .parameters =
                    {{"KEYS", Parameter::Kind::sort_keys,
                      "expressions, each followed by asc (the default) or desc, in any letter case",
                      true, true}}},
               make);
  row.examples = {{"sort latency_ms desc, path",
                   "{\"path\":\"/b\",\"latency_ms\":5}\n"
                   "{\"path\":\"/c\",\"latency_ms\":20}\n"
                   "{\"path\":\"/a\",\"latency_ms\":5}\n"
                   "{\"path\":\"/d\"}\n",
                   "{\"path\":\"/c\",\"latency_ms\":20}\n"
                   "{\"path\":\"/a\",\"latency_ms\":5}\n"
                   "{\"path\":\"/b\",\"latency_ms\":5}\n"
                   "{\"path\":\"/d\"}\n"},
                  {"sort length(name)", "{\"name\":\"ccc\"}\n{\"name\":\"a\"}\n{\"name\":\"bb\"}\n",
                   "{\"name\":\"a\"}\n{\"name\":\"bb\"}\n{\"name\":\"ccc\"}\n"}};
  row.passes_one = true;
  row.foreign_flags = {{"--stable", "records with equal keys always keep their order"}};
  row.elsewhere = {"order", "orderby", "order_by", "order-by", "arrange", "sort_by", "sort_values"};
  return row;
}

}  // namespace riffle
