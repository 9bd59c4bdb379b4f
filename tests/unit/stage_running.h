// Runs a pipeline over NDJSON as the engine's ordered part does, in batches of a given number of
// records, for tests.
#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/make_job.h"
#include "cli/split.h"
#include "engine/chain.h"
#include "formats/lines/line_cutter.h"
#include "formats/ndjson/ndjson.h"

namespace riffle {

// Words as a shell takes them apart: blanks, and quotes of both kinds.
inline std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (const char c : command) {
    if (quote) {
      if (c == quote)
        quote = 0;
      else
        *word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      if (!word) word.emplace();
    } else if (c == ' ') {
      if (word) words.push_back(std::move(*word));
      word.reset();
    } else {
      if (!word) word.emplace();
      *word += c;
    }
  }
  if (word) words.push_back(std::move(*word));
  return words;
}

inline std::shared_ptr<Block> block_of_lines(std::string_view lines, std::uint64_t first_line) {
  auto block = std::make_shared<Block>();
  block->buffer = Buffer(lines.size() + 1);
  lines.copy(block->buffer.data(), lines.size());
  std::fill_n(block->buffer.data() + lines.size(), Buffer::padding, '\0');
  block->size = static_cast<std::uint32_t>(lines.size());
  block->first_line = first_line;
  make_line_cutter({})->cut(*block, 0, true);
  return block;
}

struct StageRun {
  std::string output;
  std::size_t rejects = 0, errors = 0;
  std::optional<Position> stopped_after;
};

inline Job job_of(const std::vector<std::string>& words) {
  CommandLine line;
  split(words, line);
  return make_job(line);
}

class NoSink : public Sink {
 public:
  void write(const Batch&, Effects&) override {}
};

class NoSinks : public SinkSet {
 public:
  void write(const std::string&, const Batch&, Effects&) override {}
};

// Of a job whose output has every field, and whose side outputs go nowhere.
inline Plan plan_of(const Job& job, Budget& budget) {
  PlanningServices services;
  services.request_output = [](Shape& shape) {
    shape.slots().rest = true;
    request_ndjson_fields(shape);
  };
  services.open_sink = [](const std::string&, Shape&) { return std::make_shared<NoSink>(); };
  services.open_sinks = [](const std::string&, Shape&, std::size_t) {
    return std::make_shared<NoSinks>();
  };
  return make_plan(job, budget, services);
}

// Whether the stages are saved after each batch, and new ones go on with what was saved.
enum class Saved { never, after_each_batch };

// Runs the pipeline of a command line. `records`: how many make a batch; 0: all. Each batch that
// comes out goes to `take(batch)` before it is written.
template <typename Take>
StageRun run_words(const std::vector<std::string>& words, std::string_view input,
                   std::size_t records, const Take& take, Saved saved = Saved::never) {
  const Job job = job_of(words);
  std::list<Budget> budgets;
  std::list<Plan> plans;
  std::list<Pipeline> pipelines;
  const auto make = [&]() -> const Pipeline& {
    Budget& budget = budgets.emplace_back(job.memory > 0 ? job.memory : SIZE_MAX);
    return pipelines.emplace_back(plans.emplace_back(plan_of(job, budget)));
  };
  const Pipeline& pipeline = make();
  const Plan& plan = pipeline.plan();
  const auto writer = make_ndjson_writer({}, plan.output());
  const auto reader = make_ndjson_reader({}, plan.source);
  StageRun result;
  TextBuffer output;
  Effects effects;
  Chain chain(pipeline, 0, plan.steps.size(), [&](Batch batch, Effects&) {
    take(batch);
    writer->write(batch, output, effects);
  });
  for (std::uint64_t lines = 0; !input.empty() && !result.stopped_after;) {
    std::size_t end = 0, taken = 0;
    while (end < input.size() && (records == 0 || taken < records))
      end = std::min(input.find('\n', end), input.size() - 1) + 1, taken++;
    Batch batch = reader->read(block_of_lines(input.substr(0, end), lines), effects);
    lines += taken;
    batch.columns.resize(static_cast<std::size_t>(plan.source->slots().count));
    chain.process(std::move(batch));
    input.remove_prefix(end);
    result.stopped_after = chain.stopped_after();
    if (saved == Saved::never) continue;
    std::string state;
    StateWriter to(state);
    chain.save(to);
    StateReader from(state);
    chain.load(make(), from);
    from.end();
  }
  chain.finish();
  writer->finish(output);
  result.output = output.view();
  Effects more = chain.take_effects();
  effects.take(more);
  result.rejects = effects.rejects.size();
  result.errors = effects.errors.size();
  return result;
}

inline StageRun run_stages(const std::string& command, std::string_view input,
                           std::size_t records = 0, Saved saved = Saved::never) {
  return run_words(
      words_of(command), input, records, [](const Batch&) {}, saved);
}

}  // namespace riffle
