#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "arguments/names.h"
#include "expression/check.h"
#include "records/member_pattern.h"
#include "stages/fields/fields.h"
#include "stages/rows.h"
#include "values/error.h"

namespace riffle {
namespace {

// What a field of the result is made of: another field, an expression, or the members that match a
// pattern.
struct Choice {
  std::optional<FieldReader> field;
  ExpressionPtr value;
  std::string pattern;
  // Of a pattern: items before it, and names, that take their members first.
  std::vector<std::string> others;
  bool is_path = false;
  Slot slot = no_slot;
};

class Select : public RecordStage {
 public:
  explicit Select(std::vector<Choice> choices) : choices_(std::move(choices)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    for (const Choice& choice : choices_) {
      Column& column = batch.columns[static_cast<std::size_t>(choice.slot)];
      if (choice.field)
        choice.field->read(batch);
      else if (choice.value)
        column = evaluated(choice, batch, effects);
      else
        column = matching(choice, batch);
    }
    return batch;
  }

 private:
  static Column evaluated(const Choice& choice, Batch& batch, Effects& effects) {
    Evaluation evaluation{batch, effects};
    const Column column = choice.value->evaluate(evaluation, batch.rows);
    if (!choice.is_path) return column;
    // Found as a literal key elsewhere, it is none here.
    Value* const values = batch.new_values();
    for (const Row row : batch.rows) {
      values[row] = column[row];
      values[row].flags &= static_cast<std::uint8_t>(~Value::literal_key);
    }
    return {values};
  }

  // For each row a map of the members that the pattern takes, and no other item does.
  static Column matching(const Choice& choice, Batch& batch) {
    const auto is_other = [&](const Member& m) {
      return std::any_of(choice.others.begin(), choice.others.end(),
                         [&](const std::string& other) { return matches(other, m.name); });
    };
    Value* const maps = batch.new_values();
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      members(batch, row, *batch.memory, record);
      std::erase_if(record, is_other);
      const std::vector<Member> taken = taken_by(choice.pattern, record, *batch.memory);
      maps[row] = map_value(batch.memory->copy(std::span<const Member>(taken)));
    }
    return {maps};
  }

  std::vector<Choice> choices_;
};

// A member goes to the item that names it, else to the first pattern that it matches.
std::vector<std::string> others_of(std::size_t pattern, std::span<const Item> items) {
  std::vector<std::string> others;
  for (std::size_t i = 0; i < items.size(); i++)
    if (i < pattern || !items[i].pattern) others.push_back(items[i].name.literal);
  return others;
}

Planned make(Setup& setup) {
  const auto before = std::make_shared<const Shape>(setup.shape);
  const auto& text = setup.arguments.source("ITEMS");
  const std::span<const Item> items = setup.arguments.items("ITEMS");
  std::vector<Choice> choices;
  std::vector<Field> fields;
  std::vector<Name> names;
  for (const Item& item : items) {
    Choice choice;
    Field field{item.name, no_slot, {}};
    if (item.pattern) {
      choice.pattern = field.pattern = item.name.literal;
      choice.others = field.others = others_of(choices.size(), items);
      field.from = before;
      setup.shape.watch(item.name);
      setup.shape.slots().rest = true;
      choice.slot = setup.shape.slots().add();
    } else if (item.value) {
      choice.is_path = item.name.is_path();
      choice.value = setup.bind(*item.value, "ITEMS");
      choice.slot = setup.shape.slots().add();
    } else {
      choice.field.emplace(setup.shape, item.name);
      choice.slot = choice.field->slot();
    }
    field.slot = choice.slot;
    if (const std::string reason = clash(item.name, names); !reason.empty())
      throw usage_error_at(fmt::format("select: {}", reason), text->text, item.position,
                           item.length);
    names.push_back(item.name);
    choices.push_back(std::move(choice));
    fields.push_back(std::move(field));
  }
  setup.shape.close(std::move(fields));
  return std::make_unique<Select>(std::move(choices));
}

}  // namespace

StageRow select_row() {
  StageRow row;
  row.name = "select";
  row.summary = "keeps only these fields, in this order";
  row.details =
      "An ITEM is a name, a path (user.id), a pattern (cpu_*, user.*) or NAME = EXPR. A field that "
      "a record does not have is absent in JSON and empty in CSV.";
  row.add_form(
      {.usage = "select ITEM,...",
       .parameters = {{"ITEMS", Parameter::Kind::items,
                       "names, patterns, or NAME = EXPR, with commas between several", true}}},
      make);
  row.examples = {{"select 'path, user.id, total = a + b'",
                   "{\"a\":1,\"b\":2,\"path\":\"/x\",\"user\":{\"id\":7,\"name\":\"u\"}}\n",
                   "{\"path\":\"/x\",\"user\":{\"id\":7},\"total\":3}\n"},
                  {"select 'cpu_*'", "{\"host\":\"a\",\"cpu_user\":1,\"cpu_idle\":9}\n",
                   "{\"cpu_user\":1,\"cpu_idle\":9}\n"}};
  row.elsewhere = {"cut", "project", "columns", "fields", "keep", "table"};
  for (const std::string_view flag : {"-x", "-v", "-c"})
    row.foreign_flags.push_back({flag, "write: drop"});
  return row;
}

}  // namespace riffle
