// annotate: the results of a group's aggregates for each of its records. All records are held, in
// their order; at the end each finds its group again by its key.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "arguments/names.h"
#include "stages/fields/fields.h"
#include "stages/groups/aggregate_calls.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "state/sorter.h"
#include "values/error.h"

namespace riffle {
namespace {

struct AnnotationItem {
  ExpressionPtr value;
  FieldSetter field;
};

struct Bound {
  std::vector<Key> keys;
  AggregateCalls calls;
  Slot first_call = no_slot;  // the column of the first call's results; the others follow
  std::vector<AnnotationItem> items;
  std::size_t columns = 0;  // that a batch needs for all of this
  Holder holder;
};

class Annotate : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::spills;  // the records; not the groups

  explicit Annotate(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)),
        groups_(bound_->keys.size(), blocks(bound_->calls.states()), bound_->holder),
        records_({false}, bound_->holder) {}

  void process(Batch batch, Output& out) override {
    groups_.find(batch.rows, values_of(bound_->keys, batch, out.effects));
    bound_->calls.add(batch, groups_.found(), out.effects);
    Value* const places = batch.memory->allocate<Value>(batch.rows.size());
    for (std::size_t i = 0; i < batch.rows.size(); i++) places[i] = integer_value(count_++);
    const Value* const keys[] = {places};
    records_.add(batch, keys);
    account_.count(groups_, bound_->calls.states(), batch.rows.size());
  }

  void finish(Output& out) override {
    records_.finish([&](Batch batch) {
      if (!batch.rows.empty()) annotate(batch, out.effects);
      out.emit(std::move(batch));
    });
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Annotate>(bound_);
  }

  void save(StateWriter& to) const override {
    const AccumulatorBlocks& states = bound_->calls.states();
    to.begin("annotate", 1);
    to.number(count_);
    groups_.save(to, [&](const std::byte* block, StateWriter& one) { states.save(block, one); });
    records_.save(to);
  }
  void load(StateReader& from) override {
    const AccumulatorBlocks& states = bound_->calls.states();
    from.begin("annotate", 1);
    count_ = from.number<std::int64_t>();
    groups_.load(from, [&](std::byte* block, StateReader& one) { states.load(block, one); });
    records_.load(from);
    account_.count(groups_, states, groups_.groups().size() + GroupAccount::least_rows);
  }

 private:
  static Groups::Blocks blocks(const AccumulatorBlocks& states) {
    return {states.size(), [&states](std::byte* block) { states.start(block); },
            [&states](std::byte* block) { states.stop(block); }};
  }

  void annotate(Batch& batch, Effects& effects) {
    batch.columns.resize(std::max(batch.columns.size(), bound_->columns));
    Effects again;  // keys and arguments have failed before, where they do
    groups_.find(batch.rows, values_of(bound_->keys, batch, again));
    for (std::size_t call = 0; call < bound_->calls.size(); call++)
      batch.columns[static_cast<std::size_t>(bound_->first_call) + call] =
          results(call, batch, again, effects);
    Evaluation evaluation{batch, effects};
    for (const AnnotationItem& item : bound_->items)
      item.field.set(batch, item.value->evaluate(evaluation, batch.rows));
  }

  Column results(std::size_t call, Batch& batch, Effects& again, Effects& effects) {
    if (bound_->calls[call].function->of_record)
      return bound_->calls.results_of_records(call, batch, groups_.found(), again);
    Value* const values = batch.new_values();
    for (std::size_t i = 0; i < batch.rows.size(); i++) {
      const Row row = batch.rows[i];
      values[row] = bound_->calls.result(call, groups_.found()[i], *batch.memory,
                                         batch.position(row), effects);
    }
    return {values};
  }

  std::shared_ptr<const Bound> bound_;
  KeyedBlocks groups_;
  Sorter records_;  // by their place among all
  std::int64_t count_ = 0;
  GroupAccount account_;
};

// Binds the items: what aggregates are given to the records as they come, all else to the records
// with the items before.
class ItemBinder {
 public:
  explicit ItemBinder(Setup& setup)
      : setup_(setup), text_(setup.arguments.source("ITEMS")), before_(setup.shape) {}

  void bind(Bound& bound) {
    const std::span<const Assignment> items = setup_.arguments.assignments("ITEMS");
    bound.first_call = setup_.shape.slots().count;
    for (const Assignment& item : items)
      for (std::size_t i = calls_in(*item.value); i > 0; i--) setup_.shape.slots().add();
    std::vector<AggregateCall> calls;
    std::vector<Name> names;
    for (const Assignment& item : items) {
      check_name(item, names);
      BindContext input{before_, setup_.settings};
      ExpressionPtr value = bind_over_aggregates(*item.value, text_, input, setup_.binding,
                                                 bound.first_call, calls, true);
      bound.items.push_back({std::move(value), FieldSetter(setup_.shape, item.name)});
    }
    bound.calls = AggregateCalls(std::move(calls));
    bound.columns = static_cast<std::size_t>(setup_.shape.slots().count);
  }

 private:
  // Of aggregates and of functions: columns are needed for no more than these.
  static std::size_t calls_in(const Syntax& tree) {
    std::size_t calls = tree.kind == Syntax::Kind::call;
    for (const std::unique_ptr<Syntax>& child : tree.children)
      if (child) calls += calls_in(*child);
    return calls;
  }

  void check_name(const Assignment& item, std::vector<Name>& names) const {
    if (const std::string reason = clash(item.name, names); !reason.empty())
      throw usage_error_at(fmt::format("annotate: {}", reason), text_->text, item.position,
                           item.length);
    names.push_back(item.name);
  }

  Setup& setup_;
  std::shared_ptr<const Text> text_;
  Shape before_;
};

Planned make(Setup& setup) {
  Bound bound{keys_of(setup, "--by"), {}, no_slot, {}, 0, setup.holder()};
  ItemBinder(setup).bind(bound);
  return std::make_unique<Annotate>(std::make_shared<const Bound>(std::move(bound)));
}

}  // namespace

StageRow annotate_row() {
  StageRow row;
  row.name = "annotate";
  row.summary = "every record, with what aggregates make of its group: totals, shares, ranks";
  row.details =
      "An item is an expression over aggregates and the record's own fields, as in aggregate and "
      "transform: share = bytes / sum(bytes). Without --by all records are one group. rank(x) is "
      "the record's place: 1 for the greatest x, rank(-x) from the least; equals share one. It "
      "reads all records before it emits the first, and keeps their order; what --memory does not "
      "hold of them is kept on disk.";
  row.add_form({.usage = "annotate 'NAME = EXPR over aggregates and fields, ...' [--by KEYS]",
                .parameters = {{"ITEMS", Parameter::Kind::annotations,
                                "NAME = EXPR, with commas between several", true},
                               group_keys}},
               make);
  row.examples = {{"annotate 'share = round(bytes / sum(bytes), 2), place = rank(bytes)' --by day",
                   "{\"day\":1,\"bytes\":10}\n"
                   "{\"day\":2,\"bytes\":5}\n"
                   "{\"day\":1,\"bytes\":30}\n",
                   "{\"day\":1,\"bytes\":10,\"share\":0.25,\"place\":2}\n"
                   "{\"day\":2,\"bytes\":5,\"share\":1,\"place\":1}\n"
                   "{\"day\":1,\"bytes\":30,\"share\":0.75,\"place\":1}\n"}};
  row.elsewhere = {"eventstats", "fraction"};
  return row;
}

}  // namespace riffle
