#include "expression/check.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "values/error.h"
#include "values/json.h"

using namespace riffle;

namespace {

std::shared_ptr<const Text> text_of(const std::string& text) {
  return std::make_shared<const Text>(Text{"aggregate", text});
}

const Settings settings;

// An expression over aggregates, bound: `service` is the key, in slot 0; the calls' results follow.
struct Summary {
  Shape input = Shape::of_source();
  std::vector<AggregateCall> calls;
  ExpressionPtr value;

  explicit Summary(const std::string& expression) {
    const auto text = text_of(expression);
    Shape result = Shape::of_fields({literal_name("service")});
    BindContext of_records{input, settings}, of_results{result, settings};
    value = bind_over_aggregates(*parse_expression(text), text, of_records, of_results, 1, calls);
  }

  // Its value where the calls gave `results`.
  std::string of(const std::vector<Value>& results) const {
    Batch batch;
    batch.memory = std::make_shared<Memory>();
    batch.size = 1;
    batch.rows = {0};
    const Value key = text_value("api");
    batch.columns.push_back({&key, 0});
    for (const Value& result : results) batch.columns.push_back({&result, 0});
    Effects effects;
    Evaluation evaluation{batch, effects};
    const std::string json = json_text(value->evaluate(evaluation, batch.rows)[0]);
    return effects.errors.empty() ? json : "error";
  }
};

std::string mistake(const std::string& expression) {
  try {
    const Summary summary(expression);
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "no mistake";
}

std::string default_name_of(const std::string& expression) {
  return default_name(*parse_expression(text_of(expression)), expression);
}

}  // namespace

TEST_CASE("an item is an expression over calls of aggregates") {
  const Summary summary("(count() where status >= 500) / count()");
  REQUIRE(summary.calls.size() == 2);
  CHECK(summary.calls[0].where);
  CHECK_FALSE(summary.calls[1].where);
  CHECK(summary.calls[0].arguments.empty());
  REQUIRE(summary.input.slots().source.size() == 1);
  CHECK(summary.input.slots().source[0].name.literal == "status");
  CHECK(summary.of({integer_value(1), integer_value(4)}) == "0.25");
  CHECK(summary.of({integer_value(1), integer_value(0)}) == "error");
  CHECK(summary.calls[0].site.expression() == "count() where status >= 500");
}

TEST_CASE("names outside of calls are keys and earlier items") {
  CHECK(Summary("service + '!'").of({}) == "\"api!\"");
  CHECK_THAT(
      mistake("sum(x) / total"),
      Catch::Contains(
          "'total' is neither a key nor an earlier item; put it into an aggregate: max(total)"));
  CHECK_THAT(mistake("servce"), Catch::Contains("did you mean 'service'?"));
}

TEST_CASE("where reaches to the end, and is scalar") {
  const Summary summary("sum(bytes) where max(a, b) > 3 and c");
  REQUIRE(summary.calls.size() == 1);
  CHECK(summary.input.slots().source.size() == 4);
  CHECK_THAT(mistake("count() where status >= 500 / count()"),
             Catch::Contains("still part of 'where'"));
}

TEST_CASE(
    "a name that is both is the aggregate outside of arguments, min and max with one argument "
    "only") {
  CHECK(Summary("max(x)").calls.size() == 1);
  CHECK(Summary("max(max(x, y))").calls.size() == 1);
  const Summary both("max(sum(x), sum(y))");
  CHECK(both.calls.size() == 2);
  CHECK(both.calls[0].site.expression() == "sum(x)");
  CHECK_THAT(mistake("sum(sum(x))"),
             Catch::Contains("'sum' is an aggregate, and cannot stand inside another"));
}

TEST_CASE("an aggregate's constants are constants") {
  const Summary summary("quantile(x, 1 / 4)");
  REQUIRE(summary.calls.size() == 1);
  CHECK(summary.calls[0].arguments.size() == 1);
  CHECK_THAT(mistake("quantile(x, y)"), Catch::Contains("quantile() needs a constant here"));
  CHECK_THAT(mistake("quantile(x, 7)"), Catch::Contains("quantile(): "));
  CHECK_THAT(mistake("quantile(x)"), Catch::Contains("quantile() takes 2 arguments: "));
}

TEST_CASE("a condition counted by mistake is refused with what was meant") {
  CHECK_THAT(mistake("count(status >= 500)"),
             Catch::Contains("did you mean `count() where status >= 500`?"));
  CHECK_THAT(mistake("count(not ok)"), Catch::Contains("did you mean `count() where not ok`?"));
  CHECK(Summary("count(x)").calls.size() == 1);
  CHECK(Summary("count(x ?? y)").calls.size() == 1);
}

TEST_CASE("an aggregate has no place in a stage that looks at one record") {
  const auto text = text_of("sum(x) > 5");
  Shape shape = Shape::of_source();
  BindContext binding{shape, settings};
  CHECK_THROWS_WITH(
      riffle::bind(*parse_expression(text), text, binding),
      Catch::Contains("'sum' is an aggregate: it stands in 'aggregate', and in 'annotate'"));
  CHECK_THAT(mistake("conut()"),
             Catch::Contains("unknown function 'conut'; did you mean 'count'?"));
  CHECK_THAT(mistake("length(service) where service"),
             Catch::Contains("'where' belongs to an aggregate, and 'length' is none"));
}

TEST_CASE("an unnamed item is named after its call and plain field") {
  CHECK(default_name_of("count()") == "count");
  CHECK(default_name_of("p99(user.latency)") == "p99_user_latency");
  CHECK(default_name_of("p99_9(x)") == "p99_9_x");
  CHECK(default_name_of("sum(`a b`)") == "sum_a b");
  CHECK(default_name_of("sum(x + 1)") == "sum_x_1");
  CHECK(default_name_of("count() where x") == "count_where_x");
  CHECK(default_name_of("quantile(x, 0.9)") == "quantile_x_0_9");
  CHECK(default_name_of("max(x) / 1000") == "max_x_1000");
  CHECK(default_name_of("(sum(x)) / 2") == "sum_x_2");
  CHECK(default_name_of("max(`a-b`) - 1") == "max_a_b_1");
}
