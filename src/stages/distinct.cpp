#include <algorithm>
#include <new>

#include "data/decode.h"
#include "data/error.h"
#include "data/record.h"
#include "expression/check.h"
#include "stages/rows.h"
#include "state/groups.h"
#include "state/saved_rows.h"
#include "state/spilled_groups.h"

namespace riffle {
namespace {

struct Plan {
  std::vector<ExpressionPtr> fields;  // none: the whole record
  Holder holder;
};

// A group's block, once keys are on disk: the record that may have been its key's first, as SavedRows has it. Of the keys
// that were seen before that, nothing: their records have been passed on.
RowBytes& record_in(std::byte* block) { return *std::launder(reinterpret_cast<RowBytes*>(block)); }
const RowBytes& record_in(const std::byte* block) { return *std::launder(reinterpret_cast<const RowBytes*>(block)); }

SpilledGroups::Blocks blocks_of_records() {
  SpilledGroups::Blocks blocks;
  blocks.size = sizeof(RowBytes);
  blocks.start = [](std::byte* block) { new (block) RowBytes(); };
  blocks.stop = [](std::byte* block) { record_in(block).~RowBytes(); };
  blocks.save = [](const std::byte* block, std::string& out) {
    if (const char* const record = record_in(block).get()) out.append(record, SavedRows::size_of(record));
  };
  blocks.add = [](std::byte* block, std::string_view saved, bool fresh) {
    if (!fresh || saved.empty()) return;
    record_in(block) = new_row(saved.size());
    saved.copy(record_in(block).get(), saved.size());
  };
  return blocks;
}

// Passes a record on at once when its key is new, as long as all keys are in memory. Once they are not, whether a key is new
// is known at the end.
class Distinct : public Stage {
 public:
  explicit Distinct(std::shared_ptr<const Plan> plan)
      : plan_(std::move(plan)),
        kind_(blocks_of_records()),
        groups_(keys(), kind_.size, kind_.start, kind_.stop),
        holding_(plan_->holder, [this] { spill(); }),
        spilled_(keys(), kind_, holding_) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    std::vector<Column> keys;
    for (const ExpressionPtr& field : plan_->fields) keys.push_back(field->evaluate(evaluation, batch.rows));
    if (keys.empty()) keys.push_back(whole_records(batch));
    blocks_.resize(batch.rows.size());
    const std::span<const Row> first = groups_.find(batch.rows, keys, blocks_);
    if (!spilled_.empty()) {
      hold(batch, first);
      batch.rows.clear();
    } else {
      batch.rows.assign(first.begin(), first.end());
    }
    holding_.set(groups_.held() + records_size_);
    out.emit(std::move(batch));
  }

  void finish(Output& out) override {
    if (spilled_.empty()) return;
    spill();
    holding_.settle();
    spilled_.merge([&](std::span<const Value>, std::string_view record) {
      if (record.empty()) return;
      if (!rows_.can_add(record.data())) out.emit(rows_.take());
      rows_.add_copy(record);
    });
    if (rows_.has_started()) out.emit(rows_.take());
  }

  std::unique_ptr<Stage> fresh() const override { return std::make_unique<Distinct>(plan_); }

 private:
  std::size_t keys() const { return std::max<std::size_t>(1, plan_->fields.size()); }

  // Of each new key its first record.
  void hold(const Batch& batch, std::span<const Row> first) {
    rows_.start(batch);
    for (std::size_t i = 0, next = 0; next < first.size(); i++) {
      if (batch.rows[i] != first[next]) continue;
      const std::size_t size = rows_.room_for(batch.rows[i], {});
      RowBytes& record = record_in(blocks_[i]);
      record = new_row(size);
      rows_.save(batch.rows[i], {}, size, record.get());
      records_size_ += size;
      next++;
    }
  }

  void spill() {
    spilled_.write(groups_);
    groups_.clear();
    records_size_ = 0;
    holding_.set(0);
  }

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

  std::shared_ptr<const Plan> plan_;
  SpilledGroups::Blocks kind_;
  Groups groups_;
  SavedRows rows_{0};
  std::size_t records_size_ = 0;
  Holding holding_;
  SpilledGroups spilled_;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

std::unique_ptr<Stage> make(Setup& setup) {
  Plan plan{{}, setup.holder()};
  if (setup.arguments.has("FIELDS")) {
    const auto text = setup.text("FIELDS");
    for (const Item& item : parse_items(text, false)) {
      if (item.pattern)
        throw usage_error_at("distinct: a pattern names no one field", text->text, item.position, item.length);
      plan.fields.push_back(bind_name(item.name, text, setup.shape));
    }
  } else {
    setup.shape.slots().rest = true;
  }
  return std::make_unique<Distinct>(std::make_shared<const Plan>(std::move(plan)));
}

}  // namespace

StageRow distinct_row() {
  StageRow row;
  row.name = "distinct";
  row.usage = "distinct [FIELD,...]";
  row.summary = "the first record of each key; without fields, of each value of the whole record";
  row.details =
      "Keys are compared by their text: 1.0 and 1 are two, 7 and \"7\" one; null is the same as missing. Whole "
      "records are the same when the names that are not null have the same texts, in any order. A record comes out as "
      "soon as its key is new; once --memory does not hold all keys, the records of further ones come out at the end.";
  row.parameters = {{"FIELDS", Parameter::Kind::names, "names, with commas between several"}};
  row.examples = {{"distinct user", "{\"user\":1,\"n\":1}\n{\"user\":2,\"n\":2}\n{\"user\":1,\"n\":3}\n",
                   "{\"user\":1,\"n\":1}\n{\"user\":2,\"n\":2}\n"},
                  {"distinct", "{\"a\":1,\"b\":2}\n{\"b\":2,\"a\":1}\n{\"a\":1}\n", "{\"a\":1,\"b\":2}\n{\"a\":1}\n"}};
  row.way = Way::gathers;
  row.make = make;
  row.elsewhere = {"uniq", "unique", "dedup", "deduplicate"};
  return row;
}

}  // namespace riffle
