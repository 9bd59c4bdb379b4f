#include "expression/syntax.h"
#include "records/own_text.h"
#include "records/pieces.h"
#include "records/record.h"
#include "stages/fields/fields.h"
#include "stages/rows.h"
#include "values/decode.h"

namespace riffle {
namespace {

class Explode : public RecordStage {
 public:
  Explode(Name name, FieldReader from, FieldSetter to, bool keep)
      : name_(std::move(name)), from_(std::move(from)), to_(std::move(to)), keep_(keep) {}

  Batch apply(Batch batch, Effects&, const HandOn& hand_on) const override {
    const Column lists = from_.read(batch);
    const Pieces<Value>::Finish finish = [&](Batch exploded, std::span<const Row> rows,
                                             std::span<const Value> elements) {
      Value* const values = exploded.memory->copy(elements).data();
      give_own_texts(exploded, name_, picked(lists, rows, *exploded.memory), values);
      to_.set(exploded, {values});
      from_.forget(exploded, values);
      return exploded;
    };
    Pieces<Value> pieces(batch, finish, hand_on);
    for (const Row row : batch.rows) {
      pieces.begin_row();
      Value value = decode(lists[row], *batch.memory);
      if (value.kind == Kind::map) value = entries_of(value.map(), *batch.memory);
      const bool empty = value.is_nothing() || (value.kind == Kind::list && value.size == 0);
      if (empty && !keep_) continue;
      if (empty || value.kind != Kind::list) {
        // Missing: nothing is set.
        pieces.add(row, value.kind == Kind::list ? null_value() : Value());
        continue;
      }
      for (const Value& element : value.list()) pieces.add(row, element);
    }
    return pieces.last();
  }

 private:
  Name name_;
  FieldReader from_;
  FieldSetter to_;
  bool keep_;
};

Planned make(Setup& setup) {
  const Name& name = setup.arguments.name("FIELD");
  FieldReader from(setup.shape, name);
  FieldSetter to(setup.shape, name, name.literal);
  return std::make_unique<Explode>(name, std::move(from), std::move(to),
                                   setup.arguments.has("--keep"));
}

}  // namespace

StageRow explode_row() {
  StageRow row;
  row.name = "explode";
  row.summary = "makes one record of each element of a list; the element takes the list's place";
  row.details =
      "The elements of a map are its members, as {key, value}. A record whose list or map is "
      "missing, null or empty is dropped, unless --keep passes it, with null in place of an empty "
      "one. Any other value passes as it is. Where the elements are the records, unwrap takes them "
      "out.";
  row.add_form(
      {.usage = "explode FIELD [--keep]",
       .parameters = {{"FIELD", Parameter::Kind::name, "the field with the list", true},
                      {"--keep", Parameter::Kind::flag,
                       "keeps records without elements: the field is null, or stays missing"}}},
      make);
  row.examples = {{"explode tags", "{\"id\":1,\"tags\":[\"a\",\"b\"]}\n{\"id\":2,\"tags\":[]}\n",
                   "{\"id\":1,\"tags\":\"a\"}\n{\"id\":1,\"tags\":\"b\"}\n"},
                  {"explode hosts", "{\"hosts\":{\"a\":1,\"b\":2}}\n",
                   "{\"hosts\":{\"key\":\"a\",\"value\":1}}\n"
                   "{\"hosts\":{\"key\":\"b\",\"value\":2}}\n"}};
  row.multiplies = true;
  for (const std::string_view flag : {"--into", "--as", "--key", "--to", "--name"})
    row.foreign_flags.push_back(
        {flag, "the element takes the list's place; rename NEW=FIELD names it otherwise"});
  row.elsewhere = {"nest", "unnest", "flatmap", "mvexpand"};
  return row;
}

}  // namespace riffle
