#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "arguments/names.h"
#include "expression/syntax.h"
#include "records/member_pattern.h"
#include "records/pieces.h"
#include "records/record.h"
#include "stages/fields/fields.h"
#include "stages/rows.h"
#include "values/error.h"
#include "values/name_index.h"

namespace riffle {
namespace {

// A field, or those that match a pattern.
struct Taken {
  std::string name;                  // as it was written, or the pattern
  std::optional<FieldReader> field;  // none: a pattern
};

// What is made of a record's fields.
using Found = std::vector<Member>;

Column names_of(std::span<const Member> fields, Memory& memory) {
  Value* const names = memory.allocate<Value>(fields.size());
  for (std::size_t i = 0; i < fields.size(); i++) names[i] = text_value(fields[i].name);
  return {names};
}
Column values_of(std::span<const Member> fields, Memory& memory) {
  Value* const values = memory.allocate<Value>(fields.size());
  for (std::size_t i = 0; i < fields.size(); i++) values[i] = fields[i].value;
  return {values};
}

class Unpivot : public RecordStage {
 public:
  // `others`: makes records of what patterns leave; none: there are no patterns.
  Unpivot(std::vector<Taken> taken, std::vector<FieldRemover> removed, PatternRemover patterns,
          std::optional<RecordMaker> others, FieldSetter name, FieldSetter value)
      : taken_(std::move(taken)),
        removed_(std::move(removed)),
        patterns_(std::move(patterns)),
        others_(std::move(others)),
        name_(std::move(name)),
        value_(std::move(value)) {}

  Batch apply(Batch batch, Effects&, const HandOn& hand_on) const override {
    const Batch whole = batch;
    std::vector<Column> columns;
    for (const Taken& taken : taken_)
      columns.push_back(taken.field ? taken.field->read(batch) : Column());
    for (const FieldRemover& field : removed_) field.remove(batch);
    patterns_.remove(batch);
    if (others_) {
      // As many records as a record has fields share what is left: not each of them all fields.
      others_->make(batch, [](Row, std::vector<Member>&) {});
      batch.source = {};
    }
    const Pieces<Member>::Finish finish = [this](Batch long_form, std::span<const Row>,
                                                 std::span<const Member> fields) {
      name_.set(long_form, names_of(fields, *long_form.memory));
      value_.set(long_form, values_of(fields, *long_form.memory));
      return long_form;
    };
    Pieces<Member> pieces(batch, finish, hand_on);
    Found found;
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      pieces.begin_row();
      found.clear();
      if (others_) members(whole, row, *batch.memory, record);
      for (std::size_t i = 0; i < taken_.size(); i++) {
        if (!taken_[i].field)
          add_matching(i, record, *batch.memory, found);
        else if (!columns[i][row].is_missing())
          found.push_back({taken_[i].name, columns[i][row]});
      }
      for (const Member& field : found) pieces.add(row, field);
    }
    return pieces.last();
  }

 private:
  // A member goes to the item that names it, else to the first pattern that it matches; of one that
  // stands twice the last counts.
  void add_matching(std::size_t pattern, std::span<const Member> record, Memory& memory,
                    Found& found) const {
    const auto is_others = [&](std::string_view name) {
      for (std::size_t i = 0; i < taken_.size(); i++) {
        if (taken_[i].field ? taken_[i].name == name : i < pattern && matches(taken_[i].name, name))
          return true;
      }
      return false;
    };
    NameIndex names;
    const std::size_t first = found.size();
    visit_taken(taken_[pattern].name, record, memory,
                [&](std::string_view name, const Value& value) {
                  if (is_others(name)) return;
                  const auto [place, is_new] = names.add(name);
                  if (is_new)
                    found.push_back({name, value});
                  else
                    found[first + place].value = value;
                });
  }

  std::vector<Taken> taken_;
  std::vector<FieldRemover> removed_;
  PatternRemover patterns_;
  std::optional<RecordMaker> others_;
  FieldSetter name_, value_;
};

// Of all fields but those that stay.
class UnpivotOthers : public RecordStage {
 public:
  // `stay`: by their names. The other two are slots for a field's name and its value.
  UnpivotOthers(std::vector<Taken> stay, Slot name, Slot value)
      : stay_(std::move(stay)),
        name_(static_cast<std::size_t>(name)),
        value_(static_cast<std::size_t>(value)) {}

  Batch apply(Batch batch, Effects&, const HandOn& hand_on) const override {
    const Batch whole = batch;
    for (const Taken& field : stay_) field.field->read(batch);
    batch.source = {};
    const Pieces<Member>::Finish finish = [this](Batch long_form, std::span<const Row>,
                                                 std::span<const Member> fields) {
      long_form.columns[name_] = names_of(fields, *long_form.memory);
      long_form.columns[value_] = values_of(fields, *long_form.memory);
      return long_form;
    };
    Pieces<Member> pieces(batch, finish, hand_on);
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      pieces.begin_row();
      members(whole, row, *batch.memory, record);
      for (const Member& member : distinct_members(record, *batch.memory))
        if (!stays(member.name)) pieces.add(row, member);
    }
    return pieces.last();
  }

 private:
  bool stays(std::string_view name) const {
    return std::any_of(stay_.begin(), stay_.end(),
                       [&](const Taken& field) { return field.name == name; });
  }

  std::vector<Taken> stay_;
  std::size_t name_, value_;
};

Name name_of(const Setup& setup, std::string_view flag, std::string_view otherwise) {
  return setup.arguments.has(flag) ? setup.arguments.name(flag)
                                   : literal_name(std::string(otherwise));
}

Planned make(Setup& setup) {
  const Name name = name_of(setup, "--names", "name"), value = name_of(setup, "--values", "value");
  if (const std::string reason = clash(value, {&name, 1}); !reason.empty())
    throw usage_error(fmt::format("unpivot: {}", reason));
  const auto& text = setup.arguments.source("FIELDS");
  const std::span<const Item> items = setup.arguments.items("FIELDS");
  std::vector<Taken> taken;
  std::vector<Name> names;
  for (const Item& item : items) {
    if (const std::string reason = clash(item.name, names); !reason.empty())
      throw usage_error_at(fmt::format("unpivot: {}", reason), text->text, item.position,
                           item.length);
    names.push_back(item.name);
    taken.push_back({item.name.literal, {}});
    if (!item.pattern) taken.back().field.emplace(setup.shape, item.name);
  }
  std::vector<FieldRemover> removed;
  std::vector<Name> patterns;
  for (const Item& item : items) {
    if (item.pattern)
      patterns.push_back(item.name);
    else
      removed.emplace_back(setup.shape, item.name);
  }
  PatternRemover matching(setup.shape, patterns);
  std::optional<RecordMaker> others;
  if (!patterns.empty()) others.emplace(setup.shape);
  FieldSetter set_name(setup.shape, name);
  FieldSetter set_value(setup.shape, value);
  return std::make_unique<Unpivot>(std::move(taken), std::move(removed), std::move(matching),
                                   std::move(others), std::move(set_name), std::move(set_value));
}

Planned make_except(Setup& setup) {
  const Name name = name_of(setup, "--names", "name"), value = name_of(setup, "--values", "value");
  const auto& text = setup.arguments.source("--except");
  std::vector<Taken> stay;
  std::vector<Field> fields;
  std::vector<Name> names;
  const auto add = [&](const Name& added, Slot slot) {
    if (const std::string reason = clash(added, names); !reason.empty())
      throw usage_error(fmt::format("{}: {}", text->stage, reason));
    names.push_back(added);
    fields.push_back({added, slot, {}});
  };
  for (const Item& item : setup.arguments.items("--except")) {
    stay.push_back({item.name.literal, FieldReader(setup.shape, item.name)});
    add(item.name, stay.back().field->slot());
  }
  setup.shape.slots().rest = true;
  const Slot name_slot = setup.shape.slots().add(), value_slot = setup.shape.slots().add();
  add(name, name_slot);
  add(value, value_slot);
  setup.shape.close(std::move(fields));
  return std::make_unique<UnpivotOthers>(std::move(stay), name_slot, value_slot);
}

}  // namespace

StageRow unpivot_row() {
  StageRow row;
  row.name = "unpivot";
  row.summary =
      "wide to long: makes one record of each of these fields, with its name and its value";
  row.details =
      "A FIELD is a name, a path or a pattern (cpu_*, user.*). The other fields stay, and stand in "
      "each of the records; `name` and `value` come last, and replace fields of those names: "
      "--names and --values give others. A field that a record does not have makes no record, one "
      "that is null does. --except names the fields that stay, and takes all others.";
  const Parameter names{"--names", Parameter::Kind::name, "the field for the names (default name)"};
  const Parameter values{"--values", Parameter::Kind::name,
                         "the field for the values (default value)"};
  row.add_form({.usage = "unpivot FIELD,... [--names NAME] [--values NAME]",
                .parameters = {{"FIELDS", Parameter::Kind::names,
                                "names or patterns, with commas between several", true},
                               names,
                               values}},
               make);
  row.add_form({.usage = "unpivot --except FIELD,... [--names NAME] [--values NAME]",
                .parameters = {{"--except", Parameter::Kind::plain_names,
                                "the fields that stay, with commas between several", true},
                               names,
                               values},
                .flag = "--except"},
               make_except);
  row.examples = {
      {"unpivot 'cpu_*'", "{\"host\":\"a\",\"cpu_user\":7,\"cpu_idle\":93}\n",
       "{\"host\":\"a\",\"name\":\"cpu_user\",\"value\":7}\n"
       "{\"host\":\"a\",\"name\":\"cpu_idle\",\"value\":93}\n"},
      {"unpivot q1,q2 --names quarter --values sales", "{\"shop\":\"x\",\"q1\":10,\"q2\":20}\n",
       "{\"shop\":\"x\",\"quarter\":\"q1\",\"sales\":10}\n"
       "{\"shop\":\"x\",\"quarter\":\"q2\",\"sales\":20}\n"},
      {"unpivot --except id", "{\"id\":1,\"a\":\"x\",\"b\":2}\n",
       "{\"id\":1,\"name\":\"a\",\"value\":\"x\"}\n{\"id\":1,\"name\":\"b\",\"value\":2}\n"}};
  row.multiplies = true;
  for (const std::string_view flag :
       {"--name", "--value", "--names-to", "--values-to", "--names_to", "--values_to", "--var",
        "--var_name", "--value_name", "--key"})
    row.foreign_flags.push_back({flag, "write: --names NAME --values NAME"});
  for (const std::string_view flag : {"--by", "--id", "--ids", "--id-vars", "--index", "--keep"})
    row.foreign_flags.push_back({flag, "what stays in each record is named by --except"});
  row.elsewhere = {"melt", "longer", "reshape", "gather", "pivot_longer"};
  return row;
}

}  // namespace riffle
