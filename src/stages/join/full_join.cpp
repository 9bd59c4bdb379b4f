// join --kind full: a left join that notes which of the file's records have been found, and emits
// the others at the end.

#include <algorithm>
#include <utility>

#include "expression/check.h"
#include "expression/syntax.h"
#include "stages/fields/record_maker.h"
#include "stages/join/join.h"
#include "stages/join/join_table.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Full {
  std::shared_ptr<const RecordStage> left;
  std::vector<ExpressionPtr> keys;
  std::shared_ptr<const JoinTable> table;
  // Of each of the table's names: what the field is called here, and its place among the fields of
  // a record that comes from the file alone.
  std::vector<std::string> names;
  std::vector<std::size_t> places;
  RecordMaker records;
  Slot slot = no_slot;  // of the records' maps
  std::shared_ptr<const Shape> shape;
};

class FullJoin : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit FullJoin(std::shared_ptr<const Full> full)
      : full_(std::move(full)), is_found_(full_->table->size()) {}

  void process(Batch batch, Output& out) override {
    Effects counted_by_left;
    const std::vector<Column> keys = evaluate(full_->keys, batch, counted_by_left);
    // Of those with one key all are found, or none.
    for (const Row row : batch.rows)
      for (JoinTable::Record record = full_->table->find(join_key(keys, row, *batch.memory));
           record != JoinTable::none && !is_found_[record]; record = full_->table->next(record))
        is_found_[record] = true;
    const auto made = [&](Batch piece) {
      full_->records.make(piece, [](Row, std::vector<Member>&) {});
      return piece;
    };
    out.emit(made(full_->left->apply(std::move(batch), out.effects, [&](Batch piece) {
      out.emit_piece(made(std::move(piece)));
    })));
  }

  void finish(Output& out) override {
    std::vector<JoinTable::Record> others;
    for (JoinTable::Record record = 0; record < is_found_.size(); record++) {
      if (!is_found_[record]) others.push_back(record);
      if (others.size() < rows_in_batch) continue;
      emit(others, out);
      others.clear();
    }
    if (!others.empty()) emit(others, out);
  }

  void save(StateWriter& to) const override {
    to.begin("join --kind full", 1);
    full_->table->save_outline(to);
    for (const bool found : is_found_) to.number(found);
  }
  void load(StateReader& from) override {
    from.begin("join --kind full", 1);
    if (!full_->table->has_outline(from))
      throw failure("join: the file has other records than when the state was saved");
    for (std::size_t i = 0; i < is_found_.size(); i++) is_found_[i] = from.number<bool>();
  }

 private:
  static constexpr std::size_t rows_in_batch = 4096;

  void emit(const std::vector<JoinTable::Record>& records, Output& out) const {
    Batch batch = new_batch(full_->shape, records.size());
    batch.memory->keep(full_->table);
    Value* const maps = batch.new_column(full_->slot);
    for (std::size_t i = 0; i < records.size(); i++) {
      std::vector<std::pair<std::size_t, Member>> fields;
      for (const JoinTable::Entry& entry : full_->table->fields_of(records[i]))
        fields.push_back({full_->places[entry.field], {full_->names[entry.field], entry.value}});
      std::stable_sort(fields.begin(), fields.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      std::vector<Member> members;
      for (const auto& [place, member] : fields) members.push_back(member);
      maps[i] = map_value(batch.memory->copy(std::span<const Member>(members)));
    }
    out.emit(std::move(batch));
  }

  std::shared_ptr<const Full> full_;
  std::vector<bool> is_found_;  // the table's records, by some record that came
};

// The keys come first, and are called as they are here.
void name_fields(const Setup& setup, Full& full) {
  const std::span<const KeyPair> pairs = setup.arguments.key_pairs("--on");
  for (const std::string& name : full.table->names()) {
    const auto pair = std::find_if(pairs.begin(), pairs.end(),
                                   [&](const KeyPair& of) { return of.other.literal == name; });
    const bool is_key = pair != pairs.end();
    full.names.push_back(is_key ? pair->name.literal : setup.arguments.text("--prefix") + name);
    full.places.push_back(is_key ? static_cast<std::size_t>(pair - pairs.begin())
                                 : pairs.size() + full.places.size());
  }
}

}  // namespace

Planned make_full_join(Setup& setup, std::shared_ptr<const RecordStage> left,
                       std::vector<ExpressionPtr> keys, std::shared_ptr<const JoinTable> table) {
  if (setup.shape.window)
    throw usage_error(
        "join: --kind full has records of the file that are in no window; put it before `window`");
  RecordMaker records(setup.shape);
  Full full{std::move(left),
            std::move(keys),
            std::move(table),
            {},
            {},
            records,
            records.slot(),
            std::make_shared<const Shape>(setup.shape)};
  name_fields(setup, full);
  return in_order<FullJoin>(std::make_shared<const Full>(std::move(full)));
}

}  // namespace riffle
