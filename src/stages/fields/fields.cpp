#include "stages/fields/fields.h"

#include <algorithm>

#include "records/member_pattern.h"
#include "values/json.h"

namespace riffle {
namespace {

Column filled(Batch& batch, Slot slot, Value* values) {
  return batch.columns[static_cast<std::size_t>(slot)] = {values};
}

bool has_field(const Shape& shape, const std::string& literal) {
  return std::any_of(shape.fields().begin(), shape.fields().end(),
                     [&](const Field& f) { return f.name.literal == literal; });
}

// The fields of the shape are all that there is, and each is known by its name.
bool is_list_of_fields(const Shape& shape) {
  return !shape.is_open() && shape.edits().empty() &&
         std::all_of(shape.fields().begin(), shape.fields().end(),
                     [](const Field& f) { return f.pattern.empty(); });
}

void clear_flag(Value& value, Value::Flag flag) { value.flags &= static_cast<std::uint8_t>(~flag); }

}  // namespace

bool is_field_in_place(const Shape& shape, const Name& path) {
  return is_list_of_fields(shape) && has_field(shape, path.literal);
}

FieldReader::FieldReader(Shape& shape, const Name& name, bool expected)
    : candidates_(shape.find(name, expected)), is_path_(name.is_path()) {
  computed_ = candidates_.size() != 1 || !candidates_[0].members.empty();
  slot_ = computed_ ? shape.slots().add() : candidates_[0].slot;
}

Column FieldReader::read(Batch& batch) const {
  if (!computed_) return batch.columns[static_cast<std::size_t>(slot_)];
  Value* const values = batch.new_values();
  for (const Row row : batch.rows) values[row] = find(batch, row, candidates_, *batch.memory);
  return filled(batch, slot_, values);
}

void FieldReader::forget(Batch& batch, const Value* values) const {
  if (computed_) batch.columns[static_cast<std::size_t>(slot_)] = {};
  if (is_path_) return;
  for (const Candidate& candidate : candidates_) {
    if (candidate.slot == no_slot || !candidate.members.empty()) continue;
    Column& column = batch.columns[static_cast<std::size_t>(candidate.slot)];
    if (!column.values) continue;
    Value* const kept = batch.new_values();
    for (const Row row : batch.rows)
      kept[row] = values[row].is_missing() ? column[row] : values[row];
    column = {kept};
  }
}

PathPlaces::PathPlaces(Shape& shape, const Name& path)
    : path_(path),
      below_(path.path.begin() + 1, path.path.end()),
      literal_(shape.find(literal_name(path.literal), false)),
      top_(shape.find(literal_name(path.path.front()), false)) {
  if (!shape.is_open()) closed_ = std::make_shared<const Shape>(shape);
}

PathPlaces::Values PathPlaces::read(Batch& batch) const {
  Value* const literals = batch.new_values();
  Value* const tops = batch.new_values();
  if (!closed_) {
    for (const Row row : batch.rows) {
      literals[row] = find(batch, row, literal_, *batch.memory);
      tops[row] = find(batch, row, top_, *batch.memory);
    }
    return {{literals}, {tops}};
  }
  Batch before = batch;
  before.shape = closed_;
  std::vector<Member> record;
  for (const Row row : batch.rows) {
    members(before, row, *batch.memory, record);
    literals[row] = tops[row] = Value();
    for (const Member& member : record) {
      if (member.name == path_.literal) literals[row] = member.value;
      if (member.name == path_.path.front()) tops[row] = member.value;
    }
  }
  return {{literals}, {tops}};
}

Value PathPlaces::inside(const Value& top, Memory& memory) const {
  Value value = top;
  for (const std::string& step : below_) value = member_of(value, step, memory);
  return value;
}

FieldSetter::FieldSetter(Shape& shape, const Name& name, const std::string& moved, bool makes)
    : is_path_(name.is_path()) {
  // A path becomes a field of its own in a list of fields, unless the map that it leads into is
  // one.
  if (is_path_ && !is_field_in_place(shape, name) &&
      !(is_list_of_fields(shape) && !has_field(shape, name.path.front()))) {
    places_ = std::make_shared<const PathPlaces>(shape, name);
    slot_ = shape.slots().add();
    if (!places_->is_never_literal()) {
      literal_slot_ = shape.slots().add();
      shape.edit({Edit::Kind::set, literal_name(name.literal), literal_slot_, {}, false});
    }
    shape.edit(
        {Edit::Kind::set, literal_name(name.path.front()), slot_, {}, makes, name.literal, moved});
    return;
  }
  if (!shape.is_open()) old_ = shape.find(name, false);
  slot_ = shape.slots().add();
  shape.edit({Edit::Kind::set, name, slot_, {}, makes, {}, moved});
}

void FieldSetter::set(Batch& batch, const Column& values) const {
  if (places_)
    set_path(batch, values);
  else
    set_name(batch, values);
}

void FieldSetter::set_name(Batch& batch, const Column& values) const {
  Value* const column = batch.new_values();
  for (const Row row : batch.rows) {
    Value value = values[row];
    // How it was found in its own place says nothing of the one that it gets.
    clear_flag(value, Value::literal_key);
    clear_flag(value, Value::irregular);
    if (!old_.empty() && (value.is_missing() || is_path_)) {
      const Value old = find(batch, row, old_, *batch.memory);
      if (value.is_missing()) value = old;
      value.flags |= old.flags & Value::literal_key;
    }
    column[row] = value;
  }
  filled(batch, slot_, column);
}

void FieldSetter::set_path(Batch& batch, const Column& values) const {
  const PathPlaces::Values old = places_->read(batch);
  Value* const tops = batch.new_values();
  Value* const literals = batch.new_values();
  for (const Row row : batch.rows) {
    Value value = values[row];
    tops[row] = literals[row] = Value();
    if (value.is_missing()) continue;
    clear_flag(value, Value::irregular);
    clear_flag(value, Value::literal_key);
    if (old.literal[row].is_missing()) {
      tops[row] = with_member(old.top[row], places_->below(), value, *batch.memory);
    } else {
      value.flags |= Value::literal_key;
      literals[row] = value;
    }
  }
  filled(batch, slot_, tops);
  if (literal_slot_ != no_slot) filled(batch, literal_slot_, literals);
}

namespace {

// A record that has `user.id` as a path has the field, too.
Name name_of_member(const std::string& text) {
  Name name{text, {""}};
  for (const char c : text)
    if (c == '.')
      name.path.emplace_back();
    else
      name.path.back() += c;
  const bool has_empty_step = std::any_of(name.path.begin(), name.path.end(),
                                          [](const std::string& step) { return step.empty(); });
  if (has_empty_step || name.path.size() > static_cast<std::size_t>(nesting_limit))
    name.path = {text};
  return name;
}

}  // namespace

FieldAdder::FieldAdder(Shape& shape, const std::string& text) {
  const Name name = name_of_member(text);
  in_place_ = is_field_in_place(shape, name);
  is_dotted_ = name.is_path();
  old_ = shape.find(name, false);
  slot_ = shape.slots().add();
  Edit edit{Edit::Kind::set, literal_name(text), slot_, {}};
  edit.adds = true;
  shape.edit(std::move(edit));
}

void FieldAdder::add(Batch& batch, Value* values) const {
  for (const Row row : batch.rows) {
    const Value old = find(batch, row, old_, *batch.memory);
    if (!old.is_missing()) {
      values[row] = in_place_ ? old : Value();
    } else {
      clear_flag(values[row], Value::literal_key);
      clear_flag(values[row], Value::irregular);
      // One member of the whole name.
      if (is_dotted_ && !values[row].is_missing()) values[row].flags |= Value::literal_key;
    }
  }
  filled(batch, slot_, values);
}

FieldRemover::FieldRemover(Shape& shape, const Name& name, bool inside_only) {
  const auto found = shape.find(name, false);
  if (!name.is_path() || is_field_in_place(shape, name)) {
    shape.edit({Edit::Kind::drop, name, found.empty() ? no_slot : found.front().slot, {}});
    return;
  }
  places_ = std::make_shared<const PathPlaces>(shape, name);
  slot_ = shape.slots().add();
  if (!places_->is_never_literal() && !inside_only)
    shape.edit({Edit::Kind::drop, literal_name(name.literal), no_slot, {}});
  shape.edit({Edit::Kind::set, literal_name(name.path.front()), slot_, {}, false, name.literal});
}

void FieldRemover::remove(Batch& batch) const {
  if (!places_) return;
  const PathPlaces::Values old = places_->read(batch);
  Value* const tops = batch.new_values();
  for (const Row row : batch.rows) {
    const Value& top = old.top[row];
    const bool nothing_inside =
        !old.literal[row].is_missing() || places_->inside(top, *batch.memory).is_missing();
    tops[row] = nothing_inside ? top : without_member(top, places_->below(), *batch.memory);
  }
  filled(batch, slot_, tops);
}

PatternRemover::PatternRemover(Shape& shape, const std::vector<Name>& patterns) {
  for (const Name& pattern : patterns) {
    shape.watch(pattern);
    shape.slots().rest = true;
    shape.edit({Edit::Kind::drop_pattern, pattern, no_slot, {}});
    if (pattern.literal.find('.') != pattern.literal.npos) inside_.push_back(pattern.literal);
  }
  if (!inside_.empty()) records_.emplace(shape);
}

void PatternRemover::remove(Batch& batch) const {
  if (!records_) return;
  Memory& memory = *batch.memory;
  records_->make(batch, [&](Row, std::vector<Member>& record) {
    for (const std::string& pattern : inside_) record = without_taken(pattern, record, memory);
  });
}

}  // namespace riffle
