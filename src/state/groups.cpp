#include "state/groups.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "data/decode.h"
#include "data/json.h"

namespace riffle {
namespace {

constexpr std::size_t first_places = 64;
// Rows whose places are asked for before the first is used: the table may not be in the cache.
constexpr std::size_t rows_at_once = 256;

// Drawn once for each run: nobody can prepare keys that collide. Results do not depend on it.
std::uint64_t hash_seed() {
  static const std::uint64_t seed = [] {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
  }();
  return seed;
}

bool same(const Value& a, const Value& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// The text of a value that is not null, where its own bytes say it; nothing where they do not.
std::string_view plain_text(const Value& value) {
  std::string_view bytes = value.view();
  switch (value.kind) {
    case Kind::text:
      return bytes;
    case Kind::json:
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

Groups::Groups(std::size_t keys, std::size_t block_size, Visit start, Visit stop)
    : keys_(keys),
      block_size_((block_size + 15) / 16 * 16),
      start_(std::move(start)),
      stop_(std::move(stop)),
      places_(first_places) {}

Groups::Groups(std::size_t keys, std::size_t block_size) : Groups(keys, block_size, nullptr, nullptr) {}

Groups::~Groups() {
  if (!stop_) return;
  for (Group* const group : groups_) stop_(block_in(group));
}

std::span<const Row> Groups::find(std::span<const Row> rows, std::span<const Column> keys,
                                  std::span<std::byte*> blocks) {
  newcomers_.clear();
  if (keys_ == 0) {
    if (rows.empty()) return {};
    if (groups_.empty()) newcomers_.push_back(rows[0]);
    std::fill(blocks.begin(), blocks.end(), find_only());
    return newcomers_;
  }
  Memory scratch;
  for (std::size_t done = 0; done < rows.size(); done += rows_at_once) {
    const std::span<const Row> some = rows.subspan(done, std::min(rows_at_once, rows.size() - done));
    take_texts(some, keys, scratch);
    for (std::size_t i = 0; i < some.size(); i++)
      blocks[done + i] = block_in(find_text(texts_[i], hashes_[i], some[i], keys));
  }
  return newcomers_;
}

std::byte* Groups::find_only() {
  if (groups_.empty()) add(0, {});
  return block_in(groups_[0]);
}

void Groups::take_texts(std::span<const Row> rows, std::span<const Column> keys, Memory& scratch) {
  texts_.resize(rows.size());
  hashes_.resize(rows.size());
  parts_.assign(keys_, {});
  for (std::size_t i = 0; i < rows.size(); i++) {
    texts_[i] = keys_ == 1 ? text_of_one(keys[0][rows[i]], scratch) : text_of_all(keys, rows[i], scratch);
    const Text& text = texts_[i];
    hashes_[i] = text.size == Text::null ? 0 : XXH3_64bits_withSeed(text.bytes, text.size, hash_seed());
    __builtin_prefetch(&places_[hashes_[i] & (places_.size() - 1)]);
  }
}

Groups::Text Groups::text_of_one(const Value& value, Memory& scratch) {
  if (is_nothing(value)) return {};
  std::string_view text = plain_text(value);
  if (!text.data()) text = repeated_text(parts_[0], value, scratch);
  return {text.data(), static_cast<std::uint32_t>(text.size())};
}

// As append_key does, a length stands before each text: ("ab", "c") and ("a", "bc") are two keys.
Groups::Text Groups::text_of_all(std::span<const Column> keys, Row row, Memory& scratch) {
  buffer_.clear();
  for (std::size_t i = 0; i < keys.size(); i++) {
    const Value& value = keys[i][row];
    const bool null = is_nothing(value);
    std::string_view text = null ? std::string_view() : plain_text(value);
    if (!null && !text.data()) text = repeated_text(parts_[i], value, scratch);
    const std::uint32_t size = null ? Text::null : static_cast<std::uint32_t>(text.size());
    buffer_.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  }
  const std::string_view text = scratch.copy(buffer_);
  return {text.data(), static_cast<std::uint32_t>(text.size())};
}

std::string_view Groups::repeated_text(Part& part, const Value& value, Memory& scratch) {
  if (part.value.is_missing() || !same(value, part.value)) part = {value, text_of(value, scratch)};
  return part.text;
}

Groups::Group* Groups::find_text(const Text& text, std::uint64_t hash, Row row, std::span<const Column> keys) {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  for (; places_[at].group; at = (at + 1) & mask) {
    Group* const group = places_[at].group;
    if (places_[at].hash != hash || group->text.size != text.size) continue;
    const bool has_bytes = text.size != 0 && text.size != Text::null;
    if (!has_bytes || std::memcmp(group->text.bytes, text.bytes, text.size) == 0) return group;
  }
  Group* const group = add(row, keys);
  group->text = text;
  if (text.size != Text::null) group->text.bytes = memory_.copy({text.bytes, text.size}).data();
  places_[at] = {hash, group};
  newcomers_.push_back(row);
  if (groups_.size() * 2 > places_.size()) grow();
  return group;
}

Groups::Group* Groups::add(Row row, std::span<const Column> keys) {
  const std::size_t bytes = sizeof(Group) + block_size_ + keys_ * sizeof(Value);
  Group* const group = memory_.allocate<Group>((bytes + sizeof(Group) - 1) / sizeof(Group));
  group->text = {};
  std::byte* const block = block_in(group);
  if (start_)
    start_(block);
  else
    std::memset(block, 0, block_size_);
  for (std::size_t i = 0; i < keys.size(); i++) keys_in(group)[i] = kept_key(keys[i][row], memory_);
  groups_.push_back(group);
  return group;
}

void Groups::grow() {
  const std::vector<Place> old = std::move(places_);
  places_.assign(old.size() * 2, {});
  const std::size_t mask = places_.size() - 1;
  for (const Place& place : old) {
    if (!place.group) continue;
    std::size_t at = place.hash & mask;
    while (places_[at].group) at = (at + 1) & mask;
    places_[at] = place;
  }
}

std::size_t Groups::held() const {
  return memory_.size() + places_.capacity() * sizeof(Place) + groups_.capacity() * sizeof(Group*);
}

}  // namespace riffle
