#include "stages/fields/fields.h"
#include "stages/groups/kept.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Bound {
  FieldReader from;
  FieldSetter to;
  std::vector<Key> keys;
  Holder holder;
};

// A group: its first record, and the values of the field.
struct Gathered {
  bool has_record = false;
  KeptRecords::Handle record = 0;
  std::vector<OwnedValue> values;
};

class Implode : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Implode(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), gathered_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    const Column values = bound_->from.read(batch);
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    gathered_.find(batch.rows, keys);
    records_.start(batch);
    for (std::size_t i = 0; i < gathered_.found_count(); i++) {
      const Row row = batch.rows[i];
      Gathered& group = gathered_.found(i);
      if (!group.has_record) {
        group.record = records_.keep(row);
        group.has_record = true;
      }
      if (values[row].is_missing()) continue;
      group.values.emplace_back(values[row]);
      gathered_.hold(sizeof(OwnedValue) + group.values.back().held());
    }
    gathered_.account(records_.held());
  }

  void finish(Output& out) override {
    std::vector<KeptRecords::Handle> handles;
    for (std::size_t group = 0; group < gathered_.size(); group++)
      handles.push_back(gathered_[group].record);
    WithLists lists(*this, out);
    records_.emit(handles, lists);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Implode>(bound_);
  }

  void save(StateWriter& to) const override {
    to.begin("implode", 1);
    records_.save(to);
    gathered_.save(to, [](const Gathered& group, StateWriter& one) {
      one.number(group.record);
      one.count(group.values.size());
      for (const OwnedValue& value : group.values) value.save(one);
    });
  }
  void load(StateReader& from) override {
    from.begin("implode", 1);
    records_.load(from);
    gathered_.load(from, [this](Gathered& group, StateReader& one) {
      group.has_record = true;
      group.record = records_.load_handle(one);
      for (std::size_t left = one.count(sizeof(Value)); left > 0; left--) {
        group.values.emplace_back().load(one);
        gathered_.hold(sizeof(OwnedValue) + group.values.back().held());
      }
    });
    gathered_.account(records_.held());
  }

 private:
  // Gives the records, which come in the groups' order, their lists.
  class WithLists : public Output {
   public:
    WithLists(const Implode& stage, Output& out) : stage_(stage), out_(out) {}

    void emit(Batch batch) override {
      Value* const lists = batch.new_values();
      for (const Row row : batch.rows) {
        const Gathered& group = stage_.gathered_[group_++];
        lists[row] = group.values.empty() ? Value() : list_of(group.values, *batch.memory);
      }
      stage_.bound_->to.set(batch, {lists});
      out_.emit(std::move(batch));
    }
    void stop_after(Position last) override { out_.stop_after(last); }

   private:
    static Value list_of(const std::vector<OwnedValue>& values, Memory& memory) {
      Value* const items = memory.allocate<Value>(values.size());
      for (std::size_t i = 0; i < values.size(); i++) items[i] = deep_copy(values[i].get(), memory);
      return list_value({items, values.size()});
    }

    const Implode& stage_;
    Output& out_;
    std::size_t group_ = 0;
  };

  std::shared_ptr<const Bound> bound_;
  KeyedState<Gathered> gathered_;
  KeptRecords records_;
};

Planned make(Setup& setup) {
  const Name& name = setup.arguments.name("FIELD");
  std::vector<Key> keys = keys_of(setup, "--by");
  FieldReader from(setup.shape, name);
  FieldSetter to(setup.shape, name, name.literal);
  return std::make_unique<Implode>(std::make_shared<const Bound>(
      Bound{std::move(from), std::move(to), std::move(keys), setup.holder()}));
}

}  // namespace

StageRow implode_row() {
  StageRow row;
  row.name = "implode";
  row.summary =
      "makes one record of each group: its first, with the list of the group's values in FIELD";
  row.details =
      "The values stand in the order in which they came, nulls too; a record without the field "
      "adds none, and a group without any has no list. Groups are emitted in the order in which "
      "they "
      "first appeared.";
  row.add_form({.usage = "implode FIELD --by KEYS",
                .parameters = {{"FIELD", Parameter::Kind::name,
                                "the field whose values become a list", true},
                               {"--by", Parameter::Kind::keys,
                                "names, or NAME = EXPR: the fields that tell groups apart", true}}},
               make);
  row.examples = {{"implode tag --by id",
                   "{\"id\":1,\"tag\":\"a\",\"n\":1}\n"
                   "{\"id\":2,\"tag\":\"b\",\"n\":2}\n"
                   "{\"id\":1,\"tag\":\"c\",\"n\":3}\n",
                   "{\"id\":1,\"tag\":[\"a\",\"c\"],\"n\":1}\n"
                   "{\"id\":2,\"tag\":[\"b\"],\"n\":2}\n"}};
  row.elsewhere = {"collect"};
  return row;
}

}  // namespace riffle
