#include "state/groups.h"

#include <algorithm>
#include <cstring>

#include "text/text_map.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/json.h"

namespace riffle {
namespace {

constexpr std::size_t first_places = 64;
// Rows whose places are asked for before the first is used: the table may not be in the cache.
constexpr std::size_t rows_at_once = 256;
constexpr std::size_t most_groups = UINT32_MAX - 1;

bool same(const Value& a, const Value& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// The text of a value that is not null, where its own bytes say it; nothing where they do not.
std::string_view plain_text(const Value& value) {
  std::string_view bytes = value.view();
  switch (value.kind) {
    case Kind::text:
      return bytes;
    case Kind::json:
      if (bytes[0] == '{' || bytes[0] == '[') return {};
      if (bytes[0] != '"') return bytes;
      bytes = bytes.substr(1, bytes.size() - 2);
      return has_escapes(bytes) ? std::string_view() : bytes;
    case Kind::cell:
      if (value.flags & Value::escaped) return {};
      return value.flags & Value::quoted ? bytes.substr(1, bytes.size() - 2) : bytes;
    default:
      return {};
  }
}

// Keys are written as first seen, but a missing one is null like the others of its group.
Value kept_key(const Value& value, Memory& memory) {
  Value kept = is_nothing(value) ? null_value() : deep_copy(value, memory);
  kept.flags = value.flags & static_cast<std::uint8_t>(~Value::irregular);
  return kept;
}

}  // namespace

Groups::Text Groups::Text::of(std::string_view text) {
  Text made;
  made.size = static_cast<std::uint32_t>(text.size());
  if (made.size <= longest_here) {
    char here[longest_here] = {};
    if (!text.empty()) std::memcpy(here, text.data(), text.size());
    std::memcpy(made.begin, here, sizeof made.begin);
    std::memcpy(made.rest, here + sizeof made.begin, sizeof made.rest);
  } else {
    std::memcpy(made.begin, text.data(), sizeof made.begin);
    made.bytes = text.data();
  }
  return made;
}

bool Groups::Text::operator==(const Text& other) const {
  std::uint64_t mine = 0, its = 0;
  std::memcpy(&mine, this, sizeof mine);
  std::memcpy(&its, &other, sizeof its);
  if (mine != its) return false;
  return is_here() ? std::memcmp(rest, other.rest, sizeof rest) == 0
                   : std::memcmp(bytes, other.bytes, size) == 0;
}

Groups::Groups(std::size_t keys, Blocks blocks)
    : keys_(keys),
      block_size_((blocks.size + 7) / 8 * 8),
      stride_(sizeof(Group) + block_size_ + keys * sizeof(Value)),
      start_(std::move(blocks.start)),
      stop_(std::move(blocks.stop)),
      memory_(std::in_place),
      places_(keys == 0 ? 0 : first_places) {}

Groups::~Groups() { stop_all(); }

void Groups::stop_all() {
  if (!stop_) return;
  for (std::size_t group = 0; group < size_; group++) stop_(block_of(group));
}

void Groups::clear() {
  stop_all();
  size_ = 0;
  pieces_.clear();
  memory_.emplace();
  places_ = std::vector<Place>(keys_ == 0 ? 0 : first_places);
}

std::uint64_t Groups::hash_of(std::size_t group) const {
  const Text& text = at(group)->text;
  if (text.size == Text::null) return 0;
  char here[Text::longest_here];
  if (!text.is_here()) return text_hash({text.bytes, text.size});
  std::memcpy(here, text.begin, sizeof text.begin);
  std::memcpy(here + sizeof text.begin, text.rest, sizeof text.rest);
  return text_hash({here, text.size});
}

void Groups::save(StateWriter& to, const Save& write) const {
  std::vector<std::vector<std::uint32_t>> parts(key_groups);
  for (std::size_t group = 0; group < size_; group++)
    parts[key_group_of(group)].push_back(static_cast<std::uint32_t>(group));
  to.count(size_);
  for (const std::vector<std::uint32_t>& part : parts) {
    to.count(part.size());
    for (const std::uint32_t group : part) {
      to.number(group);
      for (const Value& key : keys_of(group)) to.value(key);
      to.part([&] { write(block_of(group), to); });
    }
  }
}

void Groups::load(StateReader& from, const Load& read) {
  struct Saved {
    Value* keys = nullptr;
    std::optional<StateReader> block;
  };
  Memory memory;
  std::vector<Saved> groups(from.count());
  for (std::size_t part = 0; part < key_groups; part++) {
    for (std::size_t left = from.count(); left > 0; left--) {
      const auto number = from.number<std::uint32_t>();
      if (number >= groups.size() || groups[number].block) throw StateReader::damaged();
      Saved& group = groups[number];
      group.keys = memory.allocate<Value>(keys_);
      for (std::size_t key = 0; key < keys_; key++) group.keys[key] = from.value(memory);
      group.block = from.part();
    }
  }
  std::vector<Column> keys(keys_);
  for (Saved& group : groups) {
    if (!group.block) throw StateReader::damaged();
    for (std::size_t key = 0; key < keys_; key++) keys[key] = {&group.keys[key], 0};
    const std::size_t before = size_;
    const Row row = 0;
    std::byte* block = nullptr;
    find({&row, 1}, keys, {&block, 1});
    if (size_ == before) throw StateReader::damaged();  // two of one key
    read(block, *group.block);
    group.block->end();
  }
}

std::span<const Row> Groups::find(std::span<const Row> rows, std::span<const Column> keys,
                                  std::span<std::byte*> blocks) {
  newcomers_.clear();
  if (keys_ == 0) {
    if (rows.empty()) return {};
    if (size_ == 0) newcomers_.push_back(rows[0]);
    std::fill(blocks.begin(), blocks.end(), find_only());
    return newcomers_;
  }
  Memory scratch;
  for (std::size_t done = 0; done < rows.size(); done += rows_at_once) {
    const std::span<const Row> some =
        rows.subspan(done, std::min(rows_at_once, rows.size() - done));
    take_texts(some, keys, scratch);
    fetch_groups();
    for (std::size_t i = 0; i < some.size(); i++)
      blocks[done + i] = block_in(find_text(texts_[i], hashes_[i], some[i], keys));
  }
  return newcomers_;
}

void Groups::find_same(const Groups& other, std::span<const std::size_t> groups,
                       std::span<std::byte*> blocks) {
  newcomers_.clear();
  std::vector<Column> keys(keys_);
  for (std::size_t i = 0; i < groups.size(); i++) {
    if (keys_ == 0) {
      blocks[i] = find_only();
      continue;
    }
    const std::size_t group = groups[i];
    const std::span<const Value> values = other.keys_of(group);
    for (std::size_t key = 0; key < keys_; key++) keys[key] = {&values[key], 0};
    blocks[i] = block_in(find_text(other.at(group)->text,
                                   static_cast<std::uint32_t>(other.hash_of(group)), 0, keys));
  }
}

void Groups::set_keys(std::byte* block, std::span<const Value> keys) {
  auto* const values = reinterpret_cast<Value*>(block + block_size_);
  for (std::size_t i = 0; i < keys_; i++) values[i] = kept_key(keys[i], *memory_);
}

std::byte* Groups::find_only() {
  if (size_ == 0) add(0, {});
  return block_of(0);
}

void Groups::take_texts(std::span<const Row> rows, std::span<const Column> keys, Memory& scratch) {
  texts_.resize(rows.size());
  hashes_.resize(rows.size());
  parts_.assign(keys_, {});
  for (std::size_t i = 0; i < rows.size(); i++) {
    const std::string_view text =
        keys_ == 1 ? text_of_one(keys[0][rows[i]], scratch) : text_of_all(keys, rows[i], scratch);
    const bool null = !text.data();
    texts_[i] = null ? Text() : Text::of(text);
    hashes_[i] = null ? 0 : static_cast<std::uint32_t>(text_hash(text));
    __builtin_prefetch(&places_[hashes_[i] & (places_.size() - 1)]);
  }
}

// Asks for the groups that the rows will most likely find.
void Groups::fetch_groups() {
  const std::size_t mask = places_.size() - 1;
  for (const std::uint32_t hash : hashes_) {
    const Place& place = places_[hash & mask];
    if (place.number == 0) continue;
    const auto* const group = reinterpret_cast<const char*>(at(place.number - 1));
    __builtin_prefetch(group);
    __builtin_prefetch(group + stride_ - sizeof(Value));
  }
}

// Without data: null.
std::string_view Groups::text_of_one(const Value& value, Memory& scratch) {
  if (is_nothing(value)) return {};
  const std::string_view text = plain_text(value);
  return text.data() ? text : repeated_text(parts_[0], value, scratch);
}

// As append_key does, a length stands before each text: ("ab", "c") and ("a", "bc") are two keys.
std::string_view Groups::text_of_all(std::span<const Column> keys, Row row, Memory& scratch) {
  buffer_.clear();
  for (std::size_t i = 0; i < keys.size(); i++) {
    const Value& value = keys[i][row];
    const bool null = is_nothing(value);
    std::string_view text = null ? std::string_view() : plain_text(value);
    if (!null && !text.data()) text = repeated_text(parts_[i], value, scratch);
    const std::uint32_t size = null ? Text::null : static_cast<std::uint32_t>(text.size());
    buffer_.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  }
  return scratch.copy(buffer_);
}

std::string_view Groups::repeated_text(Part& part, const Value& value, Memory& scratch) {
  if (part.value.is_missing() || !same(value, part.value)) part = {value, key_text(value, scratch)};
  return part.text.empty() ? "" : part.text;
}

Groups::Group* Groups::find_text(const Text& text, std::uint32_t hash, Row row,
                                 std::span<const Column> keys) {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = hash & mask;
  for (; places_[place].number; place = (place + 1) & mask) {
    if (places_[place].hash != hash) continue;
    Group* const group = at(places_[place].number - 1);
    if (group->text == text) return group;
  }
  Group* const group = add(row, keys);
  group->text = text;
  if (!text.is_here()) group->text.bytes = memory_->copy({text.bytes, text.size}).data();
  places_[place] = {hash, static_cast<std::uint32_t>(size_)};
  newcomers_.push_back(row);
  if (size_ * 4 > places_.size() * 3) grow();
  return group;
}

Groups::Group* Groups::add(Row row, std::span<const Column> keys) {
  if (size_ == most_groups) throw failure("more than 4 billion groups");
  if (size_ >= first_piece ? std::has_single_bit(size_ / first_piece) && size_ % first_piece == 0
                           : size_ == 0)
    // Without keys there is one group, ever.
    pieces_.emplace_back((keys_ == 0 ? 1 : std::max(size_, first_piece)) * stride_);
  Group* const group = new (at(size_)) Group();
  std::byte* const block = block_in(group);
  if (start_)
    start_(block);
  else
    std::memset(block, 0, block_size_);
  for (std::size_t i = 0; i < keys.size(); i++)
    new (keys_in(group) + i) Value(kept_key(keys[i][row], *memory_));
  size_++;
  return group;
}

void Groups::grow() {
  const std::vector<Place> old = std::move(places_);
  places_.assign(old.size() * 2, {});
  const std::size_t mask = places_.size() - 1;
  for (const Place& place : old) {
    if (!place.number) continue;
    std::size_t to = place.hash & mask;
    while (places_[to].number) to = (to + 1) & mask;
    places_[to] = place;
  }
}

std::size_t Groups::held() const {
  return memory_->size() + places_.capacity() * sizeof(Place) + size_ * stride_;
}

}  // namespace riffle
