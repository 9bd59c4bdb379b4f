#include "functions/lambda_scope.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "text/text_map.h"
#include "values/decode.h"
#include "values/json.h"

namespace riffle {

// Where a map's names are; of one that grew, also those behind what other maps have of it.
struct LambdaScope::Names {
  const Member* members = nullptr;
  std::size_t size = 0;
  TextViewMap<std::size_t> places;
  bool has_twice = false;

  const Member* find(std::span<const Member> map, std::string_view name) const {
    const auto found = places.find(name);
    return found == places.end() || found->second >= map.size() ? nullptr : &map[found->second];
  }
};

// The last few of each.
struct LambdaScope::Caches {
  static constexpr std::size_t kept = 4;

  struct Decoded {
    const char* text = nullptr;
    std::uint32_t size = 0;
    Value value;
  };
  struct Room {
    const char* end = nullptr;
    const char* limit = nullptr;
  };

  std::array<Decoded, kept> decoded;
  std::array<Names, kept> names;
  std::array<Room, kept> rooms;
  std::vector<std::pair<const void*, Value>> made;
  // By their items or members: of the first `size` of them, which is what a smaller one has there.
  struct Measured {
    std::size_t size = 0;
    Extent inside;
  };
  absl::flat_hash_map<const void*, Measured> measured;
  const void* own = nullptr;  // of the innermost accumulator; null: it may be held elsewhere
  std::size_t next_decoded = 0, next_names = 0, next_room = 0;
};

namespace {

thread_local LambdaScope* outermost = nullptr;

const Member* last_named(std::span<const Member> map, std::string_view name) {
  const auto found = std::find_if(map.rbegin(), map.rend(),
                                  [&](const Member& member) { return member.name == name; });
  return found == map.rend() ? nullptr : &*found;
}

// The bytes of a member's name, or of the comma alone.
std::size_t bytes_before(const Value&) { return 1; }
std::size_t bytes_before(const Member& member) { return member.name.size() + 4; }
const Value& value_in(const Value& item) { return item; }
const Value& value_in(const Member& member) { return member.value; }

// Of a list or map that is not empty: an empty one's place may be another's. Null: it is none.
const void* place_of(const Value& value) {
  if (value.size == 0) return nullptr;
  return value.kind == Kind::list  ? static_cast<const void*>(value.items)
         : value.kind == Kind::map ? static_cast<const void*>(value.members)
                                   : nullptr;
}

// Adds that of further items.
template <typename Item>
void add_extents(std::span<const Item> items, const LambdaScope::Extent& most,
                 LambdaScope::Extent& inside) {
  for (const Item& item : items) {
    const LambdaScope::Extent one =
        LambdaScope::extent_of(value_in(item), {most.depth - 1, most.bytes});
    inside.depth = std::max(inside.depth, one.depth);
    inside.bytes += one.bytes + bytes_before(item);
    if (!inside.is_within({most.depth - 1, most.bytes})) return;
  }
}

}  // namespace

// A value that is shared is met again by its address: what stands there stays as it is, but for
// items that are put behind it.
LambdaScope::Extent LambdaScope::extent_of(const Value& value, const Extent& most) {
  if (value.has_bytes()) return {0, value.size};
  if (value.kind != Kind::list && value.kind != Kind::map) return {0, 1};
  Extent inside;
  if (most.depth == 0) return {1, 2};
  std::size_t done = 0;
  const void* const place = value.kind == Kind::list ? static_cast<const void*>(value.items)
                                                     : static_cast<const void*>(value.members);
  if (is_open()) {
    const auto known = caches().measured.find(place);
    if (known != caches().measured.end() && known->second.size <= value.size) {
      done = known->second.size;
      inside = known->second.inside;
    }
  }
  if (value.kind == Kind::list)
    add_extents(value.list().subspan(done), most, inside);
  else
    add_extents(value.map().subspan(done), most, inside);
  const bool is_worth_it = value.size >= few || inside.depth > 0;
  if (is_open() && is_worth_it && done < value.size &&
      inside.is_within({most.depth - 1, most.bytes}))
    caches().measured[place] = {value.size, inside};
  return {inside.depth + 1, inside.bytes + 2};
}

LambdaScope::Accumulator::Accumulator(bool changes_alone)
    : changes_alone_(changes_alone), outer_(std::exchange(caches().own, nullptr)) {}

LambdaScope::Accumulator::~Accumulator() { caches().own = outer_; }

// What stands elsewhere than before is a copy that set() or merge() has made.
void LambdaScope::Accumulator::step(const Value& before, const Value& after) const {
  if (!changes_alone_) return;
  const void* const place = place_of(after);
  if (!place || place != place_of(before)) caches().own = place;
}

bool LambdaScope::is_own(const void* items) { return is_open() && items && caches().own == items; }

void LambdaScope::changed(const void* items, const Value& before, const Value& after) {
  const auto known = caches().measured.find(items);
  if (known == caches().measured.end()) return;
  constexpr Extent any{nesting_limit, std::numeric_limits<std::size_t>::max()};
  const Extent old = extent_of(before, any), now = extent_of(after, any);
  Extent& inside = caches().measured[items].inside;
  inside.depth = std::max(inside.depth, now.depth);
  inside.bytes = inside.bytes - old.bytes + now.bytes;
}

LambdaScope::LambdaScope() {
  if (!outermost) outermost = this;
}

LambdaScope::~LambdaScope() {
  if (outermost == this) outermost = nullptr;
}

bool LambdaScope::is_open() { return outermost != nullptr; }

LambdaScope::Caches& LambdaScope::caches() {
  if (!outermost->caches_) outermost->caches_ = std::make_unique<Caches>();
  return *outermost->caches_;
}

Value LambdaScope::decoded(const Value& value, Memory& memory) {
  constexpr std::uint32_t long_text = 256;
  if (!outermost || value.kind != Kind::json || value.size < long_text)
    return decode(value, memory);
  Caches& caches = LambdaScope::caches();
  for (const Caches::Decoded& known : caches.decoded)
    if (known.text == value.text && known.size == value.size) return known.value;
  Caches::Decoded& made = caches.decoded[caches.next_decoded++ % Caches::kept];
  made = {value.text, value.size, decode(value, memory)};
  return made.value;
}

const LambdaScope::Names& LambdaScope::names_of(std::span<const Member> map) {
  Caches& caches = LambdaScope::caches();
  auto* names = std::find_if(caches.names.begin(), caches.names.end(),
                             [&](const Names& known) { return known.members == map.data(); });
  if (names == caches.names.end()) {
    names = &caches.names[caches.next_names++ % Caches::kept];
    *names = {map.data(), 0, {}, false};
  }
  for (; names->size < map.size(); names->size++)
    names->has_twice |=
        !names->places.try_emplace(map.data()[names->size].name, names->size).second;
  return *names;
}

const Member* LambdaScope::find(std::span<const Member> map, std::string_view name) {
  if (!is_open() || map.size() < few) return last_named(map, name);
  const Names& names = names_of(map);
  return names.has_twice ? last_named(map, name) : names.find(map, name);
}

bool LambdaScope::has_each_once(std::span<const Member> map) {
  return is_open() && map.size() >= few && !names_of(map).has_twice;
}

void LambdaScope::copied(std::span<const Member> map, const Member* copy) {
  if (!is_open() || map.data() == copy) return;
  for (Names& known : caches().names)
    if (known.members == map.data() && known.size == map.size()) known.members = copy;
}

void* LambdaScope::extended(const void* items, std::size_t size, std::size_t more) {
  if (!outermost || !outermost->caches_ || size == 0) return nullptr;
  const char* const end = static_cast<const char*>(items) + size;
  for (Caches::Room& room : outermost->caches_->rooms) {
    if (room.end != end || more > static_cast<std::size_t>(room.limit - end)) continue;
    room.end += more;
    return const_cast<void*>(items);
  }
  return nullptr;
}

std::optional<Value> LambdaScope::made_before(const void* who) {
  for (const auto& [asker, value] : caches().made)
    if (asker == who) return value;
  return std::nullopt;
}

void LambdaScope::remember(const void* who, const Value& made) {
  caches().made.emplace_back(who, made);
}

void LambdaScope::remember(const void* items, std::size_t size, std::size_t room) {
  Caches& caches = LambdaScope::caches();
  const char* const begin = static_cast<const char*>(items);
  caches.rooms[caches.next_room++ % Caches::kept] = {begin + size, begin + room};
}

}  // namespace riffle
