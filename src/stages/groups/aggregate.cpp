// aggregate and count: one record per group.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "arguments/names.h"
#include "stages/groups/aggregate_calls.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t rows_in_result = 4096;

// An item: an expression over the results of calls, which it finds in columns of the result.
struct OutputItem {
  ExpressionPtr value;
  Slot slot = no_slot;
};

struct Bound {
  std::vector<Key> keys;
  AggregateCalls calls;
  std::vector<OutputItem> items;
  Slot first_call = no_slot;  // the column of the first call's results; the others follow
  std::shared_ptr<const Shape> shape;
  Holder holder;
  // If empty windows fire: the keys of all windows so far.
  std::shared_ptr<Groups> known_keys = nullptr;

  bool can_spill() const { return !keys.empty() && !known_keys; }
};

// Which record of a window began a group: of a part of the window's, after its other states.
class Beginning : public AccumulatorOf<Beginning, std::uint64_t, Accumulator> {
 public:
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  void start(std::byte* bytes) const override { new (bytes) std::uint64_t(none); }
  static std::uint64_t& in(std::byte* bytes) { return state(bytes); }
  void save_state(std::uint64_t record, StateWriter& to) const { to.number(record); }
  void load_state(std::uint64_t& record, StateReader& from) const {
    record = from.number<std::uint64_t>();
  }
};

SpilledGroups::Blocks layout_of(const std::shared_ptr<const Bound>& bound,
                                const AccumulatorBlocks& states) {
  SpilledGroups::Blocks blocks;
  blocks.size = states.size();
  blocks.start = [&states](std::byte* block) { states.start(block); };
  blocks.stop = [&states](std::byte* block) { states.stop(block); };
  blocks.save = [&states](const std::byte* block, StateWriter& to) { states.save(block, to); };
  blocks.add = [bound, &states](std::byte* block, StateReader& from, bool fresh) {
    if (fresh) return states.load(block, from);
    OwnedState more(states);
    more.load(from);
    bound->calls.merge(block, more.at());
  };
  return blocks;
}

class AggregateStage : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  // Whether it gathers all records that it is for, or a part of a window's, to which others are
  // added (Stage::fresh_part).
  enum class Scope { all, part };

  AggregateStage(std::shared_ptr<const Bound> bound, Scope scope)
      : bound_(bound), is_part_(scope == Scope::part), states_(bound->calls.states()) {
    if (is_part_) beginning_ = states_.add(beginnings_);
    SpilledGroups::Blocks layout = layout_of(bound, states_);
    if (is_part_ || !bound->can_spill())
      keyed_.emplace(bound->keys.size(), Groups::Blocks(layout), bound->holder);
    else
      keyed_.emplace(bound->keys.size(), std::move(layout), bound->holder);
  }

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return;
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    const std::span<const Row> newcomers = keyed_->find(batch.rows, keys);
    if (is_part_) note_beginnings(batch, newcomers);
    bound_->calls.add(batch, keyed_->found(), out.effects);
    account_.count(*keyed_, states_, batch.rows.size());
  }

  void finish(Output& out) override {
    if (keyed_->has_spilled()) return finish_spilled(out);
    if (!is_part_) keyed_->disable_spilling();
    if (bound_->keys.empty()) keyed_->groups().find_only();
    if (bound_->known_keys) add_known_keys();
    std::vector<std::span<const Value>> keys;
    std::vector<std::byte*> blocks;
    for (const std::size_t group : in_order()) {
      keys.push_back(keyed_->groups().keys_of(group));
      blocks.push_back(keyed_->groups().block_of(group));
      if (keys.size() < rows_in_result) continue;
      emit(keys, blocks, out);
      keys.clear();
      blocks.clear();
    }
    if (!keys.empty()) emit(keys, blocks, out);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<AggregateStage>(bound_, Scope::all);
  }
  std::unique_ptr<GatheringStage> fresh_part() const override {
    return bound_->calls.need_order() ? nullptr
                                      : std::make_unique<AggregateStage>(bound_, Scope::part);
  }

  void absorb(const GatheringStage& other) override {
    const auto& from = dynamic_cast<const AggregateStage&>(other);
    const Groups& others = from.keyed_->groups();
    keyed_->find_same(others, all(others));
    for (std::size_t group = 0; group < others.size(); group++) {
      std::byte *const into = keyed_->found()[group], *const more = others.block_of(group);
      bound_->calls.merge(into, more);
      std::uint64_t& beginning = beginning_in(into);
      if (beginning_in(more) >= beginning) continue;
      beginning = beginning_in(more);
      keyed_->groups().set_keys(into, others.keys_of(group));
    }
    account_.count(*keyed_, states_, GroupAccount::least_rows);
  }

  void save(StateWriter& to) const override {
    to.begin("aggregate", 1);
    keyed_->save(to, [&](const std::byte* block, StateWriter& one) { states_.save(block, one); });
    if (bound_->known_keys) bound_->known_keys->save(to, [](const std::byte*, StateWriter&) {});
  }
  void load(StateReader& from) override {
    from.begin("aggregate", 1);
    keyed_->load(from, [&](std::byte* block, StateReader& one) { states_.load(block, one); });
    if (bound_->known_keys) {
      bound_->known_keys->clear();
      bound_->known_keys->load(from, [](std::byte*, StateReader&) {});
    }
    account_.count(*keyed_, states_, keyed_->groups().size() + GroupAccount::least_rows);
  }

 private:
  std::uint64_t& beginning_in(std::byte* block) const { return Beginning::in(block + beginning_); }

  void note_beginnings(const Batch& batch, std::span<const Row> newcomers) {
    for (std::size_t i = 0, next = 0; next < newcomers.size(); i++)
      if (batch.rows[i] == newcomers[next])
        beginning_in(keyed_->found()[i]) = batch.progress.sequence + newcomers[next++];
  }

  // Groups of keys that other windows have had, over nothing.
  void add_known_keys() {
    const std::vector<std::size_t> own = in_order();
    keyed_->find_same(*bound_->known_keys, all(*bound_->known_keys));
    std::vector<std::byte*> unused(own.size());
    bound_->known_keys->find_same(keyed_->groups(), own, unused);
  }

  static std::vector<std::size_t> all(const Groups& groups) {
    std::vector<std::size_t> numbers(groups.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
  }

  // The groups in the order in which they began.
  std::vector<std::size_t> in_order() const {
    const Groups& groups = keyed_->groups();
    std::vector<std::size_t> order = all(groups);
    if (is_part_)
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return beginning_in(groups.block_of(a)) < beginning_in(groups.block_of(b));
      });
    return order;
  }

  void finish_spilled(Output& out) {
    const SpilledGroups::Blocks layout = layout_of(bound_, states_);
    Groups some(bound_->keys.size(), layout);
    std::vector<std::span<const Value>> keys;
    std::vector<std::byte*> blocks;
    const auto emit_some = [&] {
      if (blocks.empty()) return;
      emit(keys, blocks, out);
      keys.clear();
      blocks.clear();
      some.clear();
    };
    keyed_->merge_spilled([&](std::span<const Value> key, StateReader& saved) {
      std::vector<Column> columns;
      for (const Value& value : key) columns.push_back({&value, 0});
      blocks.emplace_back();
      const Row row = 0;
      some.find({&row, 1}, columns, {&blocks.back(), 1});
      keys.push_back(some.keys_of(some.size() - 1));
      layout.add(blocks.back(), saved, true);
      if (keys.size() == rows_in_result) emit_some();
    });
    emit_some();
  }

  // The results of these groups.
  void emit(std::span<const std::span<const Value>> keys, std::span<std::byte* const> blocks,
            Output& out) const {
    const std::size_t count = blocks.size();
    Batch result = new_batch(bound_->shape, count);
    Memory& memory = *result.memory;
    for (std::size_t key = 0; key < bound_->keys.size(); key++) {
      Value* const values = result.new_column(static_cast<Slot>(key));
      for (std::size_t i = 0; i < count; i++) values[i] = deep_copy(keys[i][key], memory);
    }
    for (std::size_t call = 0; call < bound_->calls.size(); call++) {
      Value* const values = result.new_column(bound_->first_call + static_cast<Slot>(call));
      for (std::size_t i = 0; i < count; i++)
        values[i] = bound_->calls.result(call, blocks[i], memory, Position(), out.effects);
    }
    Evaluation evaluation{result, out.effects};
    for (const OutputItem& item : bound_->items)
      result.columns[static_cast<std::size_t>(item.slot)] =
          item.value->evaluate(evaluation, result.rows);
    out.emit(std::move(result));
  }

  std::shared_ptr<const Bound> bound_;
  bool is_part_;
  Beginning beginnings_;
  std::size_t beginning_ = 0;  // where it is in a part's block
  AccumulatorBlocks states_;
  std::optional<KeyedBlocks> keyed_;
  GroupAccount account_;
};

// The columns of the result: keys, then items, then the calls' results, which no field names.
void bind_items(std::span<const Assignment> items, const std::shared_ptr<const Text>& text,
                Setup& setup, Bound& bound) {
  std::vector<Name> names;
  for (const Key& key : bound.keys) names.push_back(key.name);
  std::vector<Name> known = names;
  for (const Assignment& item : items) {
    Name name = item.name;
    if (!item.named) name = literal_name(default_name(*item.value, text->text));
    const std::size_t position = item.named ? item.position : item.value->position;
    const std::size_t length = item.named ? item.length : item.value->length;
    const auto fail = [&](const std::string& message) {
      return usage_error_at(fmt::format("{}: {}", setup.stage, message), text->text, position,
                            length);
    };
    if (const std::string reason = clash(name, names); !reason.empty()) throw fail(reason);
    if (setup.shape.window && is_of_window(*setup.shape.window, name))
      throw fail(std::string(window_bound_taken));
    names.push_back(std::move(name));
  }
  Shape shape = Shape::of_fields(names);
  bound.first_call = shape.slots().count;
  // What an item may refer to: keys and the items before it.
  std::vector<Field> visible(shape.fields().begin(),
                             shape.fields().begin() + static_cast<std::ptrdiff_t>(known.size()));
  Shape so_far = shape;
  BindContext result{so_far, setup.settings};
  std::vector<AggregateCall> calls;
  for (std::size_t i = 0; i < items.size(); i++) {
    so_far.close(visible);
    const Slot slot = shape.fields()[known.size() + i].slot;
    bound.items.push_back({bind_over_aggregates(*items[i].value, text, setup.binding, result,
                                                bound.first_call, calls),
                           slot});
    visible.push_back(shape.fields()[known.size() + i]);
  }
  for (std::size_t call = 0; call < calls.size(); call++) shape.slots().add();
  bound.calls = AggregateCalls(std::move(calls));
  setup.shape = shape;
}

Planned make_with(std::span<const Assignment> items, const std::shared_ptr<const Text>& text,
                  Setup& setup) {
  auto bound = std::make_shared<Bound>(
      Bound{keys_of(setup, "--by"), {}, {}, no_slot, nullptr, setup.holder(), nullptr});
  if (setup.shape.window && setup.shape.window->fills)
    bound->known_keys = std::make_shared<Groups>(bound->keys.size(), Groups::Blocks());
  bind_items(items, text, setup, *bound);
  bound->shape = std::make_shared<const Shape>(setup.shape);
  const bool can_spill = bound->can_spill();
  Planned planned = std::make_unique<AggregateStage>(std::move(bound), AggregateStage::Scope::all);
  if (can_spill) planned.holds = Holds::spills;
  return planned;
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
  row.makes_one = true;
  row.elsewhere = {"group",     "groupby", "group_by", "group-by", "summarize",
                   "summarise", "stats",   "stats1",   "agg"};
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
  row.makes_one = true;
  row.elsewhere = {"frequency", "freq", "value_counts", "wc", "count-distinct", "count-values"};
  return row;
}

}  // namespace riffle
