#include "data/flat_members.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/decode.h"
#include "data/error.h"
#include "data/record.h"

namespace riffle {
namespace {

struct Path {
  std::string name;   // dots between its steps
  std::string steps;  // where they end, as bytes: they tell `a.b` from a path of two steps
};

bool has_dot(std::string_view name) { return name.find('.') != name.npos; }

bool has_dotted_key(std::span<const Member> members, Memory& memory) {
  return std::any_of(members.begin(), members.end(), [&](const Member& member) {
    if (has_dot(member.name)) return true;
    return is_map(member.value) && has_dotted_key(decode(member.value, memory).map(), memory);
  });
}

void add_paths(const Path& before, std::span<const Member> members, Memory& memory,
               std::vector<Path>& paths) {
  for (const Member& member : members) {
    Path path = before;
    if (!before.steps.empty()) path.name += '.';
    path.name += member.name;
    const std::size_t end = path.name.size();
    path.steps.append(reinterpret_cast<const char*>(&end), sizeof end);
    const Value map = is_map(member.value) ? decode(member.value, memory) : Value();
    if (map.size > 0) add_paths(path, map.map(), memory, paths);
    else paths.push_back(std::move(path));
  }
}

}  // namespace

std::optional<std::string> shared_name(std::span<const Member> record, Memory& memory) {
  const auto holds_map = [](const Member& member) { return is_map(member.value); };
  const bool nests = std::any_of(record.begin(), record.end(), holds_map);
  if (!nests || !has_dotted_key(record, memory)) return std::nullopt;
  std::vector<Path> paths;
  add_paths({}, record, memory, paths);
  const auto is_before = [](const Path& a, const Path& b) { return a.name < b.name; };
  const auto clash = [](const Path& a, const Path& b) {
    return a.name == b.name && a.steps != b.steps;
  };
  std::sort(paths.begin(), paths.end(), is_before);
  const auto found = std::adjacent_find(paths.begin(), paths.end(), clash);
  return found == paths.end() ? std::nullopt : std::optional(found->name);
}

std::optional<std::string> shared_name(const Batch& batch, Row row, Memory& memory) {
  std::vector<Member> record;
  members(batch, row, memory, record);
  return shared_name(record, memory);
}

std::string shared_column(std::string_view name) {
  return fmt::format("two members share the column '{}'", visible(name));
}

bool is_map(const Value& value) { return value.kind == Kind::map || (value.kind == Kind::json && value.text[0] == '{'); }

std::span<const NamedValue> FlatMembers::of(const Batch& batch, Row row, Memory& memory) {
  members(batch, row, memory, record_);
  flat_.clear();
  for (const Member& member : record_) flatten(member.name, member.value, memory);
  return flat_;
}

std::span<const NamedValue> FlatMembers::of(std::string_view name, const Value& value, Memory& memory) {
  flat_.clear();
  flatten(name, value, memory);
  return flat_;
}

void FlatMembers::flatten(std::string_view name, const Value& value, Memory& memory) {
  const Value map = is_map(value) ? decode(value, memory) : value;
  if (map.kind != Kind::map || map.size == 0) {
    flat_.push_back({name, map});
    return;
  }
  for (const Member& member : map.map()) {
    char* const path = memory.allocate<char>(name.size() + 1 + member.name.size());
    *std::copy(name.begin(), name.end(), path) = '.';
    std::copy(member.name.begin(), member.name.end(), path + name.size() + 1);
    flatten({path, name.size() + 1 + member.name.size()}, member.value, memory);
  }
}

}  // namespace riffle
