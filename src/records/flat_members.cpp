#include "records/flat_members.h"

#include <fmt/format.h>

#include <algorithm>

#include "records/record.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Path {
  std::string name;   // dots between its steps
  std::string steps;  // where they end, as bytes: they tell `a.b` from a path of two steps
};

bool has_dot(std::string_view name) { return name.find('.') != name.npos; }

void add_paths(const Path& before, std::span<const Member> members, Memory& memory,
               std::vector<Path>& paths) {
  for (const Member& member : members) {
    Path path = before;
    if (!before.steps.empty()) path.name += '.';
    path.name += member.name;
    const std::size_t end = path.name.size();
    path.steps.append(reinterpret_cast<const char*>(&end), sizeof end);
    const Value map = is_map(member.value) ? decode(member.value, memory) : Value();
    if (map.size > 0)
      add_paths(path, map.map(), memory, paths);
    else
      paths.push_back(std::move(path));
  }
}

}  // namespace

std::string shared_column(std::string_view name) {
  return fmt::format("two members share the column '{}'", visible(name));
}

bool is_map(const Value& value) {
  return value.kind == Kind::map || (value.kind == Kind::json && value.text[0] == '{');
}

std::span<const NamedValue> FlatMembers::of(const Batch& batch, Row row, Memory& memory) {
  members(batch, row, memory, row_);
  return of(row_, memory);
}

std::span<const NamedValue> FlatMembers::of(std::span<const Member> record, Memory& memory) {
  record_ = record;
  flat_.clear();
  nests_ = has_dotted_key_ = false;
  for (const Member& member : record) flatten(member.name, member.value, memory);
  return flat_;
}

std::span<const NamedValue> FlatMembers::of(std::string_view name, const Value& value,
                                            Memory& memory) {
  flat_.clear();
  flatten(name, value, memory);
  return flat_;
}

std::optional<std::string> FlatMembers::shared_name(Memory& memory) const {
  const auto is_dotted = [](const Member& member) { return has_dot(member.name); };
  if (!nests_ || !(has_dotted_key_ || std::any_of(record_.begin(), record_.end(), is_dotted)))
    return std::nullopt;
  std::vector<Path> paths;
  add_paths({}, record_, memory, paths);
  const auto is_before = [](const Path& a, const Path& b) { return a.name < b.name; };
  const auto clash = [](const Path& a, const Path& b) {
    return a.name == b.name && a.steps != b.steps;
  };
  std::sort(paths.begin(), paths.end(), is_before);
  const auto found = std::adjacent_find(paths.begin(), paths.end(), clash);
  return found == paths.end() ? std::nullopt : std::optional(found->name);
}

void FlatMembers::flatten(std::string_view name, const Value& value, Memory& memory) {
  const Value map = is_map(value) ? decode(value, memory) : value;
  if (map.kind != Kind::map || map.size == 0) {
    flat_.push_back({name, map});
    return;
  }
  nests_ = true;
  for (const Member& member : map.map()) {
    for (const char c : member.name) has_dotted_key_ |= c == '.';
    char* const path = memory.allocate<char>(name.size() + 1 + member.name.size());
    *std::copy(name.begin(), name.end(), path) = '.';
    std::copy(member.name.begin(), member.name.end(), path + name.size() + 1);
    flatten({path, name.size() + 1 + member.name.size()}, member.value, memory);
  }
}

}  // namespace riffle
