// A pipeline file's text: it is refused with a message, or becomes a job, and is planned.
#include "cli/pipeline_file.h"

#include <cstdint>
#include <cstdlib>

#include "cli/make_job.h"
#include "cli/split.h"
#include "plan/plan.h"
#include "values/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace riffle;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    CommandLine line;
    split(words_of_pipeline(text, "x.rif"), line, "x.rif");
    const Job job = make_job(line);
    Budget budget(std::size_t{1} << 30);
    make_plan(job, budget);
  } catch (const Error& error) {
    if (error.status() != ExitStatus::usage) std::abort();
  }
  return 0;
}
