#include "text/text_map.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <set>

#include "values/name_index.h"
#include "values/random.h"

using namespace riffle;

namespace {

// MurmurHash64A as libstdc++ has it for std::hash<std::string>: each word is mixed into the state
// by itself.
constexpr std::uint64_t multiplier = 0xc6a4a7935bd1e995, library_seed = 0xc70f6907;

constexpr std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int i = 0; i < 5; i++) inverse *= 2 - odd * inverse;
  return inverse;
}

std::uint64_t multiplied(std::uint64_t word, std::uint64_t by) {
  word *= by;
  return (word ^ word >> 47) * by;
}
std::uint64_t mixed(std::uint64_t word) { return multiplied(word, multiplier); }
std::uint64_t unmixed(std::uint64_t word) { return multiplied(word, inverse_of(multiplier)); }
std::uint64_t after(std::uint64_t state, std::uint64_t word) {
  return (state ^ mixed(word)) * multiplier;
}

std::string bytes_of(std::uint64_t first, std::uint64_t second) {
  std::string bytes(16, 0);
  std::memcpy(bytes.data(), &first, 8);
  std::memcpy(bytes.data() + 8, &second, 8);
  return bytes;
}

// 2 to the power of `bits` texts that collide: each piece of 16 bytes is one of two that leave the
// same state.
std::vector<std::string> colliding_texts(std::size_t bits) {
  Random random(1);
  std::uint64_t state = library_seed ^ (16 * bits * multiplier);
  std::vector<std::string> texts = {""};
  for (std::size_t bit = 0; bit < bits; bit++) {
    const std::uint64_t first = random.next(), other = random.next(), second = random.next();
    const std::uint64_t last = unmixed(mixed(second) ^ after(state, first) ^ after(state, other));
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      longer.push_back(text + bytes_of(first, second));
      longer.push_back(text + bytes_of(other, last));
    }
    texts = std::move(longer);
    state = after(after(state, first), second);
  }
  return texts;
}

template <typename Hash>
std::size_t different_hashes(const std::vector<std::string>& texts, Hash hash) {
  std::set<std::uint64_t> hashes;
  for (const std::string& text : texts) hashes.insert(hash(text));
  return hashes.size();
}

}  // namespace

#if defined(__GLIBCXX__)
TEST_CASE("text hash: texts that collide in the standard library's do not") {
  const std::vector<std::string> texts = colliding_texts(10);
  REQUIRE(std::set<std::string>(texts.begin(), texts.end()).size() == 1024);
  CHECK(different_hashes(texts, std::hash<std::string>()) == 1);
  CHECK(different_hashes(texts, std::hash<std::string_view>()) == 1);
  CHECK(different_hashes(texts, TextHash()) == 1024);
}
#endif

TEST_CASE("text map: texts are looked up however they are kept") {
  TextMap<int> map;
  CHECK(map.try_emplace(std::string_view("a"), 1).second);
  CHECK_FALSE(map.try_emplace(std::string("a"), 2).second);
  CHECK(map.find(std::string_view("a"))->second == 1);
  CHECK_FALSE(map.contains("b"));
  TextViewSet set;
  set.insert("x");
  CHECK(set.contains(std::string("x")));
}

TEST_CASE("name index: names have the numbers of their first ones, few or many") {
  std::vector<std::string> names;
  for (int i = 0; i < 100; i++) names.push_back("n" + std::to_string(i));
  NameIndex index;
  for (std::size_t i = 0; i < names.size(); i++) {
    CHECK(index.find(names[i]) == NameIndex::none);
    CHECK(index.add(names[i]) == std::pair(i, true));
    CHECK(index.add(names[i / 2]) == std::pair(i / 2, false));
  }
  for (std::size_t i = 0; i < names.size(); i++) CHECK(index.find(names[i]) == i);
  index.clear();
  CHECK(index.find("n0") == NameIndex::none);
  CHECK(index.add("n99") == std::pair(std::size_t{0}, true));
}

TEST_CASE("distinct members: the last value of a name, where the name first stood") {
  Memory memory;
  const std::vector<Member> members = {
      {"a", integer_value(1)}, {"b", integer_value(2)}, {"a", integer_value(3)}};
  const auto distinct = distinct_members(members, memory);
  REQUIRE(distinct.size() == 2);
  CHECK(distinct[0].name == "a");
  CHECK(distinct[0].value.integer == 3);
  CHECK(distinct[1].name == "b");
  CHECK(distinct_members(std::span(members).first(2), memory).data() == members.data());
}
