#include "formats/csv/header.h"

#include <algorithm>
#include <memory>

#include "records/record.h"
#include "text/text_map.h"
#include "values/decode.h"

namespace riffle {
namespace {

struct First {
  const Batch& batch;
  Row row;
  Memory memory = {};
  FlatMembers flat = {};
};

// A column, and the member of the record that it is, or is nested in.
struct Known {
  std::string member, column;
  bool always = true;      // it is there even when the first record has no such field
  bool may_be_map = true;  // whose columns are not known yet
};

bool is_inside(std::string_view column, std::string_view outer) {
  return column.size() > outer.size() && column.starts_with(outer) && column[outer.size()] == '.';
}

// What is known of the columns, edit by edit.
class KnownColumns {
 public:
  // `first`: null where no record is known.
  KnownColumns(const Shape& shape, const Header* header, First* first) {
    if (!shape.is_open()) {
      for (const Field& field : shape.fields()) add_field(field, header, first);
    } else if (header) {
      for (const std::string& name : header->names) known_.push_back({name, name, true, false});
    } else if (first) {
      add_source(*first);
    }
    for (const Edit& edit : shape.edits()) apply(edit);
  }

  const std::vector<Known>& all() const { return known_; }

 private:
  using Columns = std::vector<Known>;

  void add_source(First& first) {
    Batch base = first.batch;
    base.shape = std::make_shared<const Shape>(first.batch.shape->base());
    std::vector<Member> record;
    members(base, first.row, first.memory, record);
    for (const Member& member : record)
      add_value(member.name, member.name, member.value, false, first, known_);
  }

  void add_field(const Field& field, const Header* header, First* first) {
    if (!field.pattern.empty()) return add_pattern(field, header, first);
    const Value value =
        first ? first->batch.columns[static_cast<std::size_t>(field.slot)][first->row] : Value();
    const std::string& member =
        is_nested(field.name, header, value) ? field.name.path.front() : field.name.literal;
    if (value.is_missing())
      known_.push_back({member, field.name.literal});
    else
      add_value(member, field.name.literal, value, true, *first, known_);
  }

  // Whether a field is inside a map, rather than under a key of its whole name.
  static bool is_nested(const Name& name, const Header* header, const Value& value) {
    if (!name.is_path() || value.flags & Value::literal_key) return false;
    return !header || std::find(header->names.begin(), header->names.end(), name.literal) ==
                          header->names.end();
  }

  static void add_value(std::string_view member, std::string_view column, const Value& value,
                        bool always, First& first, Columns& to) {
    for (const NamedValue& flat : first.flat.of(column, value, first.memory))
      to.push_back({std::string(member), std::string(flat.name), always, false});
  }

  // The members that a pattern takes of the records before it, and those that the first one has.
  void add_pattern(const Field& field, const Header* header, First* first) {
    Columns before = field.from ? KnownColumns(*field.from, header, nullptr).known_ : Columns(),
            found;
    std::erase_if(before, [&](const Known& known) { return !takes(field, known.member); });
    if (first) {
      const Value map = decode(
          first->batch.columns[static_cast<std::size_t>(field.slot)][first->row], first->memory);
      if (map.kind == Kind::map)
        for (const Member& member : map.map())
          add_value(member.name, member.name, member.value, false, *first, found);
    }
    before = flattened(before, found);
    // With a header all is known before; without one the record's own stand first.
    if (header) std::swap(before, found);
    TextViewSet names;
    for (const Known& known : found) {
      names.insert(known.member);
      names.insert(known.column);
    }
    const auto is_found = [&](const Known& known) {
      return names.contains(known.column) ||
             (names.contains(known.member) && (!known.always || known.column == known.member));
    };
    known_.insert(known_.end(), found.begin(), found.end());
    std::remove_copy_if(before.begin(), before.end(), std::back_inserter(known_), is_found);
  }

  // A field that the record has as several, with dotted names, is those.
  static Columns flattened(const Columns& before, const Columns& found) {
    Columns columns;
    for (const Known& known : before) {
      const std::size_t others = columns.size();
      bool is_whole = !known.may_be_map;
      for (const Known& part : found) {
        is_whole = is_whole || part.column == known.column;
        if (!is_whole && is_inside(part.member, known.column)) columns.push_back(part);
      }
      if (is_whole) columns.resize(others);
      if (columns.size() == others) columns.push_back(known);
    }
    return columns;
  }

  static bool takes(const Field& field, std::string_view member) {
    return matches(field.pattern, member) &&
           std::none_of(field.others.begin(), field.others.end(),
                        [&](const std::string& other) { return matches(other, member); });
  }

  void apply(const Edit& edit) {
    const std::string& name = edit.name.literal;
    switch (edit.kind) {
      case Edit::Kind::set:
        if (!edit.inside.empty())
          change_inside(edit);
        else if (edit.makes)
          make(edit);
        break;
      case Edit::Kind::first:
        put_first(edit);
        break;
      case Edit::Kind::drop:
        drop(name);
        break;
      case Edit::Kind::drop_pattern:
        std::erase_if(known_, [&](const Known& known) { return matches(name, known.member); });
        break;
      case Edit::Kind::rename:
        rename(edit.from, name);
        break;
    }
  }

  Columns::iterator find_member(std::string_view name) {
    return std::find_if(known_.begin(), known_.end(),
                        [&](const Known& known) { return known.member == name; });
  }
  // The column that is all of a member.
  Columns::iterator find_whole(std::string_view name) {
    return std::find_if(known_.begin(), known_.end(), [&](const Known& known) {
      return known.member == name && known.column == name;
    });
  }
  Columns::iterator find_column(std::string_view name) {
    return std::find_if(known_.begin(), known_.end(),
                        [&](const Known& known) { return known.column == name; });
  }

  // A field of one value stands where columns nested in the one before it stood.
  void make(const Edit& edit) {
    const std::string& name = edit.name.literal;
    if (const auto member = find_member(name); member != known_.end()) {
      if (edit.moved == name || edit.adds) return;
      *member = {name, name};
      known_.erase(std::remove_if(member + 1, known_.end(),
                                  [&](const Known& known) { return known.member == name; }),
                   known_.end());
    } else if (const auto column = find_column(name); column != known_.end()) {
      column->always = true;
    } else if (has_moved(edit)) {
      known_.push_back({name, name});
    }
  }

  // A field inside the member that the edit sets.
  void change_inside(const Edit& edit) {
    const std::string& member = edit.name.literal;
    const auto column = find_column(edit.inside);
    if (!edit.makes) {
      drop_inside(member, edit.inside);
    } else if (column != known_.end()) {
      column->always = true;
    } else if (has_moved(edit)) {
      const auto last = std::find_if(known_.rbegin(), known_.rend(),
                                     [&](const Known& known) { return known.member == member; });
      // It becomes a map.
      if (const auto whole = find_whole(member); whole != known_.end()) whole->always = false;
      known_.insert(last == known_.rend() ? known_.end() : last.base(), {member, edit.inside});
    }
  }

  void put_first(const Edit& edit) {
    const std::string& name = edit.name.literal;
    if (edit.makes && find_member(name) == known_.end()) known_.push_back({name, name});
    std::stable_partition(known_.begin(), known_.end(),
                          [&](const Known& known) { return known.member == name; });
  }

  void drop(const std::string& name) {
    note_dropped(name, std::erase_if(known_, [&](const Known& known) {
                         return known.member == name || known.column == name;
                       }) > 0);
  }

  // The last column of a member becomes the member itself: an empty map.
  void drop_inside(const std::string& member, const std::string& name) {
    const auto is_dropped = [&](const Known& known) {
      return known.member == member && (known.column == name || is_inside(known.column, name));
    };
    const auto first = std::find_if(known_.begin(), known_.end(), is_dropped);
    if (first == known_.end()) return;
    note_dropped(name, true);
    const auto is_other = [&](const Known& known) {
      return known.member == member && known.column != member && !is_dropped(known);
    };
    if (const auto whole = find_whole(member); whole != known_.end())
      whole->always = first->always;
    else if (std::none_of(known_.begin(), known_.end(), is_other))
      *first = {member, member, first->always, false};
    std::erase_if(known_, is_dropped);
  }

  void rename(const std::string& from, const std::string& to) {
    if (find_member(from) == known_.end()) return;
    std::erase_if(known_, [&](const Known& known) { return known.member == to; });
    for (Known& known : known_)
      if (known.member == from)
        known = {to, to + known.column.substr(from.size()), known.always, known.may_be_map};
  }

  void note_dropped(const std::string& name, bool was_there) {
    std::erase(dropped_, name);
    if (was_there) dropped_.push_back(name);
  }

  // Whether the field that an edit moves is one, or was until it was taken away to be moved.
  bool has_moved(const Edit& edit) const {
    const std::string& from = edit.moved;
    if (from.empty() || std::find(dropped_.begin(), dropped_.end(), from) != dropped_.end())
      return true;
    return std::any_of(known_.begin(), known_.end(), [&](const Known& known) {
      return known.member == from || known.column == from ||
             (known.member != known.column && is_inside(known.column, from)) ||
             (known.may_be_map && is_inside(from, known.column));
    });
  }

  Columns known_;
  std::vector<std::string> dropped_;
};

// What is known and what the first record has, put together.
class Gathered {
 public:
  Gathered(const std::vector<Known>& known, std::span<const NamedValue> record) {
    for (const Known& one : known) own_.insert(one.column);
    for (std::size_t i = 0; i < record.size(); i++) {
      there_.insert(record[i].name);
      const bool is_dotted = record[i].name.find('.') != std::string_view::npos;
      if (is_dotted) dotted_.emplace_back(record[i].name, i);
    }
    std::sort(dotted_.begin(), dotted_.end());
    for (const Known& one : known) add_known(one);
    for (const NamedValue& value : record) add(value.name);
  }

  std::vector<std::string> names;

 private:
  void add_known(const Known& known) {
    const std::size_t before = names.size();
    if (there_.contains(known.column)) add(known.column);
    for (const auto& [place, name] : inside(known.column))
      if (!own_.contains(name)) add(name);
    if (known.always && names.size() == before) add(known.column);
  }

  // The record's members inside a column, in their order there.
  std::vector<std::pair<std::size_t, std::string_view>> inside(const std::string& column) const {
    std::vector<std::pair<std::size_t, std::string_view>> members;
    const std::string prefix = column + '.';
    const std::pair<std::string_view, std::size_t> first(prefix, 0);
    for (auto at = std::lower_bound(dotted_.begin(), dotted_.end(), first);
         at != dotted_.end() && at->first.starts_with(prefix); at++)
      members.emplace_back(at->second, at->first);
    std::sort(members.begin(), members.end());
    return members;
  }

  void add(std::string_view name) {
    if (added_.insert(name).second) names.emplace_back(name);
  }

  TextViewSet own_, there_, added_;
  std::vector<std::pair<std::string_view, std::size_t>> dotted_;  // and their places, by name
};

}  // namespace

CsvColumns columns_of(const Batch& batch, Row row) {
  const Shape& shape = *batch.shape;
  if (shape.is_open() && batch.dialect.header && shape.edits().empty())
    return CsvColumns(batch.dialect.header->names);
  First first{batch, row};
  const KnownColumns known(shape, batch.dialect.header.get(), &first);
  FlatMembers members;
  return CsvColumns(Gathered(known.all(), members.of(batch, row, first.memory)).names);
}

CsvColumns columns_of_nothing(const Shape& shape, const Header* header) {
  return CsvColumns(Gathered(KnownColumns(shape, header, nullptr).all(), {}).names);
}

}  // namespace riffle
