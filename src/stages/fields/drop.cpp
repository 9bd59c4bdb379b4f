#include "expression/syntax.h"
#include "stages/fields/fields.h"
#include "stages/rows.h"

namespace riffle {
namespace {

class Drop : public RecordStage {
 public:
  Drop(std::vector<FieldRemover> fields, PatternRemover patterns)
      : fields_(std::move(fields)), patterns_(std::move(patterns)) {}

  Batch apply(Batch batch, Effects&, const HandOn&) const override {
    for (const FieldRemover& field : fields_) field.remove(batch);
    patterns_.remove(batch);
    return batch;
  }

 private:
  std::vector<FieldRemover> fields_;
  PatternRemover patterns_;
};

Planned make(Setup& setup) {
  const std::span<const Item> items = setup.arguments.items("FIELDS");
  std::vector<Name> patterns;
  for (const Item& item : items) {
    if (item.pattern)
      patterns.push_back(item.name);
    else
      setup.shape.find(item.name);  // of the records that come, whatever is dropped with it
  }
  std::vector<FieldRemover> fields;
  for (const Item& item : items)
    if (!item.pattern) fields.emplace_back(setup.shape, item.name);
  return std::make_unique<Drop>(std::move(fields), PatternRemover(setup.shape, patterns));
}

}  // namespace

StageRow drop_row() {
  StageRow row;
  row.name = "drop";
  row.summary = "takes fields away";
  row.details =
      "A FIELD is a name, a path (user.id) or a pattern (cpu_*, user.*). Every member of that name "
      "goes, duplicates included.";
  row.add_form({.usage = "drop FIELD,...",
                .parameters = {{"FIELDS", Parameter::Kind::names,
                                "names, with commas between several", true}}},
               make);
  row.examples = {{"drop password,user.id",
                   "{\"password\":\"x\",\"user\":{\"id\":7,\"name\":\"u\"}}\n",
                   "{\"user\":{\"name\":\"u\"}}\n"}};
  row.elsewhere = {"exclude", "remove"};
  return row;
}

}  // namespace riffle
