#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "arguments/names.h"
#include "records/record.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

constexpr std::size_t cells_at_once = 64 * 1024;

struct Bound {
  std::vector<Key> keys;
  ExpressionPtr name, value;
  std::string nameless;  // why a record without a name is rejected
  Slot map = no_slot;    // of the result: the new fields
  std::shared_ptr<const Shape> shape;
  Holder holder;
  std::optional<WindowFields> window = {};  // whose fields stand in front
};

// What a text in NAME stands for.
struct NewField {
  enum class Is : std::uint32_t { unknown, field, missing, key };
  Is is = Is::unknown;
  std::uint32_t number = 0;
};

class Pivot : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Pivot(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), fields_(1), cells_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return;
    Evaluation evaluation{batch, out.effects};
    const Column names = bound_->name->evaluate(evaluation, batch.rows);
    const Column values = bound_->value->evaluate(evaluation, batch.rows);
    const std::vector<std::uint32_t> fields = fields_of(names, batch, out);
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    cells_.find(batch.rows, keys);
    // Said row by row: many fields of many groups are much more than the records that name them.
    for (std::size_t i = 0; i < cells_.found_count(); i++) {
      set(cells_.found(i), fields[i], values[batch.rows[i]]);
      cells_.account(fields_.held());
    }
  }

  void finish(Output& out) override {
    const std::size_t at_once = std::max<std::size_t>(1, cells_at_once / (names_.size() + 1));
    for (std::size_t first = 0; first < cells_.size(); first += at_once)
      emit(first, std::min(cells_.size(), first + at_once), out);
  }

  std::unique_ptr<GatheringStage> fresh() const override { return std::make_unique<Pivot>(bound_); }

  void save(StateWriter& to) const override {
    to.begin("pivot", 1);
    to.count(names_.size());
    for (const std::string& name : names_) to.text(name);
    fields_.save(to, [](const NewField& field, StateWriter& one) { one.number(field); });
    cells_.save(to, [](const Cells& cells, StateWriter& one) {
      one.count(cells.size());
      for (const OwnedValue& cell : cells) cell.save(one);
    });
  }
  void load(StateReader& from) override {
    from.begin("pivot", 1);
    for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--)
      add_name(from.text());
    fields_.load(from, [this](NewField& field, StateReader& one) {
      field = one.number<NewField>();
      if (field.is == NewField::Is::field && field.number >= names_.size())
        throw StateReader::damaged();
    });
    cells_.load(from, [this](Cells& cells, StateReader& one) {
      cells.resize(one.count(sizeof(Value)));
      if (cells.size() > names_.size()) throw StateReader::damaged();
      cells_.hold(cells.capacity() * sizeof(OwnedValue));
      for (OwnedValue& cell : cells) {
        cell.load(one);
        cells_.hold(cell.held());
      }
    });
    cells_.account(fields_.held());
  }

 private:
  // By the number of the field; those at the end may not be there yet.
  using Cells = std::vector<OwnedValue>;

  // The number of each living row's new field. Rows that can have none are rejected.
  std::vector<std::uint32_t> fields_of(const Column& names, Batch& batch, Output& out) {
    fields_.find(batch.rows, {&names, 1});
    std::vector<std::uint32_t> numbers;
    std::vector<Row> rows;
    for (std::size_t i = 0; i < fields_.found_count(); i++) {
      const Row row = batch.rows[i];
      NewField& field = fields_.found(i);
      if (field.is == NewField::Is::unknown) field = new_field(names[row], *batch.memory);
      if (field.is != NewField::Is::field) {
        const bool is_missing = field.is == NewField::Is::missing;
        out.effects.rejects.push_back(rejected(
            batch, row, "pivot",
            is_missing ? std::string_view(bound_->nameless)
                       : "the new field would have the name of a key, or of a window's bound"));
        continue;
      }
      numbers.push_back(field.number);
      rows.push_back(row);
    }
    batch.rows = std::move(rows);
    return numbers;
  }

  NewField new_field(const Value& name, Memory& memory) {
    if (is_nothing(name)) return {NewField::Is::missing, 0};
    const std::string_view text = text_of(name, memory);
    if (bound_->window && is_of_window(*bound_->window, literal_name(std::string(text))))
      return {NewField::Is::key, 0};
    for (const Key& key : bound_->keys)
      if (text == key.name.literal || text == key.name.path.front()) return {NewField::Is::key, 0};
    add_name(text);
    return {NewField::Is::field, static_cast<std::uint32_t>(names_.size() - 1)};
  }

  void add_name(std::string_view name) {
    names_.emplace_back(name);
    cells_.hold(sizeof names_.back() + names_.back().capacity());
  }

  void set(Cells& cells, std::uint32_t field, const Value& value) {
    if (value.is_missing()) return;
    cells_.let_go(cells.capacity() * sizeof(OwnedValue));
    if (cells.size() <= field) cells.resize(field + 1);
    cells_.hold(cells.capacity() * sizeof(OwnedValue));
    cells_.let_go(cells[field].held());
    cells[field].assign(value);
    cells_.hold(cells[field].held());
  }

  void emit(std::size_t first, std::size_t end, Output& out) const {
    Batch result = new_batch(bound_->shape, end - first);
    Memory& memory = *result.memory;
    for (std::size_t key = 0; key < bound_->keys.size(); key++) {
      Value* const values = result.new_column(static_cast<Slot>(key));
      for (Row row = 0; row < result.size; row++)
        values[row] = deep_copy(cells_.keys_of(first + row)[key], memory);
    }
    std::vector<Member> record;
    for (const std::string& name : names_)
      record.push_back({memory.copy(std::string_view(name)), {}});
    Value* const maps = result.new_column(bound_->map);
    for (Row row = 0; row < result.size; row++) {
      const Cells& cells = cells_[first + row];
      for (std::size_t field = 0; field < record.size(); field++) {
        const bool has = field < cells.size() && cells[field].is_set();
        record[field].value = has ? deep_copy(cells[field].get(), memory) : null_value();
      }
      maps[row] = map_value(memory.copy(std::span<const Member>(record)));
    }
    out.emit(std::move(result));
  }

  std::shared_ptr<const Bound> bound_;
  KeyedState<NewField> fields_;     // by the text in NAME; accounted for with `cells_`
  std::vector<std::string> names_;  // of the new fields, by number
  KeyedState<Cells> cells_;
};

std::string nameless(const Name& name) {
  return fmt::format("{0} is null; before it: transform '{0} = coalesce({0}, \"none\")'",
                     print(name));
}

Planned make(Setup& setup) {
  const Name &name = setup.arguments.name("NAME"), &value = setup.arguments.name("VALUE");
  auto bound = std::make_shared<Bound>(
      Bound{keys_of(setup, "--by"), bind_name(name, setup.arguments.source("NAME"), setup.shape),
            bind_name(value, setup.arguments.source("VALUE"), setup.shape), nameless(name), no_slot,
            nullptr, setup.holder(), setup.shape.window});
  std::vector<Name> names;
  for (const Key& key : bound->keys) names.push_back(key.name);
  Shape shape = Shape::of_fields(names);
  bound->map = shape.slots().add();
  std::vector<Field> fields = shape.fields();
  fields.push_back({literal_name("*"), bound->map, "*"});
  shape.close(std::move(fields));
  setup.shape = shape;
  bound->shape = std::make_shared<const Shape>(shape);
  return std::make_unique<Pivot>(std::move(bound));
}

}  // namespace

StageRow pivot_row() {
  StageRow row;
  row.name = "pivot";
  row.summary =
      "long to wide: one record per group, with a field for each of its records, called as NAME "
      "says";
  row.details =
      "NAME is the field that holds the new fields' names, VALUE the one with their values; other "
      "fields than these and the keys are left out. The new fields stand in the order in which "
      "their names first appeared, groups in that of their keys. Each record has all of them: null "
      "where its group had no value. Of several values for one place the last one counts; to add "
      "them up, aggregate first. A record whose NAME is null or missing, or that of a key, is "
      "rejected. All groups stay in memory.";
  row.add_form(
      {.usage = "pivot NAME VALUE --by KEYS",
       .parameters = {{"NAME", Parameter::Kind::name, "the field that holds names", true},
                      {"VALUE", Parameter::Kind::name, "the field that holds values", true},
                      {"--by", Parameter::Kind::keys,
                       "names, or NAME = EXPR: what makes one record", true}}},
      make);
  row.examples = {{"pivot quarter sales --by shop",
                   "{\"shop\":\"x\",\"quarter\":\"q1\",\"sales\":10}\n"
                   "{\"shop\":\"x\",\"quarter\":\"q2\",\"sales\":20}\n"
                   "{\"shop\":\"y\",\"quarter\":\"q2\",\"sales\":5}\n",
                   "{\"shop\":\"x\",\"q1\":10,\"q2\":20}\n"
                   "{\"shop\":\"y\",\"q1\":null,\"q2\":5}\n"}};
  row.elsewhere = {"spread", "wider", "crosstab", "pivot_table", "pivot_wider"};
  return row;
}

}  // namespace riffle
