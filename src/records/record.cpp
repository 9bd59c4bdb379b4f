#include "records/record.h"

#include <algorithm>

#include "values/decode.h"
#include "values/json.h"
#include "values/name_index.h"

namespace riffle {
namespace {

std::string_view decoded_key(std::string_view raw, Memory& memory) {
  return has_escapes(raw) ? decode_string(raw, memory) : raw.substr(1, raw.size() - 2);
}

void base_of_source(const Batch& batch, Row row, Memory& memory, std::vector<Member>& members) {
  if (batch.dialect.header) {
    for (std::size_t i = 0; i < batch.source.header_columns.size(); i++)
      members.push_back({batch.dialect.header->names[i], batch.source.header_columns[i][row]});
    return;
  }
  if (batch.dialect.members) return batch.dialect.members(batch.source.text[row], memory, members);
  for (JsonWalk walk(trim_blanks(batch.source.text[row])); walk.next();)
    members.push_back({decoded_key(walk.raw_key(), memory), json_value(walk.raw_value())});
}

// The last member of that name, or null.
Member* named(std::vector<Member>& members, std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [&](const Member& m) { return m.name == name; });
  return found == members.rend() ? nullptr : &*found;
}

// The map with the members of another that it lacks.
Value merged(const Value& map, const Value& other, Memory& memory) {
  const Value into = decode(map, memory), from = decode(other, memory);
  if (into.kind != Kind::map || from.kind != Kind::map) return map;
  std::vector<Member> members(into.members, into.members + into.size);
  for (const Member& member : from.map()) {
    Member* const same = named(members, member.name);
    if (same)
      same->value = merged(same->value, member.value, memory);
    else
      members.push_back(member);
  }
  return map_value(memory.copy(std::span<const Member>(members)));
}

// What a pattern takes from inside a map may belong next to what is there already.
void add_members(const Value& map, Memory& memory, std::vector<Member>& members) {
  const std::size_t before = members.size();
  for (const Member& member : map.map()) {
    const auto end = members.begin() + static_cast<std::ptrdiff_t>(before);
    const auto same =
        std::find_if(members.begin(), end, [&](const Member& m) { return m.name == member.name; });
    if (same != end)
      same->value = merged(same->value, member.value, memory);
    else
      members.push_back(member);
  }
}

void base_of_fields(const Shape& shape, const Batch& batch, Row row, Memory& memory,
                    std::vector<Member>& members) {
  for (const Field& field : shape.fields()) {
    const Value& value = batch.columns[field.slot][row];
    if (value.is_missing()) continue;
    if (!field.pattern.empty()) {
      add_members(decode(value, memory), memory, members);
    } else if (!field.name.is_path() || value.flags & Value::literal_key) {
      members.push_back({field.name.literal, value});
    } else {
      const std::span<const std::string> path = field.name.path;
      if (Member* const top = named(members, path[0]))
        top->value = with_member(top->value, path.subspan(1), value, memory);
      else
        members.push_back({path[0], with_member({}, path.subspan(1), value, memory)});
    }
  }
}

void apply(const Edit& edit, const Batch& batch, Row row, std::vector<Member>& members) {
  const auto has_name = [&](const Member& m) { return m.name == edit.name.literal; };
  switch (edit.kind) {
    case Edit::Kind::set: {
      const Value& value = batch.columns[edit.slot][row];
      if (value.is_missing()) return;
      bool found = false;
      for (Member& m : members)
        if (has_name(m)) m.value = value, found = true;
      if (!found) members.push_back({edit.name.literal, value});
      return;
    }
    case Edit::Kind::first: {
      const Value& value = batch.columns[edit.slot][row];
      if (value.is_missing()) return;
      std::erase_if(members, has_name);
      members.insert(members.begin(), {edit.name.literal, value});
      return;
    }
    case Edit::Kind::drop:
      std::erase_if(members, has_name);
      return;
    case Edit::Kind::drop_pattern:
      std::erase_if(members, [&](const Member& m) { return matches(edit.name.literal, m.name); });
      return;
    case Edit::Kind::rename: {
      const auto is_old = [&](const Member& m) { return m.name == edit.from; };
      if (std::none_of(members.begin(), members.end(), is_old)) return;
      std::erase_if(members, has_name);
      for (Member& m : members)
        if (is_old(m)) m.name = edit.name.literal;
      return;
    }
  }
}

void members_of(const Shape& shape, const Batch& batch, Row row, Memory& memory,
                std::vector<Member>& members) {
  members.clear();
  if (shape.is_open())
    base_of_source(batch, row, memory, members);
  else
    base_of_fields(shape, batch, row, memory, members);
  for (const Edit& edit : shape.edits()) apply(edit, batch, row, members);
  std::erase_if(members, [](const Member& m) { return m.value.is_missing(); });
}

Value whole_record(const Shape& shape, const Batch& batch, Row row, Memory& memory) {
  std::vector<Member> record;
  members_of(shape, batch, row, memory, record);
  return map_value(memory.copy(std::span<const Member>(record)));
}

}  // namespace

void members(const Batch& batch, Row row, Memory& memory, std::vector<Member>& members) {
  members_of(*batch.shape, batch, row, memory, members);
}

Reject rejected(const Batch& batch, Row row, std::string_view stage, std::string_view reason) {
  Reject reject{batch.position(row), std::string(stage), std::string(reason), {}};
  if (batch.source.text) {
    std::string_view raw = batch.source.text[row];
    while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) raw.remove_suffix(1);
    reject.raw = raw;
  } else {
    std::vector<Member> record;
    members(batch, row, *batch.memory, record);
    reject.raw = json_text(map_value(record));
  }
  return reject;
}

Value find(const Batch& batch, Row row, const std::vector<Candidate>& candidates, Memory& memory) {
  for (const Candidate& candidate : candidates) {
    Value value = candidate.record ? whole_record(*candidate.record, batch, row, memory)
                                   : batch.columns[candidate.slot][row];
    if (value.is_missing()) continue;
    for (const std::string& name : candidate.members) value = member_of(value, name, memory);
    if (candidate.is_literal_key && !value.is_missing()) value.flags |= Value::literal_key;
    if (!value.is_missing() || !candidate.or_next) return value;
  }
  return {};
}

bool has_field(std::span<const Member> record, const Name& name, Memory& memory) {
  for (const Member& member : record) {
    if (member.name == name.literal) return true;
    if (!name.is_path() || member.name != name.path.front()) continue;
    Value value = member.value;
    for (std::size_t i = 1; i < name.path.size() && !value.is_missing(); i++)
      value = member_of(value, name.path[i], memory);
    if (!value.is_missing()) return true;
  }
  return false;
}

Value member_of(const Value& map, std::string_view name, Memory& memory) {
  Value found;
  if (map.kind == Kind::json && map.text[0] == '{') {
    for (JsonWalk walk(map.view()); walk.next();)
      if (decoded_key(walk.raw_key(), memory) == name) found = json_value(walk.raw_value());
  } else if (map.kind == Kind::map) {
    for (const Member& m : map.map())
      if (m.name == name) found = m.value;
  }
  return found;
}

Value with_member(const Value& map, std::span<const std::string> path, const Value& value,
                  Memory& memory) {
  if (path.empty()) return value;
  const Value decoded = decode(map, memory);
  std::vector<Member> members;
  if (decoded.kind == Kind::map) members.assign(decoded.members, decoded.members + decoded.size);
  if (Member* const inner = named(members, path[0]))
    inner->value = with_member(inner->value, path.subspan(1), value, memory);
  else
    members.push_back({memory.copy(path[0]), with_member({}, path.subspan(1), value, memory)});
  return map_value(memory.copy(std::span<const Member>(members)));
}

Value entries_of(std::span<const Member> map, Memory& memory) {
  std::vector<Value> entries;
  for (const Member& member : distinct_members(map, memory)) {
    const Member entry[] = {{"key", text_value(member.name)}, {"value", member.value}};
    entries.push_back(map_value(memory.copy(std::span<const Member>(entry))));
  }
  return list_value(memory.copy(std::span<const Value>(entries)));
}

Value without_member(const Value& map, std::span<const std::string> path, Memory& memory) {
  const Value decoded = decode(map, memory);
  if (decoded.kind != Kind::map) return map;
  std::vector<Member> members(decoded.members, decoded.members + decoded.size);
  Member* const inner = named(members, path[0]);
  if (!inner) return map;
  if (path.size() == 1)
    std::erase_if(members, [&](const Member& m) { return m.name == path[0]; });
  else
    inner->value = without_member(inner->value, path.subspan(1), memory);
  return map_value(memory.copy(std::span<const Member>(members)));
}

}  // namespace riffle
