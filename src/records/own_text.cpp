#include "records/own_text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "text/lies_in.h"
#include "text/text_buffer.h"
#include "values/decode.h"
#include "values/json.h"

namespace riffle {
namespace {

// Where the texts of a field's values are in a record's text.
class Places {
 public:
  void find(const Name& name, const Value& whole, std::string_view record, Memory& memory) {
    record_ = record;
    places_.clear();
    const bool is_regular = whole.kind == Kind::json && !(whole.flags & Value::irregular);
    if (is_regular && lies_in(whole.view(), record)) {
      places_.push_back(whole.view());
    } else if (!name.is_path()) {
      for (JsonWalk walk(trim_blanks(record)); walk.next();)
        if (decode_string(walk.raw_key(), memory) == name.literal)
          places_.push_back(walk.raw_value());
    }
  }
  bool empty() const { return places_.empty(); }

  // The record with `text` in all places.
  std::string_view put(std::string_view text, Memory& memory) {
    size_ = text.size();
    std::size_t size = record_.size() + places_.size() * size_;
    for (const std::string_view place : places_) size -= place.size();
    char* const made = memory.allocate<char>(size);
    char* to = made;
    const char* from = record_.data();
    for (const std::string_view place : places_) {
      to = std::copy(from, place.data(), to);
      to = std::copy(text.begin(), text.end(), to);
      from = place.data() + place.size();
    }
    std::copy(from, record_.data() + record_.size(), to);
    made_ = {made, size};
    return made_;
  }

  // The text in the last place of what put() made.
  std::string_view last() const { return {made_.data() + moved(places_.back().data()), size_}; }

  // What became of a value in the record's text, after put(). `is_field`: it is the record's own at
  // this place, and no copy that a stage made of it.
  Value moved(const Value& value, bool is_field) const {
    if (!value.is_untouched() || !lies_in(value.view(), record_)) return value;
    const std::string_view old = value.view();
    const bool overlaps = std::any_of(places_.begin(), places_.end(), [&](std::string_view place) {
      return old.data() < place.data() + place.size() && place.data() < old.data() + old.size();
    });
    if (overlaps && !is_field) return value;
    const bool is_part =
        overlaps && std::any_of(places_.begin(), places_.end(), [&](std::string_view place) {
          return old.size() < place.size() && lies_in(old, place);
        });
    if (is_part) return {};
    const std::size_t begin = moved(old.data()), end = moved(old.data() + old.size());
    Value result = value;
    result.text = made_.data() + begin;
    result.size = static_cast<std::uint32_t>(end - begin);
    return result;
  }

 private:
  // No place begins before `old` and ends behind it.
  std::size_t moved(const char* old) const {
    auto at = static_cast<std::size_t>(old - record_.data());
    for (const std::string_view place : places_) {
      if (place.data() + place.size() > old) break;
      at += size_ - place.size();
    }
    return at;
  }

  std::string_view record_, made_;
  std::vector<std::string_view> places_;
  std::size_t size_ = 0;  // of the text that was put
};

// A column's values, to be changed.
Value* own_values(const Column& column, const Batch& batch) {
  Value* const values = batch.memory->allocate<Value>(batch.size);
  for (const Row row : batch.rows) values[row] = column[row];
  return values;
}

// Whether the reader fills this column.
bool is_of_source(std::size_t slot, const Slots& slots) {
  const auto is_it = [&](const SourceField& field) {
    return field.slot != no_slot && static_cast<std::size_t>(field.slot) == slot;
  };
  return std::any_of(slots.source.begin(), slots.source.end(), is_it) ||
         std::any_of(slots.places.begin(), slots.places.end(), is_it);
}

void give_json_texts(Batch& batch, const Name& name, const Column& wholes, Value* values) {
  struct Moved {
    Value* values;
    bool is_field;
  };
  std::vector<Moved> columns;
  for (std::size_t slot = 0; slot < batch.columns.size(); slot++) {
    if (!batch.columns[slot].values) continue;
    columns.push_back(
        {own_values(batch.columns[slot], batch), is_of_source(slot, batch.shape->slots())});
    batch.columns[slot] = {columns.back().values};
  }
  auto* const texts = batch.memory->allocate<std::string_view>(batch.size);
  Places places;
  std::string_view record;
  TextBuffer written;
  for (const Row row : batch.rows) {
    texts[row] = batch.source.text[row];
    if (values[row].is_missing()) continue;
    if (texts[row].data() != record.data()) {
      record = texts[row];
      places.find(name, wholes[row], record, *batch.memory);
    }
    if (places.empty()) continue;
    const bool is_json = values[row].kind == Kind::json;
    written.clear();
    if (!is_json) write_json(values[row], written);
    texts[row] = places.put(is_json ? values[row].view() : written.view(), *batch.memory);
    if (is_json) values[row] = json_value(places.last());
    for (const Moved& column : columns)
      column.values[row] = places.moved(column.values[row], column.is_field);
  }
  batch.source.text = texts;
}

// What the header's columns have in place of the values is never seen: the field is set.
void drop_texts(Batch& batch, const Name& name, const Value* values) {
  batch.source.text = nullptr;
  const auto clear = [&](Column& column) {
    Value* const cells = own_values(column, batch);
    for (const Row row : batch.rows)
      if (!values[row].is_missing()) cells[row] = null_value();
    column = {cells};
  };
  const std::vector<std::string>& names = batch.dialect.header->names;
  for (std::size_t i = 0; i < batch.source.header_columns.size(); i++)
    if (names[i] == name.literal) clear(batch.source.header_columns[i]);
  for (const SourceField& field : batch.shape->slots().source) {
    if (field.slot == no_slot || field.name.literal != name.literal) continue;
    Column& column = batch.columns[static_cast<std::size_t>(field.slot)];
    if (column.values) clear(column);
  }
}

}  // namespace

void give_own_texts(Batch& batch, const Name& name, const Column& wholes, Value* values) {
  if (!batch.source.text) return;
  if (!batch.shape->is_open())
    batch.source = {};
  else if (!batch.source.header_columns.empty())
    drop_texts(batch, name, values);
  else if (!batch.dialect.header && !batch.dialect.members)
    give_json_texts(batch, name, wholes, values);
}

}  // namespace riffle
