#include "engine/restart.h"

#include <cstdlib>
#include <utility>

namespace riffle {
namespace {

std::optional<std::uint64_t> blocks_of_environment() {
  const char* const blocks = std::getenv("RIFFLE_SAVE_AT");
  if (!blocks || std::atoll(blocks) <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(std::atoll(blocks));
}

}  // namespace

Restart::Restart(const Job& job, const Interrupt& interrupt, Ask ask)
    : job_(job), interrupt_(interrupt), ask_(std::move(ask)), after_(blocks_of_environment()) {}

PlanningServices Restart::keeping(const PlanningServices& services) {
  PlanningServices kept = services;
  kept.open_sink = [this, open = services.open_sink](const std::string& path, Shape& shape) {
    return sinks_.emplace_back(open(path, shape));
  };
  kept.open_sinks = [this, open = services.open_sinks](const std::string& pattern, Shape& shape,
                                                       std::size_t at_once) {
    return sink_sets_.emplace_back(open(pattern, shape, at_once));
  };
  request_output_ = services.request_output;
  return kept;
}

const Pipeline& Restart::make() {
  SideInputs& inputs = side_inputs_.emplace_back(job_, interrupt_);
  Budget& budget = budgets_.emplace_back(job_.memory > 0 ? job_.memory : SIZE_MAX);
  PlanningServices services;
  services.turns = turns_of(job_.inputs, job_.live);
  services.request_output = request_output_;
  services.open_sink = [this, next = std::size_t{0}](const std::string& path,
                                                     Shape& shape) mutable {
    ask_(path, shape);
    return sinks_.at(next++);
  };
  services.open_sinks = [this, next = std::size_t{0}](const std::string& pattern, Shape& shape,
                                                      std::size_t) mutable {
    ask_(pattern, shape);
    return sink_sets_.at(next++);
  };
  services.read_input = [&inputs](const std::string& where, const std::string& format,
                                  const Shape& shape,
                                  const std::function<void(Batch&, Effects&)>& take) {
    inputs.read(where, format, shape, take);
    return true;
  };
  services.open_input = [&inputs](const std::string& where, const std::string& format,
                                  const Shape& shape) {
    return inputs.opener(where, format, shape);
  };
  return pipelines_.emplace_back(plans_.emplace_back(make_plan(job_, budget, services)));
}

}  // namespace riffle
