// aggregate and count: one record per group.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "data/decode.h"
#include "data/error.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/groups.h"

namespace riffle {
namespace {

constexpr Row rows_in_result = 4096;

// An item: an expression over the results of calls, which it finds in columns of the result.
struct OutputItem {
  ExpressionPtr value;
  Slot slot = no_slot;
};

struct Plan {
  std::vector<Key> keys;
  std::vector<AggregateCall> calls;
  std::vector<std::size_t> offsets;  // of each call's accumulator in a group's block
  std::size_t block_size = 0;
  std::vector<OutputItem> items;
  Slot first_call = no_slot;  // the column of the first call's results; the others follow
  std::shared_ptr<const Shape> shape;
};

class AggregateStage : public Stage {
 public:
  explicit AggregateStage(std::shared_ptr<const Plan> plan)
      : plan_(plan),
        groups_(
            plan->keys.size(), plan->block_size,
            [plan](std::byte* block) {
              for (std::size_t i = 0; i < plan->calls.size(); i++)
                plan->calls[i].aggregate->start(block + plan->offsets[i]);
            },
            [plan](std::byte* block) {
              for (std::size_t i = 0; i < plan->calls.size(); i++)
                plan->calls[i].aggregate->stop(block + plan->offsets[i]);
            }) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return;
    const std::vector<Column> keys = values_of(plan_->keys, batch, out.effects);
    blocks_.resize(batch.rows.size());
    groups_.find(batch.rows, keys, blocks_);
    for (std::size_t i = 0; i < plan_->calls.size(); i++) add(plan_->calls[i], plan_->offsets[i], batch, out);
  }

  void finish(Output& out) override {
    if (plan_->keys.empty()) groups_.find_only();
    for (std::size_t first = 0; first < groups_.size(); first += rows_in_result)
      emit(first, std::min<std::size_t>(groups_.size() - first, rows_in_result), out);
  }

  std::unique_ptr<Stage> fresh() const override { return std::make_unique<AggregateStage>(plan_); }

 private:
  void add(const AggregateCall& call, std::size_t offset, Batch& batch, Output& out) {
    Evaluation evaluation{batch, out.effects};
    std::span<const Row> rows = batch.rows;
    std::span<std::byte* const> blocks = blocks_;
    std::vector<Row> kept;
    std::vector<std::byte*> kept_blocks;
    if (call.where) {
      kept = batch.rows;
      call.where->keep_true(evaluation, kept);
      // Both lists are in the batch's order.
      for (std::size_t i = 0, k = 0; k < kept.size(); i++)
        if (batch.rows[i] == kept[k]) kept_blocks.push_back(blocks_[i]), k++;
      rows = kept;
      blocks = kept_blocks;
    }
    std::vector<Column> arguments;
    for (const ExpressionPtr& argument : call.arguments) arguments.push_back(argument->evaluate(evaluation, rows));
    std::vector<Row> failed;
    call.aggregate->add({batch, rows, blocks, offset, arguments, failed});
    for (const Row row : failed) evaluation.fail(row, &call.site);
  }

  void emit(std::size_t first, std::size_t count, Output& out) const {
    Batch result;
    result.memory = std::make_shared<Memory>();
    result.shape = plan_->shape;
    result.size = static_cast<Row>(count);
    for (Row row = 0; row < result.size; row++) result.rows.push_back(row);
    result.columns.resize(static_cast<std::size_t>(plan_->shape->slots().count));
    Memory& memory = *result.memory;
    for (std::size_t key = 0; key < plan_->keys.size(); key++) {
      Value* const values = result.new_values();
      for (std::size_t i = 0; i < count; i++) values[i] = deep_copy(groups_.keys_of(first + i)[key], memory);
      result.columns[key] = {values};
    }
    for (std::size_t call = 0; call < plan_->calls.size(); call++) {
      Value* const values = result.new_values();
      for (std::size_t i = 0; i < count; i++) {
        bool failed = false;
        values[i] =
            plan_->calls[call].aggregate->result(groups_.block_of(first + i) + plan_->offsets[call], memory, failed);
        if (failed) out.effects.errors.push_back({Position(), &plan_->calls[call].site});
      }
      result.columns[static_cast<std::size_t>(plan_->first_call) + call] = {values};
    }
    Evaluation evaluation{result, out.effects};
    for (const OutputItem& item : plan_->items)
      result.columns[static_cast<std::size_t>(item.slot)] = item.value->evaluate(evaluation, result.rows);
    out.emit(std::move(result));
  }

  std::shared_ptr<const Plan> plan_;
  Groups groups_;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

// The columns of the result: keys, then items, then the calls' results, which no field names.
void bind_items(const std::vector<Assignment>& items, const std::shared_ptr<const Text>& text, Setup& setup,
                Plan& plan) {
  std::vector<Name> names;
  for (const Key& key : plan.keys) names.push_back(key.name);
  std::vector<Name> known = names;
  for (const Assignment& item : items) {
    Name name = item.name;
    if (!item.named) name = literal_name(default_name(*item.value));
    const std::size_t position = item.named ? item.position : item.value->position;
    const std::size_t length = item.named ? item.length : item.value->length;
    const auto fail = [&](const std::string& message) {
      return usage_error_at(fmt::format("{}: {}", setup.stage, message), text->text, position, length);
    };
    if (name.literal.empty()) {
      std::vector<AggregateCall> unused;  // a mistake inside the item is worth more words than its name
      bind_over_aggregates(*item.value, text, setup.shape, Shape::of_fields(known), 0, setup.settings, unused);
      throw fail("this item needs a name: NAME = ...");
    }
    if (std::any_of(names.begin(), names.end(), [&](const Name& other) { return other.literal == name.literal; }))
      throw fail(fmt::format("two fields of the result are called '{}'", name.literal));
    names.push_back(std::move(name));
  }
  const Shape shape = Shape::of_fields(names);
  plan.first_call = shape.slots().count;
  // What an item may refer to: keys and the items before it.
  std::vector<Field> visible(shape.fields().begin(),
                             shape.fields().begin() + static_cast<std::ptrdiff_t>(known.size()));
  for (std::size_t i = 0; i < items.size(); i++) {
    Shape so_far = shape;
    so_far.close(visible);
    const Slot slot = shape.fields()[known.size() + i].slot;
    plan.items.push_back(
        {bind_over_aggregates(*items[i].value, text, setup.shape, so_far, plan.first_call, setup.settings, plan.calls),
         slot});
    visible.push_back(shape.fields()[known.size() + i]);
  }
  for (std::size_t call = 0; call < plan.calls.size(); call++) shape.slots().add();
  setup.shape = shape;
}

void lay_out(Plan& plan) {
  for (const AggregateCall& call : plan.calls) {
    plan.offsets.push_back(plan.block_size);
    plan.block_size += (call.aggregate->size() + 7) / 8 * 8;
  }
}

std::unique_ptr<Stage> make_with(const std::shared_ptr<const Text>& text, Setup& setup) {
  auto plan = std::make_shared<Plan>();
  plan->keys = keys_of(setup, "--by");
  bind_items(parse_assignments(text, true), text, setup, *plan);
  lay_out(*plan);
  plan->shape = std::make_shared<const Shape>(setup.shape);
  return std::make_unique<AggregateStage>(std::move(plan));
}

}  // namespace

StageRow aggregate_row() {
  StageRow row;
  row.name = "aggregate";
  row.usage = "aggregate 'NAME = EXPR over aggregates, ...' [--by KEYS]";
  row.summary = "one record per group, or per group and window";
  row.details =
      "An item is an expression over aggregates: rate = (count() where status >= 500) / count(). `where` belongs to "
      "the call before it. A call of a plain field needs no name: count() is count, p99(user.latency) is "
      "p99_user_latency. Groups come out in the order in which they first appeared. Without keys there is one record, "
      "even over nothing.";
  row.parameters = {{"ITEMS", Parameter::Kind::assignments, "NAME = EXPR, with commas between several", true},
                    {"--by", Parameter::Kind::keys, "names, or NAME = EXPR: the fields that tell groups apart"}};
  row.examples = {{"aggregate 'n = count(), errors = (count() where status >= 500), max(ms)' --by service",
                   "{\"service\":\"a\",\"status\":200,\"ms\":3}\n{\"service\":\"b\",\"status\":200,\"ms\":5}\n"
                   "{\"service\":\"a\",\"status\":503,\"ms\":9}\n",
                   "{\"service\":\"a\",\"n\":2,\"errors\":1,\"max_ms\":9}\n{\"service\":\"b\",\"n\":1,\"errors\":0,"
                   "\"max_ms\":5}\n"}};
  row.way = Way::gathers;
  row.make = [](Setup& setup) { return make_with(setup.text("ITEMS"), setup); };
  return row;
}

StageRow count_row() {
  StageRow row;
  row.name = "count";
  row.usage = "count [--by KEYS]";
  row.summary = "how many records there are, in all or per group";
  row.details = "The same as: aggregate 'count = count()'.";
  row.parameters = {{"--by", Parameter::Kind::keys, "names, or NAME = EXPR: the fields that tell groups apart"}};
  row.examples = {{"count --by level", "{\"level\":\"info\"}\n{\"level\":\"error\"}\n{\"level\":\"info\"}\n",
                   "{\"level\":\"info\",\"count\":2}\n{\"level\":\"error\",\"count\":1}\n"}};
  row.way = Way::gathers;
  row.make = [](Setup& setup) {
    return make_with(std::make_shared<const Text>(Text{setup.stage, "count = count()"}), setup);
  };
  return row;
}

}  // namespace riffle
