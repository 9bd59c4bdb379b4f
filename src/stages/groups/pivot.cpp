#include <algorithm>
#include <new>
#include <numeric>
#include <optional>

#include "arguments/names.h"
#include "records/record.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/groups.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

constexpr std::size_t cells_at_once = 64 * 1024;

struct Plan {
  std::vector<Key> keys;
  ExpressionPtr name, value;
  Slot map = no_slot;  // of the result: the new fields
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

class Pivot : public Stage {
 public:
  explicit Pivot(std::shared_ptr<const Plan> plan)
      : plan_(std::move(plan)),
        fields_(1, sizeof(NewField)),
        groups_(
            plan_->keys.size(), sizeof(Cells), [](std::byte* block) { new (block) Cells(); },
            [](std::byte* block) { cells_in(block).~Cells(); }),
        holding_(plan_->holder) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return;
    Evaluation evaluation{batch, out.effects};
    const Column names = plan_->name->evaluate(evaluation, batch.rows);
    const Column values = plan_->value->evaluate(evaluation, batch.rows);
    const std::vector<std::uint32_t> fields = fields_of(names, batch, out);
    const std::vector<Column> keys = values_of(plan_->keys, batch, out.effects);
    blocks_.resize(batch.rows.size());
    groups_.find(batch.rows, keys, blocks_);
    // Said row by row: many fields of many groups are much more than the records that name them.
    for (std::size_t i = 0; i < blocks_.size(); i++) {
      set(cells_in(blocks_[i]), fields[i], values[batch.rows[i]]);
      holding_.set(groups_.held() + fields_.held() + held_elsewhere_);
    }
  }

  void finish(Output& out) override {
    const std::size_t at_once = std::max<std::size_t>(1, cells_at_once / (names_.size() + 1));
    for (std::size_t first = 0; first < groups_.size(); first += at_once)
      emit(first, std::min(groups_.size(), first + at_once), out);
  }

  std::unique_ptr<Stage> fresh() const override { return std::make_unique<Pivot>(plan_); }

 private:
  // By the number of the field; those at the end may not be there yet.
  using Cells = std::vector<OwnedValue>;
  static Cells& cells_in(std::byte* block) {
    return *std::launder(reinterpret_cast<Cells*>(block));
  }

  // The number of each living row's new field. Rows that can have none are rejected.
  std::vector<std::uint32_t> fields_of(const Column& names, Batch& batch, Output& out) {
    blocks_.resize(batch.rows.size());
    fields_.find(batch.rows, {&names, 1}, blocks_);
    std::vector<std::uint32_t> numbers;
    std::vector<Row> rows;
    for (std::size_t i = 0; i < blocks_.size(); i++) {
      const Row row = batch.rows[i];
      auto& field = *reinterpret_cast<NewField*>(blocks_[i]);
      if (field.is == NewField::Is::unknown) field = new_field(names[row], *batch.memory);
      if (field.is != NewField::Is::field) {
        const bool is_missing = field.is == NewField::Is::missing;
        out.effects.rejects.push_back(rejected(
            batch, row, "pivot",
            is_missing ? "no name for the new field"
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
    if (plan_->window && is_of_window(*plan_->window, literal_name(std::string(text))))
      return {NewField::Is::key, 0};
    for (const Key& key : plan_->keys)
      if (text == key.name.literal || text == key.name.path.front()) return {NewField::Is::key, 0};
    names_.emplace_back(text);
    held_elsewhere_ += sizeof names_.back() + names_.back().capacity();
    return {NewField::Is::field, static_cast<std::uint32_t>(names_.size() - 1)};
  }

  void set(Cells& cells, std::uint32_t field, const Value& value) {
    if (value.is_missing()) return;
    held_elsewhere_ -= cells.capacity() * sizeof(OwnedValue);
    if (cells.size() <= field) cells.resize(field + 1);
    held_elsewhere_ += cells.capacity() * sizeof(OwnedValue) - cells[field].held();
    cells[field].assign(value);
    held_elsewhere_ += cells[field].held();
  }

  void emit(std::size_t first, std::size_t end, Output& out) const {
    Batch result;
    result.memory = std::make_shared<Memory>();
    result.shape = plan_->shape;
    result.size = static_cast<Row>(end - first);
    result.rows.resize(result.size);
    std::iota(result.rows.begin(), result.rows.end(), Row{0});
    result.columns.resize(static_cast<std::size_t>(plan_->shape->slots().count));
    Memory& memory = *result.memory;
    for (std::size_t key = 0; key < plan_->keys.size(); key++) {
      Value* const values = result.new_values();
      for (Row row = 0; row < result.size; row++)
        values[row] = deep_copy(groups_.keys_of(first + row)[key], memory);
      result.columns[key] = {values};
    }
    std::vector<Member> record;
    for (const std::string& name : names_)
      record.push_back({memory.copy(std::string_view(name)), {}});
    Value* const maps = result.new_values();
    for (Row row = 0; row < result.size; row++) {
      const Cells& cells = cells_in(groups_.block_of(first + row));
      for (std::size_t field = 0; field < record.size(); field++) {
        const bool has = field < cells.size() && cells[field].is_set();
        record[field].value = has ? deep_copy(cells[field].get(), memory) : null_value();
      }
      maps[row] = map_value(memory.copy(std::span<const Member>(record)));
    }
    result.columns[static_cast<std::size_t>(plan_->map)] = {maps};
    out.emit(std::move(result));
  }

  std::shared_ptr<const Plan> plan_;
  Groups fields_;                   // by the text in NAME: a NewField
  std::vector<std::string> names_;  // of the new fields, by number
  Groups groups_;
  std::size_t held_elsewhere_ = 0;  // by cells and names
  Holding holding_;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

std::unique_ptr<Stage> make(Setup& setup) {
  const Name &name = setup.arguments.name("NAME"), &value = setup.arguments.name("VALUE");
  auto plan = std::make_shared<Plan>(
      Plan{keys_of(setup, "--by"), bind_name(name, setup.arguments.source("NAME"), setup.shape),
           bind_name(value, setup.arguments.source("VALUE"), setup.shape), no_slot, nullptr,
           setup.holder(), setup.shape.window});
  std::vector<Name> names;
  for (const Key& key : plan->keys) names.push_back(key.name);
  Shape shape = Shape::of_fields(names);
  plan->map = shape.slots().add();
  std::vector<Field> fields = shape.fields();
  fields.push_back({literal_name("*"), plan->map, "*"});
  shape.close(std::move(fields));
  setup.shape = shape;
  plan->shape = std::make_shared<const Shape>(shape);
  return std::make_unique<Pivot>(std::move(plan));
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
  row.way = Way::gathers;
  row.elsewhere = {"spread", "wider", "crosstab"};
  return row;
}

}  // namespace riffle
