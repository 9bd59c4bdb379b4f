#include "formats/ndjson/splice.h"

#include <algorithm>
#include <set>

#include "formats/lines/lines.h"
#include "text/lies_in.h"
#include "values/json.h"
#include "values/json_blank.h"

namespace riffle {
namespace {

// Something that is no blank follows.
const char* skip_blanks(const char* at) {
  while (is_json_blank(*at)) at++;
  return at;
}

// Where the key is that stands directly before a value.
const char* key_before(const char* value, std::size_t key_size) {
  const char* const colon = skip_json_blanks_back(value) - 1;
  return skip_json_blanks_back(colon) - key_size - 2;
}

// no_slot: nobody asked for it.
Slot place_of(const Shape& shape, const std::string& name) {
  for (const SourceField& place : shape.slots().places)
    if (place.name.literal == name) return place.slot;
  return no_slot;
}

void request_place(Shape& shape, const std::string& name) {
  if (place_of(shape, name) == no_slot)
    shape.slots().places.push_back({literal_name(name), true, shape.slots().add()});
}

// Whether each edit can be made where the member stands, whatever the others do.
bool can_splice(const Shape& shape) {
  if (!shape.is_open() || shape.edits().empty()) return false;
  std::set<std::string> names;
  for (const Edit& edit : shape.edits()) {
    const bool known = edit.kind == Edit::Kind::set || edit.kind == Edit::Kind::drop ||
                       edit.kind == Edit::Kind::rename;
    if (!known || !names.insert(edit.name.literal).second) return false;
    if (edit.kind == Edit::Kind::rename && !names.insert(edit.from).second) return false;
  }
  return true;
}

}  // namespace

void Splicer::request_places(Shape& shape) {
  if (!can_splice(shape)) return;
  for (const Edit& edit : shape.edits()) {
    request_place(shape, edit.name.literal);
    if (edit.kind == Edit::Kind::rename) request_place(shape, edit.from);
  }
}

std::optional<Splicer> Splicer::of(const Shape& shape) {
  if (!can_splice(shape)) return std::nullopt;
  Splicer splicer;
  for (const Edit& edit : shape.edits()) {
    Step step{edit.kind,
              edit.name.literal,
              edit.from,
              edit.slot,
              place_of(shape, edit.name.literal),
              no_slot,
              {}};
    if (edit.kind == Edit::Kind::rename) step.from_place = place_of(shape, edit.from);
    const bool was_requested =
        step.place != no_slot && (edit.kind != Edit::Kind::rename || step.from_place != no_slot);
    if (!was_requested) return std::nullopt;
    step.key = json_string(step.name);
    splicer.steps_.push_back(std::move(step));
  }
  return splicer;
}

// The members `name` of the record.
const std::vector<Splicer::Place>& Splicer::find(const std::string& name, Slot slot,
                                                 const Batch& batch, Row row) {
  found_.clear();
  const Column& column = batch.columns[static_cast<std::size_t>(slot)];
  const bool known = column.values != nullptr;
  const Value value = known ? column[row] : Value();
  if (known && value.is_missing()) return found_;
  if (known && !(value.flags & Value::irregular) && value.kind == Kind::json &&
      lies_in(value.view(), record_))
    found_.push_back({key_before(value.text, name.size()), value.text, value.text + value.size});
  else
    find_by_walk(name, record_);
  return found_;
}

void Splicer::find_by_walk(const std::string& name, std::string_view record) {
  Memory decoded;
  for (JsonWalk walk(trim_blanks(record)); walk.next();)
    if (decode_string(walk.raw_key(), decoded) == name)
      found_.push_back({walk.raw_key().data(), walk.raw_value().data(),
                        walk.raw_value().data() + walk.raw_value().size()});
}

void Splicer::plan(const Step& step, const Batch& batch, Row row) {
  switch (step.kind) {
    case Edit::Kind::set: {
      const Value& value = batch.columns[static_cast<std::size_t>(step.value)][row];
      if (value.is_missing()) return;
      for (const Place& place : find(step.name, step.place, batch, row))
        changes_.push_back({place.value, place.end, nullptr, &value});
      if (found_.empty()) added_.push_back(&step);
      return;
    }
    case Edit::Kind::rename: {
      for (const Place& place : find(step.from, step.from_place, batch, row))
        changes_.push_back({place.key,
                            skip_json_blanks_back(skip_json_blanks_back(place.value) - 1),
                            &step.key, nullptr});
      if (found_.empty()) return;
      [[fallthrough]];
    }
    default: {
      find(step.name, step.place, batch, row);
      dropped_.insert(dropped_.end(), found_.begin(), found_.end());
    }
  }
}

// Makes changes of the members to drop: each goes with the comma after it; those at the end of the
// record with the one before the first of them.
void Splicer::cut_members() {
  std::sort(dropped_.begin(), dropped_.end(),
            [](const Place& a, const Place& b) { return a.key < b.key; });
  std::vector<Change>& cuts = changes_;
  const std::size_t first_cut = cuts.size();
  for (const Place& place : dropped_) {
    const char* const mark = skip_blanks(place.end);
    if (*mark == ',') {
      cuts.push_back({place.key, skip_blanks(mark + 1), nullptr, nullptr});
      continue;
    }
    const char* begin = place.key;
    while (cuts.size() > first_cut && cuts.back().end == begin) {
      begin = cuts.back().begin;
      cuts.pop_back();
    }
    const char* const before = skip_json_blanks_back(begin);
    cuts.push_back({before[-1] == ',' ? before - 1 : begin, place.end, nullptr, nullptr});
  }
}

void Splicer::write(const Batch& batch, Row row, TextBuffer& out) {
  changes_.clear();
  dropped_.clear();
  added_.clear();
  record_ = without_line_end(batch.source.text[row]);
  for (const Step& step : steps_) plan(step, batch, row);
  if (!dropped_.empty()) cut_members();
  std::sort(changes_.begin(), changes_.end(),
            [](const Change& a, const Change& b) { return a.begin < b.begin; });

  const char* at = record_.data();
  const char* const end = at + record_.size();
  for (const Change& change : changes_) {
    out.append(at, change.begin);
    if (change.key)
      out += *change.key;
    else if (change.value)
      write_json(*change.value, out);
    at = change.end;
  }
  if (!added_.empty()) {
    const char* const brace = skip_json_blanks_back(end) - 1;
    // After the last member, or the opening brace.
    const char* const last = std::max(at, skip_json_blanks_back(brace));
    out.append(at, last);
    at = last;
    const std::string_view before = out.view();
    bool first = before[before.find_last_not_of(" \t\r")] == '{';
    for (const Step* step : added_) {
      if (!first) out += ',';
      first = false;
      out.append(step->key).append(":");
      write_json(batch.columns[static_cast<std::size_t>(step->value)][row], out);
    }
  }
  out.append(at, end);
}

}  // namespace riffle
