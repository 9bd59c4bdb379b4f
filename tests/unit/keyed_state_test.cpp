#include "state/keyed_state.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>

#include "values/decode.h"

using namespace riffle;

namespace {

constexpr auto write_text = [](const std::string& text, StateWriter& to) { to.text(text); };
constexpr auto read_text = [](std::string& text, StateReader& from) { text = from.text(); };
constexpr auto add_text = [](std::string& text, StateReader& from, bool) { text += from.text(); };

// Appends `more` to the state of a key.
void append(KeyedState<std::string>& state, const std::string& key, const std::string& more) {
  const Value value = text_value(key);
  const Column column{&value, 0};
  const Row row = 0;
  state.find({&row, 1}, {&column, 1});
  state.let_go(state.found(0).capacity());
  state.found(0) += more;
  state.hold(state.found(0).capacity());
  state.account();
}

// The bytes by which it is copied.
std::string copy_saved(KeyedState<std::string>& state, KeyedState<std::string>& loaded) {
  std::string bytes;
  StateWriter to(bytes);
  state.save(to, write_text);
  StateReader from(bytes);
  loaded.load(from, read_text);
  from.end();
  return bytes;
}

}  // namespace

TEST_CASE("a loaded table has its keys in their order, and their states") {
  Budget budget(SIZE_MAX);
  KeyedState<std::string> state(1, {budget, "test"}), loaded(1, {budget, "test"});
  std::mt19937 random(1);
  for (int i = 0; i < 3000; i++)
    append(state, "key " + std::to_string(random() % 700), std::to_string(i) + ",");
  const std::string bytes = copy_saved(state, loaded);
  REQUIRE(loaded.size() == state.size());
  for (std::size_t i = 0; i < state.size(); i++) {
    CHECK(loaded.keys_of(i)[0].view() == state.keys_of(i)[0].view());
    CHECK(loaded[i] == state[i]);
  }
  std::string again;
  StateWriter to_again(again);
  loaded.save(to_again, write_text);
  CHECK(again == bytes);
}

TEST_CASE("keys are in all of the key groups, and a key is always in the same") {
  Groups groups(1, {});
  std::map<std::size_t, int> sizes;
  for (int i = 0; i < 20000; i++) {
    const std::string key = std::to_string(i);
    const Value value = text_value(key);
    const Column column{&value, 0};
    const Row row = 0;
    std::byte* block = nullptr;
    groups.find({&row, 1}, {&column, 1}, {&block, 1});
    sizes[groups.key_group_of(groups.size() - 1)]++;
  }
  CHECK(sizes.size() == Groups::key_groups);
  for (const auto& [group, size] : sizes) CHECK((size > 20 && size < 200));
}

TEST_CASE("what was on disk when a table was saved is merged after it was loaded") {
  Budget budget(20'000), large(SIZE_MAX);
  KeyedState<std::string> state(1, {budget, "test"}, write_text, add_text);
  KeyedState<std::string> loaded(1, {large, "test"}, write_text, add_text);
  std::map<std::string, std::string> expected;
  std::mt19937 random(2);
  for (int i = 0; i < 2000; i++) {
    const std::string key = "key " + std::to_string(random() % 500);
    append(state, key, std::to_string(i) + ",");
    expected[key] += std::to_string(i) + ",";
  }
  REQUIRE(state.has_spilled());
  copy_saved(state, loaded);
  append(loaded, "key 1", "more");
  expected["key 1"] += "more";
  std::size_t keys = 0;
  loaded.merge_spilled([&](std::span<const Value> key, StateReader& saved) {
    keys++;
    CHECK(saved.text() == expected[std::string(key[0].view())]);
  });
  CHECK(keys == expected.size());
}
