// The stages that change fields, record by record: what the writer makes of their edits, which may
// splice, is what members() says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "records/record.h"
#include "stage_running.h"
#include "values/error.h"
#include "values/json.h"

using namespace riffle;

namespace {

// The words of "NAME ARGUMENT [--flag]".
std::vector<std::string> words_of_stage(const std::string& text) {
  const std::size_t blank = text.find(' '), flag = std::min(text.find(" --"), text.size());
  std::vector<std::string> words = {text.substr(0, blank),
                                    text.substr(blank + 1, flag - blank - 1)};
  if (flag < text.size()) words.push_back(text.substr(flag + 1));
  return words;
}

struct Result {
  std::string written, by_members;
};

std::string text_by_members(const Batch& batch) {
  std::string out;
  std::vector<Member> record;
  for (const Row row : batch.rows) {
    members(batch, row, *batch.memory, record);
    out += json_text(map_value(record)) + '\n';
  }
  return out;
}

Result run_both(const std::vector<std::string>& stages, const std::string& input) {
  std::vector<std::string> words;
  for (const std::string& stage : stages) {
    if (!words.empty()) words.emplace_back("then");
    for (std::string& word : words_of_stage(stage)) words.push_back(std::move(word));
  }
  Result result;
  const StageRun run = run_words(
      words, input, 0, [&](const Batch& batch) { result.by_members += text_by_members(batch); });
  CHECK(run.rejects == 0);
  result.written = run.output;
  return result;
}

// Of compact input; one line or more, each with its end.
std::string run(const std::vector<std::string>& stages, const std::string& input) {
  const Result result = run_both(stages, input);
  CHECK(result.written == result.by_members);
  return result.written;
}

std::string error_of(const std::string& stage) {
  try {
    run({stage}, "{}\n");
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "";
}

const std::string nested = R"({"user":{"id":7,"name":"u"},"x":1})"
                           "\n";
const std::string flat = R"({"user.id":7,"user.name":"u","x":1})"
                         "\n";

}  // namespace

TEST_CASE("filter: keeps what is true, byte for byte") {
  const std::string input =
      "{ \"a\" : 1.50 , \"b\":\"\\u00e9\" }\r\n"
      "{\"a\":0}\n"
      "{\"a\":null}\n"
      "{}\n"
      "{\"a\":2e0}";
  CHECK(run_both({"filter a > 1"}, input).written ==
        "{ \"a\" : 1.50 , \"b\":\"\\u00e9\" }\r\n"
        "{\"a\":2e0}\n");
}

TEST_CASE("transform: adds at the end, replaces in place, left to right") {
  CHECK(run({"transform b = a + 1, c = b * 2"}, "{\"a\":1}\n{\"b\":9,\"a\":2}\n") ==
        "{\"a\":1,\"b\":2,\"c\":4}\n{\"b\":3,\"a\":2,\"c\":6}\n");
  CHECK(run({"transform a = a + 1, a = a * 10"}, "{\"a\":1}\n") == "{\"a\":20}\n");
  CHECK(run({"transform a = a + 1", "filter a == 2"}, "{\"a\":1}\n{\"a\":2}\n") == "{\"a\":2}\n");
}

TEST_CASE("transform: assigning missing adds nothing and leaves what is there") {
  CHECK(run({"transform a = nothing"}, "{\"a\":1}\n{\"b\":1}\n{\"a\":1,\"a\":2}\n") ==
        "{\"a\":1}\n{\"b\":1}\n{\"a\":1,\"a\":2}\n");
  CHECK(run({"transform a = nothing", "filter a == 1"}, "{\"a\":1}\n{\"a\":2}\n") == "{\"a\":1}\n");
  CHECK(run({"select a,b", "transform a = b.none, c = b.none"}, "{\"a\":1,\"b\":2}\n") ==
        "{\"a\":1,\"b\":2}\n");
  CHECK(run({"transform a = null"}, "{\"a\":1}\n") == "{\"a\":null}\n");
}

TEST_CASE("transform: every member of that name, however it is written") {
  CHECK(run_both({"transform a = 5"}, "{\"a\":1,\"b\":2,\"\\u0061\":3}\n").by_members ==
        "{\"a\":5,\"b\":2,\"a\":5}\n");
  CHECK(run_both({"transform a = 5"}, "{\"a\":1,\"b\":2,\"\\u0061\":3}\n").written ==
        "{\"a\":5,\"b\":2,\"\\u0061\":5}\n");
}

TEST_CASE("transform: a path goes inside, or to a literal key of the whole name") {
  CHECK(run({"transform user.id = 8"}, nested + flat) ==
        "{\"user\":{\"id\":8,\"name\":\"u\"},\"x\":1}\n"
        "{\"user.id\":8,\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"transform user.age = 3"}, nested + flat) ==
        "{\"user\":{\"id\":7,\"name\":\"u\",\"age\":3},\"x\":1}\n"
        "{\"user.id\":7,\"user.name\":\"u\",\"x\":1,\"user\":{\"age\":3}}\n");
  CHECK(run({"transform a.b.c = 1, a.b.d = 2"}, "{}\n{\"a\":5}\n") ==
        "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}\n{\"a\":{\"b\":{\"c\":1,\"d\":2}}}\n");
  CHECK(run({"transform user.id = nothing"}, nested + flat) == nested + flat);
  CHECK(run({"transform `user.id` = 8"}, nested) ==
        "{\"user\":{\"id\":7,\"name\":\"u\"},\"x\":1,\"user.id\":8}\n");
}

TEST_CASE("transform: what was set is found") {
  CHECK(run({"transform user.id = user.id + 1, y = user.id", "filter user.id == 8",
             "transform z = user.id"},
            nested + flat) ==
        "{\"user\":{\"id\":8,\"name\":\"u\"},\"x\":1,\"y\":8,\"z\":8}\n"
        "{\"user.id\":8,\"user.name\":\"u\",\"x\":1,\"y\":8,\"z\":8}\n");
  CHECK(run({"transform user = x", "select y = user.id,user"}, nested) == "{\"user\":1}\n");
}

TEST_CASE("no record need have what a stage has made") {
  const Job job = job_of(
      words_of("transform 'b = a' then rename c=d then transform 'u.id = 1' then reorder b then "
               "filter 'b == 1 and c == 2 and u.id == 1' then filter 'e == 1'"));
  Budget budget(SIZE_MAX);
  const Plan plan = plan_of(job, budget);
  std::string expected;
  for (const SourceField& field : plan.source->slots().source)
    if (field.expected) expected += field.name.literal + " ";
  CHECK(expected == "a d e ");
}

TEST_CASE("transform: on selected fields") {
  CHECK(run({"select x,user.id", "transform user.id = user.id + 1, y = x"}, nested + flat) ==
        "{\"x\":1,\"user\":{\"id\":8},\"y\":1}\n{\"x\":1,\"user.id\":8,\"y\":1}\n");
  CHECK(run({"select user.name,x", "transform user.id = 1"}, nested + flat) ==
        "{\"user\":{\"name\":\"u\",\"id\":1},\"x\":1}\n"
        "{\"user.name\":\"u\",\"x\":1,\"user\":{\"id\":1}}\n");
  CHECK(run({"select user", "transform user.id = 1"}, nested) ==
        "{\"user\":{\"id\":1,\"name\":\"u\"}}\n");
  CHECK(run({"select user*,x", "transform user.id = 1"}, nested + flat) ==
        "{\"user\":{\"id\":1,\"name\":\"u\"},\"x\":1}\n"
        "{\"user.id\":1,\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"select user.name,x", "rename x=user", "transform user.id = 1"},
            "{\"user\":{\"name\":\"u\"}}\n") == "{\"x\":{\"name\":\"u\"},\"user\":{\"id\":1}}\n");
  CHECK(run({"select user.name,x,y", "rename x=y", "transform user.id = 1"},
            "{\"user\":{\"name\":\"u\"},\"x\":1,\"y\":2}\n") ==
        "{\"user\":{\"name\":\"u\",\"id\":1},\"x\":2}\n");
}

TEST_CASE("select: these fields in this order, paths nested, literal keys as they are") {
  CHECK(run({"select x,user.id"}, nested + flat + "{}\n") ==
        "{\"x\":1,\"user\":{\"id\":7}}\n{\"x\":1,\"user.id\":7}\n{}\n");
  CHECK(run({"select b,a"}, "{\"a\":1.0,\"b\":\"\\u0041\"}\n") ==
        "{\"b\":\"\\u0041\",\"a\":1.0}\n");
  CHECK(run({"select y = x + 1, who.id = user.id"}, nested + flat) ==
        "{\"y\":2,\"who\":{\"id\":7}}\n{\"y\":2,\"who\":{\"id\":7}}\n");
  CHECK(run({"select a,b", "select b"}, "{\"a\":1,\"b\":2}\n") == "{\"b\":2}\n");
}

TEST_CASE("select: patterns take what no other item takes") {
  const std::string input = "{\"h\":\"a\",\"cpu_b\":2,\"cpu_a\":1,\"mem\":5}\n{\"cpu_c\":3}\n";
  CHECK(run({"select h,cpu_*"}, input) == "{\"h\":\"a\",\"cpu_b\":2,\"cpu_a\":1}\n{\"cpu_c\":3}\n");
  CHECK(run({"select cpu_a,*"}, input) ==
        "{\"cpu_a\":1,\"h\":\"a\",\"cpu_b\":2,\"mem\":5}\n"
        "{\"cpu_c\":3}\n");
  CHECK(run({"select c*,*_a,m = cpu_a"}, input) ==
        "{\"cpu_b\":2,\"cpu_a\":1,\"m\":1}\n"
        "{\"cpu_c\":3}\n");
  CHECK(run({"select cpu_*", "filter cpu_a == 1", "transform cpu_b = 9"}, input) ==
        "{\"cpu_b\":9,\"cpu_a\":1}\n");
}

TEST_CASE("select: two items of one name are refused") {
  CHECK(error_of("select a,b,a") == "select: two fields are called 'a'\n  a,b,a\n      ^");
}

TEST_CASE("drop: every member of that name, paths, patterns") {
  CHECK(run({"drop a"},
            "{\"a\":1,\"b\":2,\"\\u0061\":3}\n"
            "{\"b\":1}\n"
            "{\"a\":1}\n") ==
        "{\"b\":2}\n"
        "{\"b\":1}\n"
        "{}\n");
  CHECK(run({"drop user.id"}, nested + flat) ==
        "{\"user\":{\"name\":\"u\"},\"x\":1}\n"
        "{\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"drop user.none"}, nested + flat) == nested + flat);
  CHECK(run({"drop user.id"},
            "{\"user\":5}\n"
            "{\"user\":{\"id\":1}}\n") ==
        "{\"user\":5}\n"
        "{\"user\":{}}\n");
  CHECK(run({"drop user*"}, nested + flat) == "{\"x\":1}\n{\"x\":1}\n");
  CHECK(run({"select x,user.id", "drop user.id"}, nested + flat) == "{\"x\":1}\n{\"x\":1}\n");
  CHECK(run({"select x,user", "drop user.id"}, nested) == "{\"x\":1,\"user\":{\"name\":\"u\"}}\n");
  CHECK(run({"select user.id,user.name", "drop user"}, nested) == "{}\n");
}

TEST_CASE("drop: what was dropped is not found") {
  CHECK(run({"drop user", "filter exists(user.id)"}, nested) == "");
  CHECK(run({"drop user", "filter exists(user.id)"}, flat) == flat);
  CHECK(run({"drop user.id", "filter exists(user.id)"}, nested + flat) == "");
  CHECK(run({"drop user.id", "filter user.id == 2"}, "{\"user.id\":1,\"user\":{\"id\":2}}\n") ==
        "{\"user\":{\"id\":2}}\n");
}

TEST_CASE("rename: in place, onto an existing name, every member") {
  CHECK(run({"rename b=a"}, "{\"a\":1,\"c\":2}\n{\"b\":0,\"a\":1}\n{\"c\":1}\n{\"b\":0}\n") ==
        "{\"b\":1,\"c\":2}\n{\"b\":1}\n{\"c\":1}\n{\"b\":0}\n");
  CHECK(run({"rename a=a"}, "{\"a\":1}\n") == "{\"a\":1}\n");
  CHECK(run({"rename b=a", "filter b == 1"}, "{\"a\":1}\n{\"b\":1}\n") == "{\"b\":1}\n{\"b\":1}\n");
  CHECK(run({"rename w=user", "filter w.id == 7"}, nested) ==
        "{\"w\":{\"id\":7,\"name\":\"u\"},\"x\":1}\n");
  CHECK(run({"select a,b", "rename b=a"},
            "{\"a\":1,\"b\":2}\n"
            "{\"b\":2}\n") ==
        "{\"b\":1}\n"
        "{\"b\":2}\n");
}

TEST_CASE("rename: all at once") {
  CHECK(run({"rename a=b,b=a"},
            "{\"a\":1,\"b\":2}\n"
            "{\"a\":1}\n") ==
        "{\"b\":1,\"a\":2}\n"
        "{\"b\":1}\n");
  CHECK(run({"rename b=a,c=b"}, "{\"a\":1,\"b\":2}\n") == "{\"b\":1,\"c\":2}\n");
  CHECK(run({"rename a=b,b=a", "filter a == 2"}, "{\"a\":1,\"b\":2}\n") == "{\"b\":1,\"a\":2}\n");
  CHECK(error_of("rename a=b,a=c")
            .starts_with("rename: two items have the new name 'a'\n"
                         "  a=b,a=c\n"
                         "      ^^^"));
  CHECK(error_of("rename a=c,b=c").starts_with("rename: two items have the old name 'c'"));
}

TEST_CASE("rename: paths move values, literal keys are renamed in place") {
  CHECK(run({"rename uid=user.id"}, nested + flat) ==
        "{\"user\":{\"name\":\"u\"},\"x\":1,\"uid\":7}\n{\"uid\":7,\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"rename who.id=user.id"}, nested + flat) ==
        "{\"user\":{\"name\":\"u\"},\"x\":1,\"who\":{\"id\":7}}\n"
        "{\"who.id\":7,\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"rename user.x=x"}, nested) == "{\"user\":{\"id\":7,\"name\":\"u\",\"x\":1}}\n");
  CHECK(run({"rename x.user=x"}, nested) ==
        "{\"user\":{\"id\":7,\"name\":\"u\"},\"x\":{\"user\":1}}\n");
  CHECK(run({"rename uid=user.none"}, nested + flat) == nested + flat);
  CHECK(run({"rename uid=user.id", "filter uid == 7"}, nested + flat) ==
        "{\"user\":{\"name\":\"u\"},\"x\":1,\"uid\":7}\n{\"uid\":7,\"user.name\":\"u\",\"x\":1}\n");
  CHECK(run({"select x,user.id", "rename uid=user.id"}, nested + flat) ==
        "{\"x\":1,\"uid\":7}\n"
        "{\"x\":1,\"uid\":7}\n");
  CHECK(run({"select user.name,user.id", "rename user.key=user.id"}, nested) ==
        "{\"user\":{\"name\":\"u\",\"key\":7}}\n");
}

TEST_CASE("reorder: first, in the order given; the others as they were") {
  CHECK(run({"reorder c,a"}, "{\"a\":1,\"b\":2,\"c\":3}\n{\"b\":2,\"a\":1}\n") ==
        "{\"c\":3,\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n");
  CHECK(run({"reorder b,c*"}, "{\"a\":1,\"c2\":2,\"b\":3,\"c1\":4}\n") ==
        "{\"b\":3,\"c2\":2,\"c1\":4,\"a\":1}\n");
  CHECK(run({"reorder c*", "filter a == 1 and u.i == 2", "drop a"},
            "{\"a\":1,\"c\":2,\"u\":{\"i\":2}}\n") == "{\"c\":2,\"u\":{\"i\":2}}\n");
  CHECK(run({"select x,user.id", "reorder user.id"}, nested) == "{\"user\":{\"id\":7},\"x\":1}\n");
  CHECK(run({"reorder x", "filter x == 1"}, nested) ==
        "{\"x\":1,\"user\":{\"id\":7,\"name\":\"u\"}}\n");
  CHECK(run({"reorder user.name"}, flat) == "{\"user.name\":\"u\",\"user.id\":7,\"x\":1}\n");
}

TEST_CASE("explode: an element takes the list's place") {
  const std::string input =
      "{\"t\":[1,\"a\",null,{\"b\":2}],\"x\":1}\n"
      "{\"t\":[]}\n"
      "{\"x\":2}\n"
      "{\"t\":null}\n"
      "{\"t\":\"s\"}\n";
  CHECK(run({"explode t"}, input) ==
        "{\"t\":1,\"x\":1}\n"
        "{\"t\":\"a\",\"x\":1}\n"
        "{\"t\":null,\"x\":1}\n"
        "{\"t\":{\"b\":2},\"x\":1}\n"
        "{\"t\":\"s\"}\n");
  CHECK(run({"explode t --keep"},
            "{\"t\":[]}\n"
            "{\"x\":2}\n"
            "{\"t\":null}\n") ==
        "{\"t\":null}\n"
        "{\"x\":2}\n"
        "{\"t\":null}\n");
  CHECK(run({"explode t", "filter t == 2"}, "{\"t\":[1,2,2]}\n") == "{\"t\":2}\n{\"t\":2}\n");
  CHECK(run({"explode t", "explode t"}, "{\"t\":[[1,2],[3]]}\n") ==
        "{\"t\":1}\n"
        "{\"t\":2}\n"
        "{\"t\":3}\n");
  CHECK(run({"explode u.t"}, "{\"u\":{\"t\":[1,2],\"k\":0}}\n{\"u.t\":[3]}\n") ==
        "{\"u\":{\"t\":1,\"k\":0}}\n{\"u\":{\"t\":2,\"k\":0}}\n{\"u.t\":3}\n");
  CHECK(run({"select x,t", "explode t"}, "{\"t\":[1,2],\"x\":1}\n{\"t\":5}\n") ==
        "{\"x\":1,\"t\":1}\n{\"x\":1,\"t\":2}\n{\"t\":5}\n");
  CHECK(run({"transform t = [x, x + 1]", "explode t"}, "{\"x\":1}\n") ==
        "{\"x\":1,\"t\":1}\n"
        "{\"x\":1,\"t\":2}\n");
}

TEST_CASE("explode: records keep where they came from") {
  std::vector<std::uint64_t> lines;
  run_words({"explode", "t"}, "{\"t\":[]}\n{\"t\":[1,2]}\n", 0, [&](const Batch& batch) {
    for (const Row row : batch.rows) lines.push_back(batch.position(row).line);
  });
  CHECK(lines == std::vector<std::uint64_t>{2, 2});
}
