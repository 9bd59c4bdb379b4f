#include <fmt/format.h>

#include <algorithm>

#include "arguments/names.h"
#include "expression/check.h"
#include "stages/fields/fields.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Filled {
  FieldReader from;
  FieldSetter to;
  // Of a path: what must be maps, or nothing, on the way to it.
  std::vector<FieldReader> above = {};
};

std::vector<FieldReader> readers_above(Shape& shape, const Name& name) {
  std::vector<FieldReader> readers;
  Name above;
  for (std::size_t steps = 1; steps < name.path.size(); steps++) {
    above.path.push_back(name.path[steps - 1]);
    above.literal += (steps > 1 ? "." : "") + name.path[steps - 1];
    readers.emplace_back(shape, above, false);
  }
  return readers;
}

// The rows in which the field is null or missing. Where another value is in its way (5 in the way
// of `user.id` at `user`) it cannot be, and nothing is to be done.
std::vector<Row> rows_to_fill(const Filled& field, const Column& old, Batch& batch) {
  std::vector<Row> rows;
  for (const Row row : batch.rows)
    if (is_nothing(old[row])) rows.push_back(row);
  for (const FieldReader& reader : field.above) {
    const Column values = reader.read(batch);
    std::erase_if(rows, [&](Row row) {
      return !is_nothing(values[row]) && decode(values[row], *batch.memory).kind != Kind::map;
    });
  }
  return rows;
}

// A column that sets nothing yet: what is missing leaves a field as it is.
Value* nothing_to_set(Batch& batch) {
  Value* const values = batch.new_values();
  for (const Row row : batch.rows) values[row] = Value();
  return values;
}

class FillWith : public RecordStage {
 public:
  // `values`: of all fields, or of each one.
  FillWith(std::vector<Filled> fields, std::vector<ExpressionPtr> values)
      : fields_(std::move(fields)), values_(std::move(values)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    for (std::size_t i = 0; i < fields_.size(); i++) {
      const Filled& field = fields_[i];
      const Column old = field.from.read(batch);
      const std::vector<Row> empty = rows_to_fill(field, old, batch);
      Value* const values = nothing_to_set(batch);
      Evaluation evaluation{batch, effects};
      const Column computed = values_[std::min(i, values_.size() - 1)]->evaluate(evaluation, empty);
      for (const Row row : empty) values[row] = computed[row];
      field.to.set(batch, {values});
    }
    return batch;
  }

 private:
  std::vector<Filled> fields_;
  std::vector<ExpressionPtr> values_;
};

class FillDown : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  FillDown(std::vector<Filled> fields, std::vector<Key> keys, const Holder& holder)
      : fields_(std::move(fields)), keys_(std::move(keys)), last_(keys_.size(), holder) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = values_of(keys_, batch, out.effects);
    const std::size_t before = last_.size();
    last_.find(batch.rows, keys);
    for (std::size_t key = before; key < last_.size(); key++) last_[key].resize(fields_.size());
    last_.hold((last_.size() - before) * fields_.size() * sizeof(OwnedValue));
    for (std::size_t field = 0; field < fields_.size(); field++) fill(field, batch);
    last_.account();
    out.emit(std::move(batch));
  }

  void save(StateWriter& to) const override {
    to.begin("fill", 1);
    last_.save(to, [](const Last& last, StateWriter& one) {
      for (const OwnedValue& value : last) value.save(one);
    });
  }
  void load(StateReader& from) override {
    from.begin("fill", 1);
    last_.load(from, [this](Last& last, StateReader& one) {
      last.resize(fields_.size());
      last_.hold(fields_.size() * sizeof(OwnedValue));
      for (OwnedValue& value : last) {
        value.load(one);
        last_.hold(value.held());
      }
    });
    last_.account();
  }

 private:
  using Last = std::vector<OwnedValue>;  // of a key, by field

  void fill(std::size_t field, Batch& batch) {
    const Column old = fields_[field].from.read(batch);
    const std::vector<Row> empty = rows_to_fill(fields_[field], old, batch);
    auto next_empty = empty.begin();
    Value* const values = nothing_to_set(batch);
    for (std::size_t i = 0; i < last_.found_count(); i++) {
      const Row row = batch.rows[i];
      OwnedValue& last = last_.found(i)[field];
      if (next_empty != empty.end() && *next_empty == row) {
        values[row] = deep_copy(last.get(), *batch.memory);
        next_empty++;
      }
      if (is_nothing(old[row])) continue;
      last_.let_go(last.held());
      last.assign(old[row]);
      last_.hold(last.held());
    }
    fields_[field].to.set(batch, {values});
  }

  std::vector<Filled> fields_;
  std::vector<Key> keys_;
  KeyedState<Last> last_;
};

std::vector<Filled> fields_of(Setup& setup) {
  const auto& text = setup.arguments.source("FIELDS");
  std::vector<Filled> fields;
  std::vector<Name> names;
  for (const Item& item : setup.arguments.items("FIELDS")) {
    if (const std::string reason = clash(item.name, names); !reason.empty())
      throw usage_error_at(fmt::format("fill: {}", reason), text->text, item.position, item.length);
    names.push_back(item.name);
    FieldReader from(setup.shape, item.name);
    std::vector<FieldReader> above = readers_above(setup.shape, item.name);
    fields.push_back({std::move(from), FieldSetter(setup.shape, item.name), std::move(above)});
  }
  return fields;
}

Planned make_fill_with(Setup& setup) {
  std::vector<ExpressionPtr> values;
  values.push_back(setup.bind("--with"));
  std::vector<Filled> fields = fields_of(setup);
  // What depends on the records before (random()) is of each field, or it would depend on where
  // blocks end: fields are filled one after the other.
  while (setup.binding.ordered_calls > 0 && values.size() < fields.size())
    values.push_back(setup.bind("--with"));
  return std::make_unique<FillWith>(std::move(fields), std::move(values));
}

Planned make_fill_down(Setup& setup) {
  std::vector<Key> keys = keys_of(setup, "--by");
  return in_order<FillDown>(fields_of(setup), std::move(keys), setup.holder());
}

}  // namespace

StageRow fill_row() {
  StageRow row;
  row.name = "fill";
  row.summary = "gives these fields a value where they are null or missing";
  row.details =
      "With --with that of EXPR, which sees the record as it came; with --down the last one that "
      "the field had (of the same key, with --by), if any. One of the two is needed. A missing "
      "field is added at the end. --down goes through all records in order, windows or not, and "
      "holds the last values of every key.";
  const Parameter fields{"FIELDS", Parameter::Kind::plain_names,
                         "names, with commas between several", true};
  row.add_form({.usage = "fill FIELD,... --with EXPR",
                .parameters = {fields, {"--with", Parameter::Kind::expression, "the value", true}},
                .flag = "--with"},
               make_fill_with);
  row.add_form(
      {.usage = "fill FIELD,... --down [--by KEYS]",
       .parameters = {fields,
                      {"--down", Parameter::Kind::flag, "the last value that the field had", true},
                      {"--by", Parameter::Kind::keys,
                       "names, or NAME = EXPR: records of the same key"}},
       .flag = "--down"},
      make_fill_down);
  row.examples = {{"fill a,b --with 0",
                   "{\"a\":null,\"b\":2}\n"
                   "{\"a\":1}\n",
                   "{\"a\":0,\"b\":2}\n"
                   "{\"a\":1,\"b\":0}\n"},
                  {"fill price --down --by item",
                   "{\"item\":\"x\",\"price\":3}\n"
                   "{\"item\":\"y\",\"price\":null}\n"
                   "{\"item\":\"x\",\"price\":null}\n",
                   "{\"item\":\"x\",\"price\":3}\n"
                   "{\"item\":\"y\",\"price\":null}\n"
                   "{\"item\":\"x\",\"price\":3}\n"}};
  row.elsewhere = {"fillna", "fillnull", "fill-down", "fill_down", "fill-empty"};
  return row;
}

}  // namespace riffle
