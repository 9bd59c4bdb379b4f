#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "data/error.h"
#include "data/flat_members.h"
#include "data/json.h"
#include "data/record.h"
#include "stages/record_maker.h"
#include "stages/rows.h"

namespace riffle {
namespace {

bool is_dotted(std::string_view name) { return name.find('.') != name.npos; }

Member* named(std::vector<Member>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == name; });
  return found == members.end() ? nullptr : &*found;
}

class Flatten : public Stage {
 public:
  explicit Flatten(RecordMaker records) : records_(records) {}

  void process(Batch batch, Output& out) override {
    FlatMembers flat;
    std::vector<Member> made;
    std::vector<Row> clashing;
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      const std::span<const NamedValue> values = flat.of(record, *batch.memory);
      if (const auto name = flat.shared_name(*batch.memory)) {
        const std::string reason = fmt::format("two members would be called '{}'", visible(*name));
        out.effects.rejects.push_back(rejected(batch, row, "flatten", reason));
        clashing.push_back(row);
      }
      made.clear();
      for (const NamedValue& value : values) made.push_back({value.name, value.value});
      std::swap(made, record);
    });
    std::erase_if(batch.rows, [&](Row row) {
      return std::binary_search(clashing.begin(), clashing.end(), row);
    });
    out.emit(std::move(batch));
  }

 private:
  RecordMaker records_;
};

// The steps of a dotted name; none where one of them would be empty.
std::vector<std::string> steps_of(std::string_view name) {
  std::vector<std::string> steps;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (end == begin) return {};
    steps.emplace_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return steps;
}

// Whether a value can stand at the end of the path inside `map` without another one going.
bool has_room(const Value& map, std::span<const std::string> path, Memory& memory) {
  if (path.size() >= static_cast<std::size_t>(nesting_limit)) return false;
  Value at = map;
  for (const std::string& step : path) {
    if (at.is_missing()) return true;
    if (!is_map(at)) return false;
    at = member_of(at, step, memory);
  }
  return at.is_missing();
}

class Unflatten : public Stage {
 public:
  explicit Unflatten(RecordMaker records) : records_(records) {}

  void process(Batch batch, Output& out) override {
    std::vector<Member> made;
    records_.make(batch, [&](Row, std::vector<Member>& record) {
      if (std::none_of(record.begin(), record.end(), [](const Member& m) { return is_dotted(m.name); })) return;
      made.clear();
      for (const Member& member : record) add(member, record, made, *batch.memory);
      std::swap(made, record);
    });
    out.emit(std::move(batch));
  }

 private:
  static void add(const Member& member, std::vector<Member>& record, std::vector<Member>& made, Memory& memory) {
    const std::vector<std::string> steps = is_dotted(member.name) ? steps_of(member.name) : std::vector<std::string>();
    if (steps.empty()) {
      // A map that a dotted name before it led into is there already.
      const Member* const there = named(made, member.name);
      if (!there || !is_map(there->value) || !is_map(member.value)) made.push_back(member);
      return;
    }
    const std::span<const std::string> below = std::span(steps).subspan(1);
    Member* top = named(made, steps[0]);
    const Member* const base = top ? top : named(record, steps[0]);
    if (!has_room(base ? base->value : Value(), below, memory)) {
      made.push_back(member);
      return;
    }
    if (!top) {
      made.push_back({memory.copy(steps[0]), base ? base->value : Value()});
      top = &made.back();
    }
    top->value = with_member(top->value, below, member.value, memory);
  }

  RecordMaker records_;
};

}  // namespace

StageRow flatten_row() {
  StageRow row;
  row.name = "flatten";
  row.usage = "flatten";
  row.summary = "nested fields become fields of their own, with dotted names";
  row.details =
      "Lists and empty maps stay as they are. A record in which two values would get one name, as "
      "in {\"a.b\":1,\"a\":{\"b\":2}}, is a bad record.";
  row.examples = {{"flatten", "{\"user\":{\"id\":1,\"at\":{\"x\":2}},\"tags\":[1]}\n", "{\"user.id\":1,\"user.at.x\":2,\"tags\":[1]}\n"}};
  row.make = [](Setup& setup) -> std::unique_ptr<Stage> { return std::make_unique<Flatten>(RecordMaker(setup.shape)); };
  row.elsewhere = {"flat"};
  return row;
}

StageRow unflatten_row() {
  StageRow row;
  row.name = "unflatten";
  row.usage = "unflatten";
  row.summary = "fields with dotted names become nested ones";
  row.details = "A name that begins or ends with a dot, or has two side by side, stays; so does one for which there is no room: "
                "x.y where x is no map, or holds a y.";
  row.examples = {{"unflatten", "{\"user.id\":1,\"user.at.x\":2,\"tags\":[1]}\n", "{\"user\":{\"id\":1,\"at\":{\"x\":2}},\"tags\":[1]}\n"}};
  row.make = [](Setup& setup) -> std::unique_ptr<Stage> { return std::make_unique<Unflatten>(RecordMaker(setup.shape)); };
  return row;
}

}  // namespace riffle
