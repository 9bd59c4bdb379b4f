#include "expression/check.h"
#include "expression/failure.h"
#include "records/pieces.h"
#include "records/record.h"
#include "stages/fields/record_maker.h"
#include "stages/rows.h"
#include "values/decode.h"

namespace riffle {
namespace {

class Unwrap : public RecordStage {
 public:
  Unwrap(ExpressionPtr wrapped, Slot slot) : wrapped_(std::move(wrapped)), slot_(slot) {}

  Batch apply(Batch batch, Effects& effects, const HandOn& hand_on) const override {
    Evaluation evaluation{batch, effects};
    const Column values = wrapped_->evaluate(evaluation, batch.rows);
    // What the record was in is none of it: each would carry all of its text.
    batch.source = {};
    const Pieces<Value>::Finish finish = [&](Batch unwrapped, std::span<const Row>,
                                             std::span<const Value> maps) {
      unwrapped.columns[static_cast<std::size_t>(slot_)] = {unwrapped.memory->copy(maps).data()};
      return unwrapped;
    };
    Pieces<Value> pieces(batch, finish, hand_on);
    const auto add = [&](Row row, const Value& value) {
      if (value.is_nothing()) return;
      if (value.kind == Kind::map) {
        pieces.add(row, value);
      } else {
        evaluation.fail(row, wrapped_->site(), [&] { return described(value) + ", no map"; });
      }
    };
    for (const Row row : batch.rows) {
      pieces.begin_row();
      const Value value = decode(values[row], *batch.memory);
      if (value.kind != Kind::list) {
        add(row, value);
        continue;
      }
      for (const Value& element : value.list()) add(row, decode(element, *batch.memory));
    }
    return pieces.last();
  }

 private:
  ExpressionPtr wrapped_;
  Slot slot_;
};

Planned make(Setup& setup) {
  ExpressionPtr wrapped = setup.bind("EXPR");
  return std::make_unique<Unwrap>(std::move(wrapped), become_members_of_maps(setup.shape));
}

}  // namespace

StageRow unwrap_row() {
  StageRow row;
  row.name = "unwrap";
  row.summary = "the map that EXPR gives becomes the record; of a list of maps, each does";
  row.details =
      "It opens envelopes: {\"Records\":[{...},{...}]} becomes the records in it. To keep a field "
      "of the envelope, put it into the map: unwrap 'merge(item, {id: id})'. A record for which "
      "EXPR is null or missing is dropped; a value that is neither a map nor a list of maps is a "
      "failed operation.";
  row.add_form({.usage = "unwrap EXPR",
                .parameters = {{"EXPR", Parameter::Kind::expression, "the map or list", true}}},
               make);
  row.examples = {{"unwrap Records",
                   "{\"Records\":[{\"id\":1,\"by\":\"a\"},{\"id\":2}]}\n"
                   "{\"Records\":[]}\n",
                   "{\"id\":1,\"by\":\"a\"}\n{\"id\":2}\n"},
                  {"unwrap 'compact(record())'", "{\"a\":1,\"b\":null}\n", "{\"a\":1}\n"}};
  row.multiplies = true;
  row.elsewhere = {"unnest_wider"};
  return row;
}

}  // namespace riffle
