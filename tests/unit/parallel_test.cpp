// Blocks on several threads: the order of what they hand over, and of what they throw.
#include <chrono>
#include <thread>

#include "engine/run.h"
#include "running.h"
#include "stages/stage.h"
#include "values/error.h"

using namespace riffle;

namespace {

// Looks at each block alone: is late with every third, and throws at one record.
class Troubled : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  static inline std::uint64_t throws_at = 0;  // line; 0: never

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return out.emit(std::move(batch));
    const std::uint64_t first = batch.position(batch.rows.front()).line;
    if (first % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const Row row : batch.rows)
      if (batch.position(row).line == throws_at)
        throw failure("trouble in line " + std::to_string(throws_at));
    out.emit(std::move(batch));
  }
};

const StageRow& troubled_row() {
  static const StageRow row = [] {
    StageRow r;
    r.name = "troubled";
    r.add_form({}, [](Setup&) -> Planned { return in_order<Troubled>(); });
    return r;
  }();
  return row;
}

struct Outcome {
  std::string output, error;
};

// With the troubled stage in front of the others.
Outcome run_troubled(const std::string& input, std::uint64_t throws_at, unsigned threads,
                     const std::vector<std::string>& stages = {}) {
  const Folder folder;
  put(folder / "in.ndjson", input);
  std::vector<std::string> words = {folder / "in.ndjson", "-j", std::to_string(threads), "--quiet"};
  words.insert(words.end(), stages.begin(), stages.end());
  Job job = job_of(words);
  job.stages.insert(job.stages.begin(), Call{&troubled_row(), &troubled_row().forms[0], {}});
  const int out = open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  REQUIRE(out >= 0);
  job.output = "/dev/fd/" + std::to_string(out);
  Troubled::throws_at = throws_at;
  Outcome outcome;
  try {
    run(job);
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::failed);
    outcome.error = error.what();
  }
  close(out);
  outcome.output = content_of(folder / "out");
  return outcome;
}

}  // namespace

TEST_CASE("blocks are handed over in their order, whichever thread is late") {
  const std::string input = numbered_lines(1000);
  for (const std::size_t bytes : {1, 50, 700}) {
    const BlockSize block(bytes);
    for (const unsigned threads : {1U, 2U, 5U}) {
      CHECK(run_troubled(input, 0, threads).output == input);
      CHECK(run_troubled(input, 0, threads,
                         {"transform", "k = lag(n) == n - 1", "then", "count", "--by", "k"})
                .output == "{\"k\":false,\"count\":1}\n{\"k\":true,\"count\":999}\n");
    }
  }
}

TEST_CASE("what a thread throws comes after what came before it") {
  const std::string input = numbered_lines(1000);
  const BlockSize block(1);
  for (const unsigned threads : {1U, 2U, 5U}) {
    const Outcome outcome = run_troubled(input, 400, threads);
    CHECK(outcome.error == "trouble in line 400");
    CHECK(outcome.output == numbered_lines(399));
  }
}

TEST_CASE("what a thread throws ahead of the end of the run has not happened") {
  const std::string input = numbered_lines(1000);
  const BlockSize block(1);
  for (const unsigned threads : {1U, 2U, 5U}) {
    const Outcome outcome = run_troubled(input, 7, threads, {"head", "5"});
    CHECK(outcome.error == "");
    CHECK(outcome.output == numbered_lines(5));
  }
}
