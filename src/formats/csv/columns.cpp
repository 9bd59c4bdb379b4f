#include "formats/csv/columns.h"

#include <algorithm>

namespace riffle {

CsvColumns::CsvColumns(const std::vector<std::string>& names) {
  for (const std::string& name : names) add(name);
}

void CsvColumns::add(std::string_view name) {
  places_.emplace(name, names_.size());
  names_.emplace_back(name);
  if (name.find('.') != name.npos) dotted_.emplace(name);
}

std::size_t CsvColumns::find(std::string_view name, std::size_t likely) const {
  if (likely < names_.size() && names_[likely] == name) return likely;
  const auto found = places_.find(name);
  return found == places_.end() ? none : found->second;
}

bool CsvColumns::has_inside(std::string_view name) const {
  const std::string inside = std::string(name) + '.';
  const auto first = dotted_.lower_bound(inside);
  return first != dotted_.end() && first->starts_with(inside);
}

std::optional<CsvLayout> CsvLayout::of(const Batch& batch, const CsvColumns& columns) {
  const Shape& shape = *batch.shape;
  std::vector<Entry> entries;
  if (shape.is_open()) {
    if (!batch.dialect.header ||
        batch.source.header_columns.size() != batch.dialect.header->names.size())
      return {};
    for (const std::string& name : batch.dialect.header->names)
      entries.push_back({name, {{true, static_cast<int>(entries.size())}}});
  } else {
    for (const Field& field : shape.fields()) {
      // An edit of `user` is one of `user.id`, too.
      if (!field.pattern.empty() || (field.name.is_path() && !shape.edits().empty())) return {};
      entries.push_back({field.name.literal, {{false, field.slot}}});
    }
  }
  for (const Edit& edit : shape.edits()) apply(edit, entries);

  CsvLayout layout;
  std::vector<std::vector<Place>> by_column(columns.size());
  std::vector<Place> more;
  for (std::size_t i = 0; i < entries.size(); i++) {
    const std::size_t column = columns.find(entries[i].name, i);
    std::vector<Place>& places = column == CsvColumns::none ? more : by_column[column];
    places.insert(places.begin(), entries[i].places.begin(), entries[i].places.end());
  }
  for (std::vector<Place>& places : by_column) {
    layout.begins_.push_back(static_cast<std::uint32_t>(layout.places_.size()));
    if (places.empty()) places.push_back({});
    layout.places_.insert(layout.places_.end(), places.begin(), places.end());
  }
  layout.begins_.push_back(static_cast<std::uint32_t>(layout.places_.size()));
  layout.places_.insert(layout.places_.end(), more.begin(), more.end());
  return layout;
}

// As records/record.cpp does to a record's members; here a value that is missing leaves the place
// to the next one.
void CsvLayout::apply(const Edit& edit, std::vector<Entry>& entries) {
  const std::string_view name = edit.name.literal;
  const auto named = [&](std::string_view wanted) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const Entry& entry) { return entry.name == wanted; });
  };
  switch (edit.kind) {
    case Edit::Kind::set:
    case Edit::Kind::first: {
      auto entry = named(name);
      if (entry == entries.end()) entry = entries.insert(entry, {name, {}});
      entry->places.insert(entry->places.begin(), {false, edit.slot});
      break;
    }
    case Edit::Kind::drop:
      std::erase_if(entries, [&](const Entry& entry) { return entry.name == name; });
      break;
    case Edit::Kind::drop_pattern:
      std::erase_if(entries, [&](const Entry& entry) { return matches(name, entry.name); });
      break;
    case Edit::Kind::rename: {
      const auto from = named(edit.from);
      if (from == entries.end() || edit.from == name) break;
      if (const auto old = named(name); old != entries.end()) {
        from->places.insert(from->places.end(), old->places.begin(), old->places.end());
        from->name = name;
        entries.erase(old);
      } else {
        from->name = name;
      }
      break;
    }
  }
}

void CsvLayout::use(const Batch& batch) {
  static constexpr Value missing{};
  columns_.clear();
  for (const Place& place : places_) {
    const std::size_t index = static_cast<std::size_t>(place.index);
    columns_.push_back(place.index < 0   ? Column{&missing, 0}
                       : place.of_header ? batch.source.header_columns[index]
                                         : batch.columns[index]);
  }
}

}  // namespace riffle
