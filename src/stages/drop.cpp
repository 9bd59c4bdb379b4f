#include "expression/syntax.h"
#include "stages/fields.h"
#include "stages/rows.h"

namespace riffle {
namespace {

class Drop : public Stage {
 public:
  explicit Drop(std::vector<FieldRemover> fields) : fields_(std::move(fields)) {}

  void process(Batch batch, Output& out) override {
    for (const FieldRemover& field : fields_) field.remove(batch);
    out.emit(std::move(batch));
  }

 private:
  std::vector<FieldRemover> fields_;
};

std::unique_ptr<Stage> make(Setup& setup) {
  std::vector<FieldRemover> fields;
  for (const Item& item : parse_items(setup.text("FIELDS"), false)) {
    if (item.pattern) {
      setup.shape.slots().rest = true;
      setup.shape.edit({Edit::Kind::drop_pattern, item.name, no_slot, {}});
    } else {
      fields.emplace_back(setup.shape, item.name);
    }
  }
  return std::make_unique<Drop>(std::move(fields));
}

}  // namespace

StageRow drop_row() {
  StageRow row;
  row.name = "drop";
  row.usage = "drop FIELD,...";
  row.summary = "takes fields away";
  row.details =
      "A FIELD is a name, a path (user.id) or a pattern (cpu_*). Every member of that name goes, duplicates included.";
  row.parameters = {{"FIELDS", Parameter::Kind::names, "names, with commas between several", true}};
  row.examples = {{"drop password,user.id", "{\"password\":\"x\",\"user\":{\"id\":7,\"name\":\"u\"}}\n",
                   "{\"user\":{\"name\":\"u\"}}\n"}};
  row.make = make;
  row.elsewhere = {"exclude", "remove"};
  return row;
}

}  // namespace riffle
