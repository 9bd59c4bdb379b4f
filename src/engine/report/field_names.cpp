#include "engine/report/field_names.h"

#include <algorithm>

#include "engine/chain.h"
#include "engine/input/input.h"
#include "engine/report/machine_memory.h"
#include "engine/report/member_names.h"
#include "records/record.h"

namespace riffle {
namespace {

constexpr std::size_t enough_records = 100;

class NullSink : public Sink {
 public:
  void write(const Batch&, Effects&) override {}
};

void add_names(const Batch& batch, MemberNames& names) {
  if (batch.dialect.header && batch.rows.empty()) return;
  Memory memory;
  std::vector<Member> found;
  const std::size_t rows = std::min(batch.rows.size(), enough_records);
  for (std::size_t i = 0; i < rows; i++) {
    members(batch, batch.rows[i], memory, found);
    names.add(found, memory);
  }
}

}  // namespace

std::vector<std::string> field_names(const Job& job) {
  const Interrupt interrupt;
  Inputs inputs(job.inputs, job.from, job.input_options, interrupt);
  Budget budget(machine_memory() / 4 * 3);
  PlanningServices services;
  services.turns = turns_of(job.inputs, job.live);
  services.open_sink = [](const std::string&, Shape& shape) {
    if (shape.is_open()) shape.slots().rest = true;
    return std::make_shared<NullSink>();
  };
  services.request_output = [](Shape& shape) {
    if (shape.is_open()) shape.slots().rest = true;
  };
  const Plan plan = make_plan(job, budget, services);
  const Pipeline pipeline(plan);
  MemberNames names;
  Chain chain(pipeline, 0, plan.steps.size(),
              [&](const Batch& batch, Effects&) { add_names(batch, names); });
  // A block holds many records, as a rule.
  for (std::size_t records = 0; records < enough_records;) {
    const auto block = std::make_shared<Block>();
    if (!inputs.next(*block)) break;
    const auto reader = inputs.format_of(*block).make_reader(job.input_options, plan.source);
    Effects effects;
    Batch batch = reader->read(block, effects);
    records += batch.size + effects.rejects.size();
    chain.process(std::move(batch));
  }
  chain.finish();
  return names.take();
}

}  // namespace riffle
