#include "engine/field_names.h"

#include <algorithm>
#include <set>

#include "data/decode.h"
#include "data/record.h"
#include "engine/chain.h"
#include "engine/input.h"
#include "engine/machine_memory.h"

namespace riffle {
namespace {

constexpr std::size_t enough_records = 100;

class Nowhere : public Sink {
 public:
  void write(const Batch&, Effects&) override {}
};

class Names {
 public:
  void add(const Batch& batch) {
    if (batch.header && batch.rows.empty()) return;
    Memory memory;
    std::vector<Member> found;
    const std::size_t rows = std::min(batch.rows.size(), enough_records);
    for (std::size_t i = 0; i < rows; i++) {
      members(batch, batch.rows[i], memory, found);
      add(found, "", memory);
    }
  }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  static constexpr std::size_t most_names = 1000, deepest = 4;

  void add(std::span<const Member> found, const std::string& path, Memory& memory, std::size_t depth = 1) {
    for (const Member& member : found) {
      const std::string name = path + std::string(member.name);
      if (names_.size() < most_names && seen_.insert(name).second) names_.push_back(name);
      const Value value = decode(member.value, memory);
      if (value.kind == Kind::map && depth < deepest) add(value.map(), name + ".", memory, depth + 1);
    }
  }

  std::vector<std::string> names_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<std::string> field_names(const Job& job) {
  const Interrupt interrupt;
  Inputs inputs(job.inputs, job.from, job.input_options, interrupt);
  Budget budget(machine_memory() / 4 * 3);
  const Pipeline pipeline = make_pipeline(
      job,
      [](const std::string&, const Shape& shape) {
        if (shape.is_open()) shape.slots().rest = true;
        return std::make_shared<Nowhere>();
      },
      budget);
  if (pipeline.output().is_open()) pipeline.output().slots().rest = true;
  Names names;
  Chain chain(pipeline, 0, pipeline.steps.size(), [&](const Batch& batch, Effects&) { names.add(batch); });
  // A block holds many records, as a rule.
  for (std::size_t records = 0; records < enough_records;) {
    const auto block = std::make_shared<Block>();
    if (!inputs.next(*block)) break;
    const auto reader = inputs.format_of(*block).make_reader(job.input_options, pipeline.source);
    Effects effects;
    Batch batch = reader->read(block, effects);
    records += batch.size + effects.rejects.size();
    chain.process(std::move(batch));
  }
  chain.finish();
  return names.take();
}

}  // namespace riffle
