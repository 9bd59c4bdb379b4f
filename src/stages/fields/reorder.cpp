#include <algorithm>

#include "expression/syntax.h"
#include "stages/fields/fields.h"
#include "stages/rows.h"

namespace riffle {
namespace {

// Names alone: the shape's edits do it, once their values are in columns.
class Reorder : public RecordStage {
 public:
  explicit Reorder(std::vector<FieldReader> fields) : fields_(std::move(fields)) {}

  Batch apply(Batch batch, Effects&, const HandOn&) const override {
    for (const FieldReader& field : fields_) field.read(batch);
    return batch;
  }

 private:
  std::vector<FieldReader> fields_;
};

// With patterns: which members go first is known record by record. Each pattern's get a column, and
// those of none the last.
class ReorderByPattern : public RecordStage {
 public:
  explicit ReorderByPattern(std::vector<Field> fields) : fields_(std::move(fields)) {}

  Batch apply(Batch batch, Effects&, const HandOn&) const override {
    std::vector<Value*> maps;
    for (const Field& field : fields_) {
      maps.push_back(batch.new_values());
      batch.columns[static_cast<std::size_t>(field.slot)] = {maps.back()};
    }
    std::vector<Member> record;
    std::vector<std::vector<Member>> parts(fields_.size());
    for (const Row row : batch.rows) {
      members(batch, row, *batch.memory, record);
      for (std::vector<Member>& part : parts) part.clear();
      for (const Member& member : record) parts[place(member)].push_back(member);
      for (std::size_t i = 0; i < parts.size(); i++)
        maps[i][row] = map_value(batch.memory->copy(std::span<const Member>(parts[i])));
    }
    return batch;
  }

 private:
  std::size_t place(const Member& member) const {
    const auto first = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) {
      return reaches(f.pattern, member.name);
    });
    return static_cast<std::size_t>(first - fields_.begin());
  }

  std::vector<Field> fields_;
};

Planned make_by_pattern(Shape& shape, std::span<const Item> items) {
  const auto before = std::make_shared<const Shape>(shape);
  shape.slots().rest = true;
  std::vector<std::string> patterns;
  for (const Item& item : items) {
    patterns.push_back(item.name.literal);
    if (item.pattern)
      shape.watch(item.name);
    else
      shape.find(literal_name(item.name.literal));
  }
  patterns.push_back("*");
  std::vector<Field> fields;
  for (auto pattern = patterns.begin(); pattern != patterns.end(); ++pattern)
    fields.push_back({literal_name(*pattern),
                      shape.slots().add(),
                      *pattern,
                      before,
                      {patterns.begin(), pattern}});
  shape.close(fields);
  return std::make_unique<ReorderByPattern>(std::move(fields));
}

Planned make(Setup& setup) {
  const std::span<const Item> items = setup.arguments.items("FIELDS");
  Shape& shape = setup.shape;
  if (std::any_of(items.begin(), items.end(), [](const Item& item) { return item.pattern; }))
    return make_by_pattern(shape, items);
  std::vector<FieldReader> fields;
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const Name name =
        is_field_in_place(shape, item->name) ? item->name : literal_name(item->name.literal);
    fields.emplace_back(shape, name);
    shape.edit({Edit::Kind::first, name, fields.back().slot(), {}, false});
  }
  return std::make_unique<Reorder>(std::move(fields));
}

}  // namespace

StageRow reorder_row() {
  StageRow row;
  row.name = "reorder";
  row.summary = "puts these fields first, in this order; the others follow as they were";
  row.details =
      "A FIELD is the name of a whole field, or a pattern (cpu_*); user.* moves the map user, and "
      "columns that are called user.id.";
  row.add_form({.usage = "reorder FIELD,...",
                .parameters = {{"FIELDS", Parameter::Kind::names,
                                "names, with commas between several", true}}},
               make);
  row.examples = {{"reorder ts,level", "{\"msg\":\"x\",\"level\":\"info\",\"ts\":1}\n",
                   "{\"ts\":1,\"level\":\"info\",\"msg\":\"x\"}\n"}};
  return row;
}

}  // namespace riffle
