#include <algorithm>

#include "expression/syntax.h"
#include "stages/fields.h"
#include "stages/rows.h"

namespace riffle {
namespace {

// Names alone: the shape's edits do it, once their values are in columns.
class Reorder : public Stage {
 public:
  explicit Reorder(std::vector<FieldReader> fields) : fields_(std::move(fields)) {}

  void process(Batch batch, Output& out) override {
    for (const FieldReader& field : fields_) field.read(batch);
    out.emit(std::move(batch));
  }

 private:
  std::vector<FieldReader> fields_;
};

// With patterns: which members go first is known record by record.
class ReorderByPattern : public Stage {
 public:
  ReorderByPattern(std::vector<std::string> patterns, Slot slot) : patterns_(std::move(patterns)), slot_(slot) {}

  void process(Batch batch, Output& out) override {
    Value* const maps = batch.new_values();
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      members(batch, row, *batch.memory, record);
      std::stable_sort(record.begin(), record.end(),
                       [&](const Member& a, const Member& b) { return place(a) < place(b); });
      maps[row] = map_value(batch.memory->copy(std::span<const Member>(record)));
    }
    batch.columns[static_cast<std::size_t>(slot_)] = {maps};
    out.emit(std::move(batch));
  }

 private:
  std::size_t place(const Member& member) const {
    const auto first =
        std::find_if(patterns_.begin(), patterns_.end(), [&](const std::string& p) { return matches(p, member.name); });
    return static_cast<std::size_t>(first - patterns_.begin());
  }

  std::vector<std::string> patterns_;
  Slot slot_;
};

std::unique_ptr<Stage> make(Setup& setup) {
  const std::vector<Item> items = parse_items(setup.text("FIELDS"), false);
  Shape& shape = setup.shape;
  if (std::any_of(items.begin(), items.end(), [](const Item& item) { return item.pattern; })) {
    std::vector<std::string> patterns;
    for (const Item& item : items) patterns.push_back(item.name.literal);
    shape.slots().rest = true;
    const Slot slot = shape.slots().add();
    shape.close({{literal_name("*"), slot, "*"}});
    return std::make_unique<ReorderByPattern>(std::move(patterns), slot);
  }
  std::vector<FieldReader> fields;
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const Name name = is_field_in_place(shape, item->name) ? item->name : literal_name(item->name.literal);
    fields.emplace_back(shape, name);
    shape.edit({Edit::Kind::first, name, fields.back().slot(), {}});
  }
  return std::make_unique<Reorder>(std::move(fields));
}

}  // namespace

StageRow reorder_row() {
  StageRow row;
  row.name = "reorder";
  row.usage = "reorder FIELD,...";
  row.summary = "puts these fields first, in this order; the others follow as they were";
  row.details = "A FIELD is the name of a whole field, or a pattern (cpu_*).";
  row.parameters = {{"FIELDS", Parameter::Kind::names, "names, with commas between several", true}};
  row.examples = {{"reorder ts,level", "{\"msg\":\"x\",\"level\":\"info\",\"ts\":1}\n",
                   "{\"ts\":1,\"level\":\"info\",\"msg\":\"x\"}\n"}};
  row.make = make;
  return row;
}

}  // namespace riffle
