// Job: a command line, understood: what cli/ hands to the engine. Plain data; nothing has been
// opened.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"
#include "functions/settings.h"
#include "plan/live_inputs.h"
#include "stages/stage.h"

namespace riffle {

// An option that concerns some formats alone.
struct FormatOption {
  std::string_view name, formats;  // "--indent", "json"
  bool of_input = false, of_output = false;
};

// When rejected records stop the run.
struct RejectLimit {
  std::optional<std::uint64_t> count;  // more than this many
  // A greater part, judged every 10,000 records and at the end.
  std::optional<double> percent;
};

// A format and how it is written, as a stage names it for a file that it reads: "csv delimiter=;".
struct SideFormat {
  const Format* format = nullptr;
  InputOptions options;
};

struct Job {
  std::vector<std::string> inputs;  // as written; "-" is standard input; never empty
  const Format* from = nullptr;     // null: by extension or first line
  const Format* to = nullptr;       // null: by the output's extension, or as the first input
  std::string output = "-";
  std::vector<Call> stages;
  std::vector<FormatOption> format_options;  // those that are given
  InputOptions input_options;
  OutputOptions output_options;
  std::map<std::string, SideFormat> side_formats;  // those that stages name, by the whole text
  Settings settings;
  unsigned threads = 1;
  // What stages may hold; 0: three quarters of what the machine allows.
  std::size_t memory = 0;
  std::string rejects;    // file for rejected records; empty: none
  std::string summary;    // file for the run's statistics; empty: none
  bool progress = false;  // say how far the run is, and its statistics at the end
  RejectLimit reject_limit;
  bool strict = false;
  bool in_order = false;  // the inputs are one stream of event time
  LiveInputs live;
  // --merge: the event time by which the inputs are merged; empty: they are not.
  Arguments merge;
  std::string state;      // file for what the next run goes on with; empty: none
  bool is_final = false;  // --final: no run goes on with the state
  bool resets = false;    // --reset: an old state is put aside
  bool explain = false;   // print how the pipeline would run, and read nothing
  bool quiet = false;

  // Whether event time is when records are read, for some stage (--on arrival).
  bool is_by_arrival() const {
    return std::any_of(stages.begin(), stages.end(),
                       [](const Call& call) { return call.arguments.has_arrival(); });
  }
};

}  // namespace riffle
