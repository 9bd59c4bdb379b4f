// Restart: for tests, what a process would do that goes on with the state of another one, in the
// middle of a run. Between two blocks the state of the pipeline's ordered part is saved, a new
// pipeline is made of the same job, and loads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/input/side_inputs.h"
#include "engine/pipeline.h"

namespace riffle {

class Restart {
 public:
  // Asks the readers for the fields that a side output needs.
  using Ask = std::function<void(const std::string& path, Shape& shape)>;

  // After as many blocks as $RIFFLE_SAVE_AT says; without it, never. `job` and `interrupt` outlive
  // this.
  Restart(const Job& job, const Interrupt& interrupt, Ask ask);

  // Whether it is due after this many blocks.
  bool is_due(std::uint64_t blocks) const { return after_ && *after_ == blocks; }
  // Services that plan the first pipeline. The next one has its side outputs, in their order. They
  // refer to this.
  PlanningServices keeping(const PlanningServices& services);
  // A new pipeline, as long as this lives.
  const Pipeline& make();

 private:
  const Job& job_;
  const Interrupt& interrupt_;
  Ask ask_;
  std::function<void(Shape& output)> request_output_;
  std::optional<std::uint64_t> after_;
  std::vector<std::shared_ptr<Sink>> sinks_;
  std::vector<std::shared_ptr<SinkSet>> sink_sets_;
  std::list<SideInputs> side_inputs_;
  std::list<Budget> budgets_;
  std::list<Plan> plans_;
  std::list<Pipeline> pipelines_;
};

}  // namespace riffle
