// What a run reports of its records: limits, rejects, status.
#include "engine/report/run_report.h"

#include "running.h"
#include "values/json.h"

using namespace riffle;

namespace {

Position line(std::uint64_t number) {
  Position position;
  position.line = number;
  return position;
}

Effects rejects_at(const std::vector<std::uint64_t>& lines) {
  Effects effects;
  for (const std::uint64_t number : lines)
    effects.rejects.push_back({line(number), "read", "no record", "raw " + std::to_string(number)});
  return effects;
}

}  // namespace

TEST_CASE("a limit is the first reject that is too many, in the records' order") {
  const Job none = job_of({"filter", "true"});
  CHECK_FALSE(RunReport(none).limit(rejects_at({1, 2, 3})));
  const Job strict = job_of({"--strict", "filter", "true"});
  CHECK(RunReport(strict).limit(rejects_at({9, 4, 7})) == line(4));
  CHECK_FALSE(RunReport(strict).limit({}));
  const Job two = job_of({"--max-rejects", "2", "--quiet", "filter", "true"});
  RunReport report(two);
  CHECK_FALSE(report.limit(rejects_at({1, 2})));
  CHECK(report.limit(rejects_at({8, 3, 5})) == line(8));
  report.enter(rejects_at({1}), line(1));
  CHECK(report.limit(rejects_at({8, 3, 5})) == line(5));
}

TEST_CASE("what lies behind the last record has not happened") {
  const Folder folder;
  const std::string file = folder / "rejects.ndjson";
  const Job job = job_of({"in.ndjson", "--quiet", "--rejects", file, "filter", "true"});
  RunReport report(job);
  CHECK(report.status() == ExitStatus::ok);
  report.enter(rejects_at({9, 5}), line(4));
  CHECK(report.status() == ExitStatus::ok);
  report.enter(rejects_at({7, 2, 6}), line(6));
  CHECK(report.status() == ExitStatus::rejected);
  report.close();
  CHECK(
      content_of(file) ==
      R"({"file":"in.ndjson","line":2,"offset":0,"stage":"read","reason":"no record","raw":"raw 2"})"
      "\n"
      R"({"file":"in.ndjson","line":6,"offset":0,"stage":"read","reason":"no record","raw":"raw 6"})"
      "\n");
}

TEST_CASE("a percentage of rejects is judged by the records that were read") {
  const Job job = job_of({"--max-rejects", "10%", "--quiet", "filter", "true"});
  RunReport report(job);
  report.count_records(20);
  report.enter(rejects_at({1, 2}), line(20));
  CHECK_FALSE(report.past_percentage());
  report.enter(rejects_at({21}), line(21));
  report.count_records(1);
  CHECK(report.past_percentage());
}
