// The stages that gather: aggregate, count, head, tail, skip, top, bottom, sort, distinct. Each
// answer is the same however the records are cut into batches.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>

#include "stage_running.h"
#include "values/error.h"

using namespace riffle;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end; !text.empty(); text.remove_prefix(end)) {
    end = text.find('\n') + 1;
    lines.emplace_back(text.substr(0, end));
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// The output, which no size of batches changes.
std::string run(const std::string& command, const std::string& input) {
  const std::string whole = run_stages(command, input).output;
  for (const std::size_t records : {1, 2, 3, 7, 64}) {
    INFO(command << ", batches of " << records);
    CHECK(run_stages(command, input, records).output == whole);
  }
  return whole;
}

std::string message_of(const std::string& command) {
  try {
    run_stages(command, "");
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "";
}

struct Record {
  int number = 0, key = 0, value = 0;
  std::string line() const {
    return "{\"n\":" + std::to_string(number) + ",\"k\":\"k" + std::to_string(key) +
           "\",\"v\":" + std::to_string(value) + ",\"t\":\"text " +
           std::to_string(value * 7919 % 1000) + "\"}\n";
  }
};

std::vector<Record> random_records(int count) {
  std::mt19937 random(7);
  std::vector<Record> records;
  for (int i = 0; i < count; i++)
    records.push_back({i, static_cast<int>(random() % 13), static_cast<int>(random() % 50) - 10});
  return records;
}

std::string text_of(const std::vector<Record>& records) {
  std::string text;
  for (const Record& record : records) text += record.line();
  return text;
}

// The records of each group, groups in the order of their first records.
std::vector<std::vector<Record>> groups_of(const std::vector<Record>& records) {
  std::vector<std::vector<Record>> groups;
  for (const Record& record : records) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& g) { return g[0].key == record.key; });
    if (group == groups.end())
      groups.push_back({record});
    else
      group->push_back(record);
  }
  return groups;
}

}  // namespace

TEST_CASE("head, tail and skip keep what they say") {
  const auto records = random_records(200);
  const std::string input = text_of(records);
  const auto lines = lines_of(input);
  for (const std::size_t n : {0, 1, 3, 199, 200, 500}) {
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::size_t>(n, lines.size()));
    CHECK(run("head " + std::to_string(n), input) ==
          joined({lines.begin(), lines.begin() + count}));
    CHECK(run("tail " + std::to_string(n), input) == joined({lines.end() - count, lines.end()}));
    CHECK(run("skip " + std::to_string(n), input) == joined({lines.begin() + count, lines.end()}));
  }
  CHECK(run("head", input) == joined({lines.begin(), lines.begin() + 10}));
  CHECK(run("tail", input) == joined({lines.end() - 10, lines.end()}));
}

TEST_CASE("head says where reading can stop") {
  const std::string input = text_of(random_records(20));
  CHECK(run_stages("head 3", input, 2).stopped_after->line == 3);
  CHECK(run_stages("head 4", input, 2).stopped_after->line == 4);
  CHECK(run_stages("head 0", input, 2).stopped_after->line == 0);
  CHECK_FALSE(run_stages("head 21", input, 2).stopped_after);
  CHECK_FALSE(run_stages("head 1 --by k", input, 2).stopped_after);
}

TEST_CASE("head and tail of groups") {
  const auto records = random_records(300);
  std::map<int, int> seen;
  std::string first;
  for (const Record& record : records)
    if (seen[record.key]++ < 4) first += record.line();
  CHECK(run("head 4 --by k", text_of(records)) == first);
  std::string last;
  for (const auto& group : groups_of(records))
    last += text_of(
        {group.end() - std::min<std::ptrdiff_t>(4, static_cast<std::ptrdiff_t>(group.size())),
         group.end()});
  CHECK(run("tail 4 --by k", text_of(records)) == last);
}

TEST_CASE("top and bottom take the first seen of equals") {
  const auto records = random_records(3000);
  const auto best_of = [](std::vector<Record> group, std::size_t n, auto before) {
    std::stable_sort(group.begin(), group.end(), before);
    group.resize(std::min(n, group.size()));
    return text_of(group);
  };
  const auto greater = [](const Record& a, const Record& b) { return a.value > b.value; };
  const auto less = [](const Record& a, const Record& b) { return a.value < b.value; };
  const auto by_text = [](const Record& a, const Record& b) {
    return std::to_string(a.value * 7919 % 1000) > std::to_string(b.value * 7919 % 1000);
  };
  const std::string input = text_of(records);
  for (const std::size_t n : {0, 1, 5, 100, 4000}) {
    const std::string count = std::to_string(n);
    CHECK(run("top " + count + " v", input) == best_of(records, n, greater));
    CHECK(run("bottom " + count + " v", input) == best_of(records, n, less));
    CHECK(run("top " + count + " t", input) == best_of(records, n, by_text));
    std::string of_groups;
    for (const auto& group : groups_of(records)) of_groups += best_of(group, n, greater);
    CHECK(run("top " + count + " v --by k", input) == of_groups);
  }
}

TEST_CASE("sort keeps the order of equals and the bytes of records") {
  const std::string input =
      "{ \"a\": 2, \"b\":\"x\" }\n"
      "{\"a\":1.50,\"b\":\"y\"}\r\n"
      "{\"b\":\"none\"}\n"
      "{\"a\":null,\"b\":\"null\"}\n"
      "{\"a\":2.0,\"b\":\"z\"}\n";
  CHECK(run("sort a", input) ==
        "{\"a\":1.50,\"b\":\"y\"}\r\n"
        "{ \"a\": 2, \"b\":\"x\" }\n"
        "{\"a\":2.0,\"b\":\"z\"}\n"
        "{\"a\":null,\"b\":\"null\"}\n"
        "{\"b\":\"none\"}\n");
  CHECK(run("sort a desc", input) ==
        "{ \"a\": 2, \"b\":\"x\" }\n"
        "{\"a\":2.0,\"b\":\"z\"}\n"
        "{\"a\":1.50,\"b\":\"y\"}\r\n"
        "{\"a\":null,\"b\":\"null\"}\n"
        "{\"b\":\"none\"}\n");
}

TEST_CASE("sort goes by several expressions") {
  const std::string input = text_of(random_records(500));
  auto by_key = random_records(500);
  std::stable_sort(by_key.begin(), by_key.end(), [](const Record& a, const Record& b) {
    const std::string x = std::to_string(a.key), y = std::to_string(b.key);
    return x != y ? x > y : a.value < b.value;
  });
  CHECK(run("sort k desc, v asc", input) == text_of(by_key));
  std::vector<Record> by_two = random_records(500);
  std::stable_sort(by_two.begin(), by_two.end(), [](const Record& a, const Record& b) {
    return a.value != b.value ? a.value < b.value : a.number > b.number;
  });
  CHECK(run("sort v, -n asc", input) == text_of(by_two));
  CHECK(run("sort -v desc, n desc", input) == text_of(by_two));
}

TEST_CASE("the words asc and desc are directions only behind an expression") {
  const std::string input = "{\"desc\":2,\"asc\":1}\n{\"desc\":1,\"asc\":5}\n";
  CHECK(run("sort desc", input) == "{\"desc\":1,\"asc\":5}\n{\"desc\":2,\"asc\":1}\n");
  CHECK(run("sort desc desc", input) == input);
  CHECK(run("sort 'desc + asc desc'", input) == "{\"desc\":1,\"asc\":5}\n{\"desc\":2,\"asc\":1}\n");
  CHECK(run("sort 'asc + desc'", input) == input);
  CHECK(run("sort 'max(asc, desc) desc, asc'", input) ==
        "{\"desc\":1,\"asc\":5}\n"
        "{\"desc\":2,\"asc\":1}\n");
  CHECK(message_of("sort 'a,'") != "");
  CHECK(message_of("sort 'a desc b'") != "");
  CHECK(message_of("sort 'a +'") != "");
}

TEST_CASE("distinct compares keys by their text, and whole records in any order of names") {
  CHECK(run("distinct v",
            "{\"v\":1.10}\n"
            "{\"v\":1.1}\n"
            "{\"v\":\"1.1\"}\n"
            "{\"v\":null}\n"
            "{}\n"
            "{\"v\":\"null\"}\n") == "{\"v\":1.10}\n{\"v\":1.1}\n{\"v\":null}\n{\"v\":\"null\"}\n");
  CHECK(run("distinct a,b",
            "{\"a\":\"ab\",\"b\":\"c\"}\n"
            "{\"a\":\"a\",\"b\":\"bc\"}\n"
            "{\"a\":\"ab\",\"b\":\"c\",\"d\":1}\n") ==
        "{\"a\":\"ab\",\"b\":\"c\"}\n{\"a\":\"a\",\"b\":\"bc\"}\n");
  CHECK(run("distinct",
            "{\"a\":1,\"b\":2}\n"
            "{\"b\":2,\"a\":1}\n"
            "{\"a\":1,\"b\":2,\"c\":null}\n"
            "{\"a\":0,\"a\":1,\"b\":2}\n"
            "{\"a\":2,\"b\":1}\n") ==
        "{\"a\":1,\"b\":2}\n"
        "{\"a\":2,\"b\":1}\n");
}

TEST_CASE(
    "aggregate: groups come in the order of their first records, with their keys as first seen") {
  CHECK(run("aggregate 'n = count()' --by k",
            "{\"k\":\"caf\\u00e9\"}\n"
            "{\"k\":1.10}\n"
            "{\"k\":\"café\"}\n"
            "{}\n"
            "{\"k\":\"1.10\"}\n"
            "{\"k\":null}\n"
            "{\"k\":[1, 2]}\n") ==
        "{\"k\":\"caf\\u00e9\",\"n\":2}\n"
        "{\"k\":1.10,\"n\":2}\n"
        "{\"k\":null,\"n\":2}\n"
        "{\"k\":[1, 2],\"n\":1}\n");
  CHECK(run("aggregate 'n = count()' --by user.id",
            "{\"user\":{\"id\":1}}\n"
            "{\"user.id\":2}\n"
            "{\"user.id\":1}\n") == "{\"user\":{\"id\":1},\"n\":2}\n{\"user.id\":2,\"n\":1}\n");
}

TEST_CASE("aggregate: keys and items over aggregates") {
  const std::string input =
      "{\"s\":200,\"ms\":1}\n{\"s\":500,\"ms\":5}\n{\"s\":503,\"ms\":null}\n{\"s\":200,\"ms\":3}\n";
  CHECK(run("aggregate 'bad = (count() where s >= 500), rate = bad / count(), sum(ms)'", input) ==
        "{\"bad\":2,\"rate\":0.5,\"sum_ms\":9}\n");
  CHECK(run("aggregate 'n = count(), high = class == 5' --by 'class = s // 100'", input) ==
        "{\"class\":2,\"n\":2,\"high\":false}\n{\"class\":5,\"n\":2,\"high\":true}\n");
  CHECK(run("aggregate 'm = max(ms) where s == 200, l = list(ms)'", input) ==
        "{\"m\":3,\"l\":[1,5,3]}\n");
}

TEST_CASE("aggregate over nothing: one record without keys, none with") {
  CHECK(run_stages("aggregate 'n = count(), s = sum(x)'", "").output == "{\"n\":0,\"s\":null}\n");
  CHECK(run_stages("aggregate 'n = count()' --by k", "").output == "");
  CHECK(run_stages("filter false then count", "{\"a\":1}\n").output == "{\"count\":0}\n");
}

TEST_CASE("aggregate counts values that an aggregate cannot take, and overflows") {
  const auto texts = run_stages("aggregate 's = sum(a)'", "{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":2}\n");
  CHECK(texts.output == "{\"s\":3}\n");
  CHECK(texts.errors == 1);
  const auto overflow = run_stages("aggregate 's = sum(a), n = count()'",
                                   "{\"a\":18446744073709551615}\n"
                                   "{\"a\":1}\n");
  CHECK(overflow.output == "{\"s\":null,\"n\":2}\n");
  CHECK(overflow.errors == 1);
}

TEST_CASE("aggregate refuses what has no name, or one twice, or no meaning") {
  CHECK_THAT(message_of("aggregate 'n = count(), n = sum(x)'"), Catch::Contains("'n'"));
  CHECK_THAT(message_of("aggregate 'k = count()' --by k"), Catch::Contains("'k'"));
  CHECK_THAT(message_of("count --by k,k"), Catch::Contains("'k'"));
  CHECK_THAT(message_of("count --by 'cpu_*'"), Catch::Contains("pattern"));
  CHECK_THAT(message_of("aggregate 'a = b, b = count()'"), Catch::Contains("'b'"));
  CHECK_THAT(message_of("head ten"), Catch::Contains("ten"));
}

TEST_CASE("gathering stages work window by window") {
  std::string input;
  for (int i = 0; i < 12; i++)
    input += "{\"ts\":\"2026-01-01T00:0" + std::to_string(i / 4) +
             ":00Z\",\"k\":" + std::to_string(i % 3) + ",\"v\":" + std::to_string(i) + "}\n";
  const std::string window = "window 1m --on ts then ";
  CHECK(lines_of(run(window + "count --by k then top 1 count", input)).size() == 3);
  CHECK(lines_of(run(window + "head 1", input)).size() == 3);
  CHECK(lines_of(run(window + "tail 2 then skip 1", input)).size() == 5);
  CHECK(lines_of(run(window + "distinct k", input)).size() == 9);
  const auto sorted = lines_of(run(window + "sort v desc", input));
  REQUIRE(sorted.size() == 12);
  CHECK_THAT(sorted[0], Catch::Contains("\"v\":3}"));
  CHECK_THAT(sorted[4], Catch::Contains("\"v\":7}"));
}

TEST_CASE("many groups, in batches of all sizes") {
  std::string input, expected;
  for (int i = 0; i < 3000; i++)
    input += "{\"u\":\"user " + std::to_string(i % 1000) + "\",\"b\":" + std::to_string(i) + "}\n";
  for (int i = 0; i < 1000; i++)
    expected += "{\"u\":\"user " + std::to_string(i) +
                "\",\"n\":3,\"s\":" + std::to_string(3 * i + 3000) + "}\n";
  CHECK(run("aggregate 'n = count(), s = sum(b)' --by u", input) == expected);
}
