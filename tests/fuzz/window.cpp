// The arguments of `window`, one a line: they are refused with a message, or the windows are the
// same however the records are cut into batches, and whether the stages go on with a saved state.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "../unit/stage_running.h"
#include "values/error.h"

namespace {

using namespace riffle;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) {
    end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
  }
  return lines;
}

// Further stages, files and the clock are not this target's.
bool is_of_window(const std::string& word) {
  return word != "then" && word != "arrival" && !word.starts_with("--late") &&
         !word.starts_with("-f") && !word.starts_with("--file") && !word.starts_with("--input");
}

// `apart`: nanoseconds between neighbours; some are out of order.
std::string records(std::int64_t apart) {
  std::string text;
  for (const std::int64_t n : {0, 1, 2, 7, 3, 12, 5, 13, 40, 38, 90, 1})
    for (const char* const key : {"x", "y"})
      text += fmt::format("{{\"ns\":{},\"k\":\"{}\",\"v\":{}}}\n", n * apart, key, n % 5);
  return text;
}

void run(const std::vector<std::string>& words, const std::string& input) {
  const auto output = [&](std::size_t at_once, Saved saved) {
    return run_words(
               words, input, at_once, [](const Batch&) {}, saved)
        .output;
  };
  const std::string whole = output(0, Saved::never);
  if (output(1, Saved::never) != whole || output(3, Saved::after_each_batch) != whole) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words = lines_of({reinterpret_cast<const char*>(data), size});
  if (words.size() > 12 || !std::all_of(words.begin(), words.end(), is_of_window)) return 0;
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const bool fills = has("--fill");
  words.insert(words.begin(), "window");
  if (!has("--on")) words.insert(words.end(), {"--on", "t = time(ns, \"ns\")"});
  words.insert(words.end(), {"then", "aggregate", "n = count(), s = sum(v)", "--by", "k"});
  try {
    run(words, records(1));
    if (!fills) run(words, records(3'600'000'000'000));
  } catch (const Error& error) {
    if (error.status() != ExitStatus::usage) std::abort();
  }
  return 0;
}
