#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "records/flat_members.h"
#include "records/record.h"
#include "stages/fields/record_maker.h"
#include "stages/rows.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/json.h"

namespace riffle {
namespace {

bool is_dotted(std::string_view name) { return name.find('.') != name.npos; }

class Flatten : public RecordStage {
 public:
  explicit Flatten(RecordMaker records) : records_(records) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    FlatMembers flat;
    std::vector<Member> made;
    std::vector<Row> clashing;
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      const std::span<const NamedValue> values = flat.of(record, *batch.memory);
      if (const auto name = flat.shared_name(*batch.memory)) {
        const std::string reason = fmt::format("two members would be called '{}'", visible(*name));
        effects.rejects.push_back(rejected(batch, row, "flatten", reason));
        clashing.push_back(row);
      }
      made.clear();
      for (const NamedValue& value : values) made.push_back({value.name, value.value});
      std::swap(made, record);
    });
    std::erase_if(batch.rows, [&](Row row) {
      return std::binary_search(clashing.begin(), clashing.end(), row);
    });
    return batch;
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

// A map that values are put into, and those inside it that they led to.
class GrowingMap {
 public:
  // Of nothing or a map.
  GrowingMap(const Value& value, Memory& memory) : value_(decode(value, memory)) {
    if (value_.kind == Kind::map) members_.assign(value_.members, value_.members + value_.size);
    // Of a name that comes again the last one counts.
    for (std::size_t i = 0; i < members_.size(); i++) places_[members_[i].name] = i;
  }

  // Puts a value at the end of the path. False: there is no room without another value going.
  bool put(std::span<const std::string> path, const Value& value, Memory& memory) {
    const auto known = places_.find(path[0]);
    if (known == places_.end()) {
      const std::string_view name = memory.copy(path[0]);
      places_.emplace(name, members_.size());
      members_.push_back({name, {}});
      if (path.size() == 1)
        members_.back().value = value;
      else
        open(members_.size() - 1, memory).put(path.subspan(1), value, memory);
      return has_grown_ = true;
    }
    const std::size_t place = known->second;
    if (path.size() == 1 || (!is_open(place) && !is_map(members_[place].value))) return false;
    if (!open(place, memory).put(path.subspan(1), value, memory)) return false;
    return has_grown_ = true;
  }

  // As it is now; a map into which nothing was put is what it was.
  Value value(Memory& memory) {
    if (!has_grown_) return value_;
    for (std::size_t i = 0; i < open_.size(); i++)
      if (open_[i] && open_[i]->has_grown_) members_[i].value = open_[i]->value(memory);
    return map_value(memory.copy(std::span<const Member>(members_)));
  }

 private:
  bool is_open(std::size_t place) const { return place < open_.size() && open_[place]; }
  GrowingMap& open(std::size_t place, Memory& memory) {
    if (open_.size() <= place) open_.resize(place + 1);
    if (!open_[place]) open_[place] = std::make_unique<GrowingMap>(members_[place].value, memory);
    return *open_[place];
  }

  Value value_;
  std::vector<Member> members_;
  TextViewMap<std::size_t> places_;
  std::vector<std::unique_ptr<GrowingMap>> open_;  // by place; null: as it is in members_
  bool has_grown_ = false;
};

// A record in the making.
class Nested {
 public:
  Nested(std::span<const Member> record, Memory& memory) : memory_(memory) {
    for (const Member& member : record) base_.try_emplace(member.name, member.value);
    for (const Member& member : record) add(member);
    for (std::size_t i = 0; i < made_.size(); i++)
      if (open_[i]) made_[i].value = open_[i]->value(memory_);
  }

  const std::vector<Member>& members() const { return made_; }

 private:
  void add(const Member& member) {
    const std::vector<std::string> steps =
        is_dotted(member.name) ? steps_of(member.name) : std::vector<std::string>();
    const auto known = places_.find(steps.empty() ? member.name : std::string_view(steps[0]));
    if (steps.empty()) {
      // A map that a dotted name before it led into is there already.
      const bool is_there = known != places_.end() && is_map_at(known->second);
      if (!is_there || !is_map(member.value)) push(member);
      return;
    }
    const std::span<const std::string> below = std::span(steps).subspan(1);
    const bool is_shallow = below.size() < static_cast<std::size_t>(nesting_limit);
    if (known != places_.end()) {
      const std::size_t place = known->second;
      if (!is_shallow || !is_map_at(place)) return push(member);
      if (!open_[place]) open_[place] = std::make_unique<GrowingMap>(made_[place].value, memory_);
      if (!open_[place]->put(below, member.value, memory_)) push(member);
      return;
    }
    const auto base = base_.find(std::string_view(steps[0]));
    if (!is_shallow || (base != base_.end() && !is_map(base->second))) return push(member);
    auto map = std::make_unique<GrowingMap>(base == base_.end() ? Value() : base->second, memory_);
    if (!map->put(below, member.value, memory_)) return push(member);
    push({memory_.copy(steps[0]), {}});
    open_.back() = std::move(map);
  }

  bool is_map_at(std::size_t place) const { return open_[place] || is_map(made_[place].value); }
  void push(const Member& member) {
    places_.try_emplace(member.name, made_.size());
    made_.push_back(member);
    open_.emplace_back();
  }

  Memory& memory_;
  TextViewMap<Value> base_;          // of the record, the first of each name
  TextViewMap<std::size_t> places_;  // of made_, the same
  std::vector<Member> made_;
  std::vector<std::unique_ptr<GrowingMap>> open_;  // by place; null: as it is in made_
};

class Unflatten : public RecordStage {
 public:
  explicit Unflatten(RecordMaker records) : records_(records) {}

  Batch apply(Batch batch, Effects&, const HandOn&) const override {
    records_.make(batch, [&](Row, std::vector<Member>& record) {
      const auto has_dot = [](const Member& member) { return is_dotted(member.name); };
      if (std::none_of(record.begin(), record.end(), has_dot)) return;
      record = Nested(record, *batch.memory).members();
    });
    return batch;
  }

 private:
  RecordMaker records_;
};

}  // namespace

StageRow flatten_row() {
  StageRow row;
  row.name = "flatten";
  row.summary = "nested fields become fields of their own, with dotted names";
  row.details =
      "Lists and empty maps stay as they are. A record in which two values would get one name, as "
      "in {\"a.b\":1,\"a\":{\"b\":2}}, is a bad record.";
  row.examples = {{"flatten", "{\"user\":{\"id\":1,\"at\":{\"x\":2}},\"tags\":[1]}\n",
                   "{\"user.id\":1,\"user.at.x\":2,\"tags\":[1]}\n"}};
  row.add_form({.usage = "flatten", .parameters = {}}, [](Setup& setup) -> Planned {
    return std::make_unique<Flatten>(RecordMaker(setup.shape));
  });
  row.elsewhere = {"flat"};
  return row;
}

StageRow unflatten_row() {
  StageRow row;
  row.name = "unflatten";
  row.summary = "fields with dotted names become nested ones";
  row.details =
      "A name that begins or ends with a dot, or has two side by side, stays; so does one for "
      "which there is no room: x.y where x is no map, or holds a y.";
  row.examples = {{"unflatten", "{\"user.id\":1,\"user.at.x\":2,\"tags\":[1]}\n",
                   "{\"user\":{\"id\":1,\"at\":{\"x\":2}},\"tags\":[1]}\n"}};
  row.add_form({.usage = "unflatten", .parameters = {}}, [](Setup& setup) -> Planned {
    return std::make_unique<Unflatten>(RecordMaker(setup.shape));
  });
  return row;
}

}  // namespace riffle
