#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "arguments/names.h"
#include "expression/syntax.h"
#include "records/member_pattern.h"
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

struct Found {
  std::vector<Row> rows;
  std::vector<Value> names, values;

  void add(Row row, std::string_view name, const Value& value) {
    rows.push_back(row);
    names.push_back(text_value(name));
    values.push_back(value);
  }
};

class Unpivot : public RecordStage {
 public:
  Unpivot(std::vector<Taken> taken, std::vector<FieldRemover> removed, PatternRemover patterns,
          FieldSetter name, FieldSetter value)
      : taken_(std::move(taken)),
        removed_(std::move(removed)),
        patterns_(std::move(patterns)),
        name_(std::move(name)),
        value_(std::move(value)) {
    has_patterns_ =
        std::any_of(taken_.begin(), taken_.end(), [](const Taken& t) { return !t.field; });
  }

  Batch apply(Batch batch, Effects&) const override {
    const Found found = find_all(batch);
    Batch long_form = picked(batch, found.rows);
    for (const FieldRemover& field : removed_) field.remove(long_form);
    patterns_.remove(long_form);
    set(name_, found.names, long_form);
    set(value_, found.values, long_form);
    return long_form;
  }

 private:
  Found find_all(Batch& batch) const {
    std::vector<Column> columns;
    for (const Taken& taken : taken_)
      columns.push_back(taken.field ? taken.field->read(batch) : Column());
    Found found;
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      if (has_patterns_) members(batch, row, *batch.memory, record);
      for (std::size_t i = 0; i < taken_.size(); i++) {
        if (!taken_[i].field)
          add_matching(i, record, row, *batch.memory, found);
        else if (!columns[i][row].is_missing())
          found.add(row, taken_[i].name, columns[i][row]);
      }
    }
    return found;
  }

  // A member goes to the item that names it, else to the first pattern that it matches; of one that
  // stands twice the last counts.
  void add_matching(std::size_t pattern, std::span<const Member> record, Row row, Memory& memory,
                    Found& found) const {
    const auto is_others = [&](std::string_view name) {
      for (std::size_t i = 0; i < taken_.size(); i++) {
        if (taken_[i].field ? taken_[i].name == name : i < pattern && matches(taken_[i].name, name))
          return true;
      }
      return false;
    };
    NameIndex names;
    const std::size_t first = found.values.size();
    visit_taken(taken_[pattern].name, record, memory,
                [&](std::string_view name, const Value& value) {
                  if (is_others(name)) return;
                  const auto [place, is_new] = names.add(name);
                  if (is_new)
                    found.add(row, name, value);
                  else
                    found.values[first + place] = value;
                });
  }

  static void set(const FieldSetter& field, const std::vector<Value>& values, Batch& batch) {
    field.set(batch, {batch.memory->copy(std::span<const Value>(values)).data()});
  }

  std::vector<Taken> taken_;
  std::vector<FieldRemover> removed_;
  PatternRemover patterns_;
  FieldSetter name_, value_;
  bool has_patterns_ = false;
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
  FieldSetter set_name(setup.shape, name);
  FieldSetter set_value(setup.shape, value);
  return std::make_unique<Unpivot>(std::move(taken), std::move(removed), std::move(matching),
                                   std::move(set_name), std::move(set_value));
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
      "that is null does.";
  row.add_form(
      {.usage = "unpivot FIELD,... [--names NAME] [--values NAME]",
       .parameters = {{"FIELDS", Parameter::Kind::names,
                       "names or patterns, with commas between several", true},
                      {"--names", Parameter::Kind::name, "the field for the names (default name)"},
                      {"--values", Parameter::Kind::name,
                       "the field for the values (default value)"}}},
      make);
  row.examples = {
      {"unpivot 'cpu_*'", "{\"host\":\"a\",\"cpu_user\":7,\"cpu_idle\":93}\n",
       "{\"host\":\"a\",\"name\":\"cpu_user\",\"value\":7}\n"
       "{\"host\":\"a\",\"name\":\"cpu_idle\",\"value\":93}\n"},
      {"unpivot q1,q2 --names quarter --values sales", "{\"shop\":\"x\",\"q1\":10,\"q2\":20}\n",
       "{\"shop\":\"x\",\"quarter\":\"q1\",\"sales\":10}\n"
       "{\"shop\":\"x\",\"quarter\":\"q2\",\"sales\":20}\n"}};
  row.multiplies = true;
  row.elsewhere = {"melt", "longer", "reshape", "gather", "pivot_longer"};
  return row;
}

}  // namespace riffle
