// Plans as values: their fingerprints.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/explain.h"
#include "plan/fingerprint.h"
#include "stage_running.h"

using namespace riffle;

namespace {

std::string fingerprint_of(const std::string& command) {
  const Job job = job_of(words_of(command));
  Budget budget(SIZE_MAX);
  return fingerprint(make_plan(job, budget));
}

}  // namespace

TEST_CASE("a fingerprint depends on what a command means") {
  const std::string usual =
      fingerprint_of("window 5m --on ts --delay 5s then count --by 'k = a+1'");
  for (const char* const same :
       {"window 5m --delay 5s --on ts then count --by 'k  =  a + 1'",
        "-j 7 --memory 1Gi window 5m --on ts --delay 5000ms then count --by 'k = (a + 1)' -t csv",
        "--strict --now 5 window 300s --delay 5s --on ts then count --by 'k=a + 1' -o out.csv"}) {
    INFO(same);
    CHECK(fingerprint_of(same) == usual);
  }
  for (const char* const other :
       {"window 6m --on ts --delay 5s then count --by 'k = a+1'",
        "window 5m --on t --delay 5s then count --by 'k = a+1'",
        "window 5m --on ts --delay 6s then count --by 'k = a+1'",
        "window 5m --on ts then count --by 'k = a+1'",
        "window 5m --on ts --delay 5s then count --by 'k = a+2'",
        "window 5m --on ts --delay 5s then count --by 'j = a+1'",
        "--tz Europe/Paris window 5m --on ts --delay 5s then count --by 'k = a+1'",
        "--seed 2 window 5m --on ts --delay 5s then count --by 'k = a+1'",
        "window 5m --on ts --delay 5s then count --by 'k = a+1' then window none then skip 1",
        "window session 5m --on ts --delay 5s then count --by 'k = a+1'"}) {
    INFO(other);
    CHECK(fingerprint_of(other) != usual);
  }
}

TEST_CASE("a fingerprint does not run arguments together") {
  CHECK(fingerprint_of("select ab,c") != fingerprint_of("select a,bc"));
  CHECK(fingerprint_of("head 1 then head 11") != fingerprint_of("head 11 then head 1"));
}

TEST_CASE("a plan is a value: a copy makes a pipeline of its own") {
  const Job job = job_of(words_of("skip 1 then count"));
  Budget budget(SIZE_MAX);
  const Plan plan = plan_of(job, budget), copy = plan;
  const Pipeline first(plan), second(copy);
  CHECK(first.stage(0) != second.stage(0));
  CHECK(fingerprint(plan) == fingerprint(copy));
}
