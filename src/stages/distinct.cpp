#include <algorithm>

#include "data/decode.h"
#include "data/error.h"
#include "data/record.h"
#include "expression/check.h"
#include "stages/rows.h"
#include "state/groups.h"

namespace riffle {
namespace {

// Passes a record on at once when its key is new.
class Distinct : public Stage {
 public:
  // `fields`: none means the whole record.
  explicit Distinct(std::shared_ptr<const std::vector<ExpressionPtr>> fields)
      : fields_(std::move(fields)), groups_(std::max<std::size_t>(1, fields_->size()), 0) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    std::vector<Column> keys;
    for (const ExpressionPtr& field : *fields_) keys.push_back(field->evaluate(evaluation, batch.rows));
    if (keys.empty()) keys.push_back(whole_records(batch));
    blocks_.resize(batch.rows.size());
    const std::span<const Row> first = groups_.find(batch.rows, keys, blocks_);
    batch.rows.assign(first.begin(), first.end());
    out.emit(std::move(batch));
  }
  std::unique_ptr<Stage> fresh() const override { return std::make_unique<Distinct>(fields_); }

 private:
  static Column whole_records(Batch& batch) {
    Value* const texts = batch.new_values();
    std::vector<Member> record;
    std::string text;
    for (const Row row : batch.rows) {
      members(batch, row, *batch.memory, record);
      text.clear();
      append_record(record, text);
      texts[row] = text_value(batch.memory->copy(text));
    }
    return {texts};
  }

  // A text that two records share when they say the same of every name: in any order, null being the same as missing,
  // and of a name that stands twice the last.
  static void append_record(std::vector<Member>& record, std::string& text) {
    std::stable_sort(record.begin(), record.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < record.size(); i++) {
      const bool comes_again = i + 1 < record.size() && record[i + 1].name == record[i].name;
      if (comes_again || is_nothing(record[i].value)) continue;
      append_key(text_value(record[i].name), text);
      append_key(record[i].value, text);
    }
  }

  std::shared_ptr<const std::vector<ExpressionPtr>> fields_;
  Groups groups_;
  std::vector<std::byte*> blocks_;
};

std::unique_ptr<Stage> make(Setup& setup) {
  auto fields = std::make_shared<std::vector<ExpressionPtr>>();
  if (setup.arguments.has("FIELDS")) {
    const auto text = setup.text("FIELDS");
    for (const Item& item : parse_items(text, false)) {
      if (item.pattern)
        throw usage_error_at("distinct: a pattern names no one field", text->text, item.position, item.length);
      fields->push_back(bind_name(item.name, text, setup.shape));
    }
  } else {
    setup.shape.slots().rest = true;
  }
  return std::make_unique<Distinct>(std::move(fields));
}

}  // namespace

StageRow distinct_row() {
  StageRow row;
  row.name = "distinct";
  row.usage = "distinct [FIELD,...]";
  row.summary = "the first record of each key; without fields, of each value of the whole record";
  row.details =
      "Keys are compared by their text: 1.0 and 1 are two, 7 and \"7\" one; null is the same as missing. Whole "
      "records are the same when they have the same names with the same texts, in any order. A record comes out as "
      "soon as its key is new; all keys are held.";
  row.parameters = {{"FIELDS", Parameter::Kind::names, "names, with commas between several"}};
  row.examples = {{"distinct user", "{\"user\":1,\"n\":1}\n{\"user\":2,\"n\":2}\n{\"user\":1,\"n\":3}\n",
                   "{\"user\":1,\"n\":1}\n{\"user\":2,\"n\":2}\n"},
                  {"distinct", "{\"a\":1,\"b\":2}\n{\"b\":2,\"a\":1}\n{\"a\":1}\n", "{\"a\":1,\"b\":2}\n{\"a\":1}\n"}};
  row.way = Way::gathers;
  row.make = make;
  return row;
}

}  // namespace riffle
