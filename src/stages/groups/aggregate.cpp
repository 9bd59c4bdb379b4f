// aggregate and count: one record per group.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <optional>

#include "arguments/names.h"
#include "expression/failure.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/groups.h"
#include "state/spilled_groups.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/saved.h"

namespace riffle {
namespace {

constexpr std::size_t rows_in_result = 4096;

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
  Holder holder;
  // If empty windows fire: the keys of all windows so far.
  std::shared_ptr<Groups> known_keys = nullptr;

  bool can_spill() const { return !keys.empty() && !known_keys; }
};

// Behind the accumulators of a part of a window stands which record of the window began the group.
std::uint64_t& beginning_in(std::byte* block, std::size_t block_size) {
  return *std::launder(reinterpret_cast<std::uint64_t*>(block + block_size));
}

// Adds a saved accumulator, taken from the front of `bytes`.
void add_saved(const Aggregate& aggregate, std::byte* accumulator, std::string_view& bytes,
               bool fresh) {
  std::uint64_t size = 0;
  const bool is_whole = load_number(size, bytes) && size <= bytes.size();
  const std::string_view saved = bytes.substr(0, is_whole ? size : 0);
  bytes.remove_prefix(saved.size());
  bool loaded = is_whole;
  if (fresh) {
    loaded = loaded && aggregate.load(accumulator, saved);
  } else {
    std::vector<std::uint64_t> other((aggregate.size() + 7) / 8);
    auto* const from = reinterpret_cast<std::byte*>(other.data());
    aggregate.start(from);
    loaded = loaded && aggregate.load(from, saved);
    if (loaded) aggregate.merge(accumulator, from);
    aggregate.stop(from);
  }
  if (!loaded) throw failure("a temporary file does not have what was written to it");
}

// A group's block: the calls' accumulators, side by side.
SpilledGroups::Blocks blocks_of(std::shared_ptr<const Plan> plan, bool is_part) {
  SpilledGroups::Blocks blocks;
  blocks.size = plan->block_size + (is_part ? sizeof(std::uint64_t) : 0);
  const auto for_each_call = [plan](auto visit) {
    return [plan, visit](std::byte* block) {
      for (std::size_t i = 0; i < plan->calls.size(); i++)
        visit(*plan->calls[i].aggregate, block + plan->offsets[i]);
    };
  };
  blocks.start = for_each_call(
      [](const Aggregate& aggregate, std::byte* accumulator) { aggregate.start(accumulator); });
  if (is_part)
    blocks.start = [start = std::move(blocks.start), size = plan->block_size](std::byte* block) {
      start(block);
      new (block + size) std::uint64_t(~std::uint64_t{0});
    };
  blocks.stop = for_each_call(
      [](const Aggregate& aggregate, std::byte* accumulator) { aggregate.stop(accumulator); });
  blocks.save = [plan](const std::byte* block, std::string& out) {
    for (std::size_t i = 0; i < plan->calls.size(); i++) {
      std::string saved;
      plan->calls[i].aggregate->save(block + plan->offsets[i], saved);
      save_text(saved, out);
    }
  };
  blocks.add = [plan](std::byte* block, std::string_view saved, bool fresh) {
    for (std::size_t i = 0; i < plan->calls.size(); i++)
      add_saved(*plan->calls[i].aggregate, block + plan->offsets[i], saved, fresh);
  };
  return blocks;
}

// Why an aggregate cannot take a row's values.
std::string why_not_taken(const AggregateCall& call, std::span<const Column> arguments, Row row) {
  std::vector<Value> values;
  for (const Column& argument : arguments) values.push_back(argument[row]);
  switch (call.function->takes) {
    case AggregateFunction::Takes::conditions:
      return why_condition_failed(call.site.operand(0), values[0]);
    case AggregateFunction::Takes::scalars:
      return why_scalars_failed(values);
    default:
      return why_numbers_failed(call.site, values);
  }
}

class AggregateStage : public Stage {
 public:
  // Whether it gathers all records that it is for, or a part of a window's, to which others are
  // added (Stage::fresh_part).
  enum class Scope { all, part };

  AggregateStage(std::shared_ptr<const Plan> plan, Scope scope)
      : plan_(plan),
        is_part_(scope == Scope::part),
        kind_(blocks_of(plan, is_part_)),
        groups_(plan->keys.size(), kind_.size, kind_.start, kind_.stop),
        holding_(
            plan->holder, is_part_ || !plan->can_spill() ? Holding::Spill() : [this] { spill(); }),
        spilled_(plan->keys.size(), kind_, holding_) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return;
    const std::vector<Column> keys = values_of(plan_->keys, batch, out.effects);
    blocks_.resize(batch.rows.size());
    const std::span<const Row> newcomers = groups_.find(batch.rows, keys, blocks_);
    if (is_part_) note_beginnings(batch, newcomers);
    for (std::size_t i = 0; i < plan_->calls.size(); i++)
      add(plan_->calls[i], plan_->offsets[i], batch, out);
    count_held(batch.rows.size());
  }

  void finish(Output& out) override {
    if (!spilled_.empty()) {
      spill();
      holding_.disable_spilling();
      return finish_spilled(out);
    }
    if (!is_part_) holding_.disable_spilling();
    if (plan_->keys.empty()) groups_.find_only();
    if (plan_->known_keys) add_known_keys();
    std::vector<std::span<const Value>> keys;
    std::vector<std::byte*> blocks;
    for (const std::size_t group : in_order()) {
      keys.push_back(groups_.keys_of(group));
      blocks.push_back(groups_.block_of(group));
      if (keys.size() < rows_in_result) continue;
      emit(keys, blocks, out);
      keys.clear();
      blocks.clear();
    }
    if (!keys.empty()) emit(keys, blocks, out);
  }

  std::unique_ptr<Stage> fresh() const override {
    return std::make_unique<AggregateStage>(plan_, Scope::all);
  }
  std::unique_ptr<Stage> fresh_part() const override {
    const bool need_order =
        std::any_of(plan_->calls.begin(), plan_->calls.end(),
                    [](const AggregateCall& call) { return call.function->in_order; });
    return need_order ? nullptr : std::make_unique<AggregateStage>(plan_, Scope::part);
  }

  void absorb(const Stage& other) override {
    const auto& from = dynamic_cast<const AggregateStage&>(other);
    find_groups_of(from.groups_, all(from.groups_));
    for (std::size_t group = 0; group < blocks_.size(); group++) {
      std::byte *const into = blocks_[group], *const more = from.groups_.block_of(group);
      for (std::size_t i = 0; i < plan_->calls.size(); i++)
        plan_->calls[i].aggregate->merge(into + plan_->offsets[i], more + plan_->offsets[i]);
      std::uint64_t& beginning = beginning_in(into, plan_->block_size);
      if (beginning_in(more, plan_->block_size) >= beginning) continue;
      beginning = beginning_in(more, plan_->block_size);
      groups_.set_keys(into, from.groups_.keys_of(group));
    }
    count_held(rows_in_result);
  }

 private:
  void note_beginnings(const Batch& batch, std::span<const Row> newcomers) {
    for (std::size_t i = 0, next = 0; next < newcomers.size(); i++)
      if (batch.rows[i] == newcomers[next])
        beginning_in(blocks_[i], plan_->block_size) = batch.progress.sequence + newcomers[next++];
  }

  // Groups of keys that other windows have had, over nothing.
  void add_known_keys() {
    const std::vector<std::size_t> own = in_order();
    find_groups_of(*plan_->known_keys, all(*plan_->known_keys));
    blocks_.resize(own.size());
    plan_->known_keys->find_same(groups_, own, blocks_);
  }

  void find_groups_of(const Groups& from, const std::vector<std::size_t>& groups) {
    blocks_.resize(groups.size());
    groups_.find_same(from, groups, blocks_);
  }

  static std::vector<std::size_t> all(const Groups& groups) {
    std::vector<std::size_t> numbers(groups.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
  }

  // The groups in the order in which they began.
  std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> order = all(groups_);
    if (is_part_)
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return beginning_in(groups_.block_of(a), plan_->block_size) <
               beginning_in(groups_.block_of(b), plan_->block_size);
      });
    return order;
  }

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
    const std::vector<Column> arguments = evaluate(call.arguments, evaluation, rows);
    std::vector<Row> failed;
    call.aggregate->add({batch, rows, blocks, offset, arguments, failed});
    for (const Row row : failed)
      evaluation.fail(row, call.site, [&] { return why_not_taken(call, arguments, row); });
  }

  // What accumulators hold elsewhere is counted anew when as many rows have come as half of the
  // groups are.
  void count_held(std::size_t rows) {
    rows_since_count_ += rows;
    if (rows_since_count_ >= std::max(rows_in_result, groups_.size() / 2)) {
      rows_since_count_ = 0;
      held_elsewhere_ = 0;
      for (std::size_t i = 0; i < plan_->calls.size(); i++) {
        const Aggregate& aggregate = *plan_->calls[i].aggregate;
        if (!aggregate.holds_more()) continue;
        for (std::size_t group = 0; group < groups_.size(); group++)
          held_elsewhere_ += aggregate.held(groups_.block_of(group) + plan_->offsets[i]);
      }
    }
    holding_.set(groups_.held() + held_elsewhere_);
  }

  void spill() {
    spilled_.write(groups_);
    groups_.clear();
    rows_since_count_ = held_elsewhere_ = 0;
    holding_.set(0);
  }

  void finish_spilled(Output& out) {
    Groups some(plan_->keys.size(), kind_.size, kind_.start, kind_.stop);
    std::vector<std::span<const Value>> keys;
    std::vector<std::byte*> blocks;
    const auto emit_some = [&] {
      if (blocks.empty()) return;
      emit(keys, blocks, out);
      keys.clear();
      blocks.clear();
      some.clear();
    };
    spilled_.merge([&](std::span<const Value> key, std::string_view saved) {
      std::vector<Column> columns;
      for (const Value& value : key) columns.push_back({&value, 0});
      blocks.emplace_back();
      const Row row = 0;
      some.find({&row, 1}, columns, {&blocks.back(), 1});
      keys.push_back(some.keys_of(some.size() - 1));
      kind_.add(blocks.back(), saved, true);
      if (keys.size() == rows_in_result) emit_some();
    });
    emit_some();
  }

  // The results of these groups.
  void emit(std::span<const std::span<const Value>> keys, std::span<std::byte* const> blocks,
            Output& out) const {
    const std::size_t count = blocks.size();
    Batch result;
    result.memory = std::make_shared<Memory>();
    result.shape = plan_->shape;
    result.size = static_cast<Row>(count);
    for (Row row = 0; row < result.size; row++) result.rows.push_back(row);
    result.columns.resize(static_cast<std::size_t>(plan_->shape->slots().count));
    Memory& memory = *result.memory;
    for (std::size_t key = 0; key < plan_->keys.size(); key++) {
      Value* const values = result.new_values();
      for (std::size_t i = 0; i < count; i++) values[i] = deep_copy(keys[i][key], memory);
      result.columns[key] = {values};
    }
    for (std::size_t call = 0; call < plan_->calls.size(); call++) {
      Value* const values = result.new_values();
      for (std::size_t i = 0; i < count; i++) {
        bool failed = false;
        values[i] =
            plan_->calls[call].aggregate->result(blocks[i] + plan_->offsets[call], memory, failed);
        if (values[i].kind == Kind::real && !std::isfinite(values[i].real))
          failed = true, values[i] = null_value();
        if (failed)
          out.effects.fail(Position(), &plan_->calls[call].site,
                           [] { return std::string("the result is too large"); });
      }
      result.columns[static_cast<std::size_t>(plan_->first_call) + call] = {values};
    }
    Evaluation evaluation{result, out.effects};
    for (const OutputItem& item : plan_->items)
      result.columns[static_cast<std::size_t>(item.slot)] =
          item.value->evaluate(evaluation, result.rows);
    out.emit(std::move(result));
  }

  std::shared_ptr<const Plan> plan_;
  bool is_part_;
  SpilledGroups::Blocks kind_;
  Groups groups_;
  Holding holding_;
  SpilledGroups spilled_;
  std::size_t rows_since_count_ = 0, held_elsewhere_ = 0;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

// The columns of the result: keys, then items, then the calls' results, which no field names.
void bind_items(std::span<const Assignment> items, const std::shared_ptr<const Text>& text,
                Setup& setup, Plan& plan) {
  std::vector<Name> names;
  for (const Key& key : plan.keys) names.push_back(key.name);
  std::vector<Name> known = names;
  for (const Assignment& item : items) {
    Name name = item.name;
    if (!item.named) name = literal_name(default_name(*item.value));
    const std::size_t position = item.named ? item.position : item.value->position;
    const std::size_t length = item.named ? item.length : item.value->length;
    const auto fail = [&](const std::string& message) {
      return usage_error_at(fmt::format("{}: {}", setup.stage, message), text->text, position,
                            length);
    };
    if (!item.named && name.literal.empty()) {
      // A mistake inside the item is worth more words than its name.
      std::vector<AggregateCall> unused;
      bind_over_aggregates(*item.value, text, setup.shape, Shape::of_fields(known), 0,
                           setup.settings, unused);
      throw fail("this item needs a name: NAME = ...");
    }
    if (const std::string reason = clash(name, names); !reason.empty()) throw fail(reason);
    if (setup.shape.window && is_of_window(*setup.shape.window, name))
      throw fail(std::string(window_bound_taken));
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
    plan.items.push_back({bind_over_aggregates(*items[i].value, text, setup.shape, so_far,
                                               plan.first_call, setup.settings, plan.calls),
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

std::unique_ptr<Stage> make_with(std::span<const Assignment> items,
                                 const std::shared_ptr<const Text>& text, Setup& setup) {
  auto plan = std::make_shared<Plan>(
      Plan{keys_of(setup, "--by"), {}, {}, 0, {}, no_slot, nullptr, setup.holder(), nullptr});
  if (setup.shape.window && setup.shape.window->fills)
    plan->known_keys = std::make_shared<Groups>(plan->keys.size(), 0);
  bind_items(items, text, setup, *plan);
  lay_out(*plan);
  plan->shape = std::make_shared<const Shape>(setup.shape);
  return std::make_unique<AggregateStage>(std::move(plan), AggregateStage::Scope::all);
}

}  // namespace

StageRow aggregate_row() {
  StageRow row;
  row.name = "aggregate";
  row.summary = "one record per group, or per group and window";
  row.details =
      "An item is an expression over aggregates: rate = (count() where status >= 500) / count(). "
      "`where` belongs to the call before it. A call of a plain field needs no name: count() is "
      "count, p99(user.latency) is p99_user_latency. Groups are emitted in the order in which they "
      "first appeared. Without keys there is one record, even over nothing. Groups that --memory "
      "does not hold are gathered in pieces on disk.";
  row.add_form({.usage = "aggregate 'NAME = EXPR over aggregates, ...' [--by KEYS]",
                .parameters = {{"ITEMS", Parameter::Kind::aggregates,
                                "NAME = EXPR, with commas between several", true},
                               group_keys}},
               [](Setup& setup) {
                 return make_with(setup.arguments.assignments("ITEMS"),
                                  setup.arguments.source("ITEMS"), setup);
               });
  row.examples = {
      {"aggregate 'n = count(), errors = (count() where status >= 500), max(ms)' --by service",
       "{\"service\":\"a\",\"status\":200,\"ms\":3}\n"
       "{\"service\":\"b\",\"status\":200,\"ms\":5}\n"
       "{\"service\":\"a\",\"status\":503,\"ms\":9}\n",
       "{\"service\":\"a\",\"n\":2,\"errors\":1,\"max_ms\":9}\n"
       "{\"service\":\"b\",\"n\":1,\"errors\":0,\"max_ms\":5}\n"}};
  row.way = Way::gathers;
  row.makes_one = true;
  row.elsewhere = {"group", "groupby", "group_by", "group-by", "summarize", "summarise", "stats1"};
  return row;
}

StageRow count_row() {
  StageRow row;
  row.name = "count";
  row.summary = "how many records there are, in all or per group";
  row.details = "The same as: aggregate 'count = count()'.";
  row.add_form({.usage = "count [--by KEYS]", .parameters = {group_keys}}, [](Setup& setup) {
    const auto text = std::make_shared<const Text>(Text{setup.stage, "count = count()"});
    return make_with(parse_assignments(text, true), text, setup);
  });
  row.examples = {{"count --by level",
                   "{\"level\":\"info\"}\n"
                   "{\"level\":\"error\"}\n"
                   "{\"level\":\"info\"}\n",
                   "{\"level\":\"info\",\"count\":2}\n{\"level\":\"error\",\"count\":1}\n"}};
  row.way = Way::gathers;
  row.makes_one = true;
  row.elsewhere = {"frequency", "freq", "value_counts", "wc"};
  return row;
}

}  // namespace riffle
