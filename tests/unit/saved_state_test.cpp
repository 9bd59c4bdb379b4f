// What stages hold is saved, and new ones go on with it: each stage of the table, by its examples
// and by inputs made of them. A stage that holds something and does not save it fails here.
#include "values/saved_state.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "stage_running.h"
#include "stages/stage.h"
#include "state/sealed_state.h"
#include "text/text_map.h"

using namespace riffle;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// The records of an example several times, in another order.
std::string shuffled(std::string_view input, unsigned seed) {
  std::vector<std::string> lines = lines_of(input);
  const std::vector<std::string> once = lines;
  for (int i = 0; i < 3; i++) lines.insert(lines.end(), once.begin(), once.end());
  std::shuffle(lines.begin(), lines.end(), std::mt19937(seed));
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

void check_goes_on(const std::string& command, const std::string& input) {
  for (const std::size_t records : {1, 3}) {
    INFO(command << ", batches of " << records << ": " << input);
    const StageRun expected = run_stages(command, input, records);
    const StageRun saved = run_stages(command, input, records, Saved::after_each_batch);
    CHECK(saved.output == expected.output);
    CHECK(saved.rejects == expected.rejects);
    CHECK(saved.errors == expected.errors);
  }
}

std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("every stage goes on with what was saved of it") {
  for (const StageRow& row : stages()) {
    for (const StageExample& example : row.examples) {
      check_goes_on(std::string(example.command), std::string(example.input));
      for (unsigned seed = 0; seed < 3; seed++)
        check_goes_on(std::string(example.command), shuffled(example.input, seed));
    }
  }
}

TEST_CASE("what is held in other ways goes on, too") {
  std::string input;
  std::mt19937 random(5);
  for (int i = 0; i < 40; i++)
    input += "{\"t\":" + std::to_string(i * 7 + static_cast<int>(random() % 40)) + ",\"k\":\"k" +
             std::to_string(random() % 3) + "\",\"v\":" + std::to_string(random() % 9) + "}\n";
  for (const char* const command : {
           "filter 'random() < 0.5'",
           "transform 'a = lag(v, 2), b = moving_avg(v, 3), c = running_sum(v), d = ewma(v, 2)'",
           "transform 'a = delta(v), b = rate(v, t), c = fill_forward(k)' --by k",
           "window 20s --on t --delay 10s then count --by k",
           "window 20s --every 5s --on t --delay 10s then aggregate 's = sum(v), count()' --by k",
           "window 20s --every 5s --on t --delay 10s then top 1 v",
           "window 20s --on t --delay 5s --lateness 30s then aggregate 's = list(v)' --by k",
           "window 20s --on t --delay 5s --early 3s --panes discard then count",
           "window 20s --on t --delay 5s --early 3s then distinct k",
           "window 20s --on t --delay 5s --fill then count --by k",
           "window session 9s --by k --on t --delay 5s then aggregate 's = list(v), count()'",
           "window session 9s --by k --on t --delay 5s --early 4s then sort v",
           "window count 5 --every 2 --by k then aggregate 's = sum(v)'",
           "window count 4 --by k then head 2",
           "window 1m --on t --delay 5s then sample 2",
           "window 30s --on t then pivot k v --by v",
           "distinct k --within 20s --on t --delay 5s",
           "match 'a then b' --define 'a = v > 4, b = v < 4' --by k --on t --within 1m --delay 9s",
           "match 'a{2,} then b' --define 'a = v > 2, b = v < 4' --on t --within 30s --delay 9s",
           "detect v --by k --method mad",
           "detect v --by k --method ewma",
           "count --by k then top 2 count",
           "sort v desc, k --memory 1k",
       })
    check_goes_on(command, input);
}

TEST_CASE("a state of something else is refused") {
  std::string bytes;
  StateWriter to(bytes);
  to.begin("tail", 1);
  to.number(std::uint64_t{7});
  to.text("a text");
  CHECK(refusal_of([&] { StateReader(bytes).begin("head", 1); }) ==
        "the saved state is of 'tail', not of 'head'");
  CHECK(refusal_of([&] { StateReader(bytes).begin("tail", 2); }) ==
        "the saved state of 'tail' has version 1; this riffle reads version 2");
  for (std::size_t size = 0; size < bytes.size(); size++) {
    StateReader from(std::string_view(bytes).substr(0, size));
    CHECK(refusal_of([&] {
            from.begin("tail", 1);
            from.number<std::uint64_t>();
            from.text();
          }) == "the saved state is damaged");
  }
  StateReader from(bytes);
  from.begin("tail", 1);
  CHECK(from.number<std::uint64_t>() == 7);
  CHECK(refusal_of([&] { from.end(); }) == "the saved state is damaged");
  CHECK(from.text() == "a text");
  from.end();
}

TEST_CASE("a sealed state is whole, or refused") {
  const std::uint64_t seed = text_hash_seed();
  const std::string bytes = sealed("what a run holds");
  CHECK(opened(bytes) == "what a run holds");
  CHECK(text_hash_seed() == seed);
  for (std::size_t i = 0; i < bytes.size(); i++) {
    CHECK_FALSE(refusal_of([&] { opened(bytes.substr(0, i)); }).empty());
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(refusal_of([&] { opened(changed); }).empty());
  }
}
