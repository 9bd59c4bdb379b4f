#include "records/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/nearest.h"

namespace riffle {
namespace {

// Whether `path` begins with the one-step name `first`: `user.id` with `user`.
bool begins_with(const Name& path, std::string_view first) {
  return path.is_path() && path.path.front() == first;
}

std::vector<std::string> rest_of(const Name& path, std::size_t from = 1) {
  return {path.path.begin() + static_cast<std::ptrdiff_t>(from), path.path.end()};
}

std::string joined(const Name& name, std::size_t steps) {
  std::string text = name.path[0];
  for (std::size_t i = 1; i < steps; i++) text.append(".").append(name.path[i]);
  return text;
}

// Whether an edit may be where the name's value is from: then no record need have it.
bool makes(const Edit& edit, const Name& name) {
  const bool gives = edit.kind == Edit::Kind::set || edit.kind == Edit::Kind::first ||
                     edit.kind == Edit::Kind::rename;
  return gives && (edit.name.literal == name.literal || begins_with(name, edit.name.literal));
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = pattern.npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      p++, n++;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

bool reaches(std::string_view pattern, std::string_view name) {
  const std::size_t dot = pattern.find('.');
  return matches(pattern, name) || (dot != pattern.npos && matches(pattern.substr(0, dot), name));
}

Shape Shape::of_source() {
  Shape shape;
  shape.slots_ = std::make_shared<Slots>();
  return shape;
}

Shape Shape::of_fields(const std::vector<Name>& names) {
  Shape shape = of_source();
  shape.open_ = false;
  for (const Name& name : names) shape.fields_.push_back({name, shape.slots_->add(), {}});
  return shape;
}

std::vector<Candidate> Shape::find(const Name& name, bool expected) {
  if (expected) slots_->named.push_back(name);
  std::vector<Candidate> found;
  if (cuts_across_fields(name)) {
    const auto record = std::make_shared<const Shape>(*this);
    found.push_back({no_slot, {name.literal}, true, record, name.is_path()});
    if (name.is_path()) found.push_back({no_slot, name.path, true, record});
  } else {
    find_before(edits_.size(), name, expected, found);
  }
  if (!expected || has_unread_fields) return found;
  if (found.empty()) refuse_unknown(name);
  const bool only_records_tell = std::all_of(
      found.begin(), found.end(), [&](const Candidate& c) { return is_settled_by_records(c); });
  if (!only_records_tell) return found;
  Watch& watch = slots_->watched.emplace_back(Watch{name});
  for (const Candidate& candidate : found) watch.slots.push_back(candidate.slot);
  return found;
}

// Whether a record may lack what the candidate finds, and nobody else reports that: a reader does
// for the fields that it is expected to have.
bool Shape::is_settled_by_records(const Candidate& candidate) const {
  if (candidate.record || !candidate.members.empty()) return true;
  return std::any_of(slots_->source.begin(), slots_->source.end(), [&](const SourceField& field) {
    return field.slot == candidate.slot && !field.expected;
  });
}

void Shape::refuse_unknown(const Name& name) const {
  const auto renamed = std::find_if(edits_.rbegin(), edits_.rend(), [&](const Edit& edit) {
    return edit.kind == Edit::Kind::rename && edit.from == name.literal;
  });
  std::string message = fmt::format("no field '{}' here", name.literal);
  const std::vector<std::string> known = known_names();
  const std::string suggestion = did_you_mean(name.literal, known);
  const auto dashed = std::find_if(known.begin(), known.end(), [&](const std::string& field) {
    return field.starts_with(name.literal + "-") || field.ends_with("-" + name.literal);
  });
  if (renamed != edits_.rend())
    message += fmt::format("; it is called '{}' now", renamed->name.literal);
  else if (dashed != known.end())
    message += fmt::format("; the field '{0}' is written `{0}`, in backquotes", *dashed);
  else if (!suggestion.empty())
    message += suggestion;
  else if (open_)
    message += "; an earlier stage took it away";
  else if (!known.empty())
    message += fmt::format("; the fields are {}", fmt::join(known, ", "));
  throw UnknownField(message);
}

std::vector<std::string> Shape::known_names() const {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (window && window->start != no_slot) add("window_start"), add("window_end");
  for (const Field& field : fields_)
    if (field.pattern.empty()) add(field.name.literal);
  for (const Edit& edit : edits_) {
    const std::string& name = edit.inside.empty() ? edit.name.literal : edit.inside;
    switch (edit.kind) {
      case Edit::Kind::set:
      case Edit::Kind::first:
        if (edit.makes) add(name);
        break;
      case Edit::Kind::drop:
        std::erase(names, name);
        break;
      case Edit::Kind::drop_pattern:
        std::erase_if(names, [&](const std::string& known) { return matches(name, known); });
        break;
      case Edit::Kind::rename:
        std::erase(names, name);
        std::replace(names.begin(), names.end(), edit.from, name);
        break;
    }
  }
  return names;
}

std::vector<Candidate> Shape::find_all() {
  if (is_open()) slots_->rest = true;
  return {{no_slot, {}, false, std::make_shared<const Shape>(*this)}};
}

// Whether the name finds a map that several fields are put together in (`user` of `user.id` and
// `user.name`), or an edit changes such a map.
bool Shape::cuts_across_fields(const Name& name) const {
  if (open_) return false;
  const std::string& top = name.path.front();
  return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) {
    const std::vector<std::string>& path = field.name.path;
    if (!field.name.is_path() || !field.pattern.empty()) return false;
    if (name.path.size() < path.size() &&
        std::equal(name.path.begin(), name.path.end(), path.begin()))
      return true;
    return std::any_of(edits_.begin(), edits_.end(), [&](const Edit& edit) {
      if (edit.kind == Edit::Kind::drop_pattern)
        return top == path.front() && matches(edit.name.literal, top);
      const bool changes = edit.name.literal == path.front() || edit.from == path.front();
      return changes && (top == path.front() || top == edit.name.literal || top == edit.from);
    });
  });
}

void Shape::find_before(std::size_t edits, const Name& name, bool expected, Candidates& found) {
  while (edits > 0) {
    if (!find_in_edit(--edits, name, expected, found)) return;
    expected = expected && !makes(edits_[edits], name);
  }
  const bool is_start = window && name.literal == "window_start",
             is_end = window && name.literal == "window_end";
  if ((is_start || is_end) && window->start == no_slot)
    throw usage_error(name.literal +
                      " of a session is known when it closes: after the first stage that gathers");
  if (is_start || is_end) slots_->reads_window = true;
  if (is_start)
    found.push_back({window->start, {}});
  else if (is_end)
    found.push_back({window->end, {}});
  // A name that an edit made need not be in any record.
  else
    find_in_base(name, expected && found.empty(), found);
}

// Adds what the edit at `i` has to say of the name; false when what was before it no longer counts.
bool Shape::find_in_edit(std::size_t i, const Name& name, bool expected, Candidates& found) {
  const Edit& edit = edits_[i];
  // A path that is cut off at its first step: only a literal key of the whole name can still be
  // there.
  const auto only_the_literal = [&] {
    find_before(i, literal_name(name.literal), expected, found);
    return false;
  };
  switch (edit.kind) {
    case Edit::Kind::set:
    case Edit::Kind::first:
      if (edit.name.literal == name.literal) {
        found.push_back({edit.slot, {}});
      } else if (begins_with(name, edit.name.literal)) {
        find_before(i, literal_name(name.literal), false, found);
        found.push_back({edit.slot, rest_of(name)});
      }
      return true;
    case Edit::Kind::drop:
      if (edit.name.literal == name.literal) return false;
      return begins_with(name, edit.name.literal) ? only_the_literal() : true;
    case Edit::Kind::drop_pattern:
      if (matches(edit.name.literal, name.literal)) return false;
      return name.is_path() && matches(edit.name.literal, name.path.front()) ? only_the_literal()
                                                                             : true;
    case Edit::Kind::rename:
      if (edit.from == name.literal) return false;
      if (edit.name.literal == name.literal) {
        find_before(i, literal_name(edit.from), expected, found);
      } else if (begins_with(name, edit.name.literal)) {
        find_before(i, literal_name(name.literal), false, found);
        const std::size_t first = found.size();
        find_before(i, literal_name(edit.from), expected, found);
        for (std::size_t c = first; c < found.size(); c++)
          found[c].members.insert(found[c].members.end(), name.path.begin() + 1, name.path.end());
      } else if (begins_with(name, edit.from)) {
        return only_the_literal();
      }
      return true;
  }
  return true;
}

void Shape::find_in_base(const Name& name, bool expected, Candidates& found) {
  if (open_) {
    found.push_back({source_slot(name, expected), {}});
    return;
  }
  const auto look_for = [&](std::string_view literal, std::size_t steps) {
    for (const Field& field : fields_)
      if (field.pattern.empty() && field.name.literal == literal)
        found.push_back({field.slot, rest_of(name, steps)});
  };
  look_for(name.literal, name.path.size());
  for (const Field& field : fields_) {
    if (field.pattern.empty()) continue;
    if (reaches(field.pattern, name.literal))
      found.push_back({field.slot, {name.literal}, true, nullptr, name.is_path()});
    if (name.is_path() && reaches(field.pattern, name.path.front()))
      found.push_back({field.slot, name.path, true});
  }
  for (std::size_t steps = name.path.size() - 1; steps > 0; steps--)
    look_for(joined(name, steps), steps);
}

Slot Shape::source_slot(const Name& name, bool expected) {
  std::vector<SourceField>& source = slots_->source;
  auto field = std::find_if(source.begin(), source.end(),
                            [&](const SourceField& f) { return f.name == name; });
  if (field == source.end()) field = source.insert(field, {name, !name.is_path(), slots_->add()});
  field->expected = field->expected || expected;
  return field->slot;
}

std::vector<bool> Shape::reached_slots() const {
  std::vector<bool> reached(static_cast<std::size_t>(slots_->count), open_);
  const auto reach = [&](Slot slot) {
    if (slot != no_slot) reached[static_cast<std::size_t>(slot)] = true;
  };
  for (const Field& field : fields_) reach(field.slot);
  for (const Edit& edit : edits_) reach(edit.slot);
  if (window) {
    for (const Slot slot : {window->start, window->end, window->number, window->pane}) reach(slot);
    for (const WindowFields::Key& key : window->keys) reach(key.slot);
  }
  return reached;
}

void Shape::close(std::vector<Field> fields) {
  open_ = false;
  fields_ = std::move(fields);
  edits_.clear();
  has_unread_fields = false;
}

Shape Shape::base() const {
  Shape base = *this;
  base.edits_.clear();
  return base;
}

void Shape::edit(Edit edit) {
  if (edit.kind == Edit::Kind::rename && edit.from == edit.name.literal) return;
  if (open_ || !edits_.empty() || !edit_in_place(edit)) edits_.push_back(std::move(edit));
}

// Changes the fields of a closed shape as the edit says, where that does not depend on the record.
bool Shape::edit_in_place(const Edit& edit) {
  const auto is_touched_by_paths = [&](const Field& f) {
    return !f.pattern.empty() || begins_with(f.name, edit.name.literal) ||
           begins_with(f.name, edit.from);
  };
  if (std::any_of(fields_.begin(), fields_.end(), is_touched_by_paths)) return false;
  const auto named = [&](std::string_view literal) {
    return std::find_if(fields_.begin(), fields_.end(),
                        [&](const Field& f) { return f.name.literal == literal; });
  };
  const auto field = named(edit.name.literal);
  switch (edit.kind) {
    case Edit::Kind::set:
      if (field != fields_.end())
        field->slot = edit.slot;
      else if (edit.moved != edit.name.literal)
        fields_.push_back({edit.name, edit.slot, {}});
      break;
    case Edit::Kind::first:
      if (field == fields_.end() && !edit.makes) break;
      if (field != fields_.end()) fields_.erase(field);
      fields_.insert(fields_.begin(), {edit.name, edit.slot, {}});
      break;
    case Edit::Kind::drop:
      if (field != fields_.end()) fields_.erase(field);
      break;
    case Edit::Kind::drop_pattern:
      std::erase_if(fields_,
                    [&](const Field& f) { return matches(edit.name.literal, f.name.literal); });
      break;
    case Edit::Kind::rename:
      if (field != fields_.end()) return false;  // whether it is replaced depends on the record
      if (const auto from = named(edit.from); from != fields_.end()) from->name = edit.name;
      break;
  }
  return true;
}

}  // namespace riffle
