// Pipeline: the stages of a Plan, made and ready to run.
#pragma once

#include <memory>
#include <vector>

#include "plan/plan.h"

namespace riffle {

class Pipeline {
 public:
  // `plan` outlives this.
  explicit Pipeline(const Plan& plan);

  const Plan& plan() const { return plan_; }
  // Null: the step is a record stage, which the plan holds.
  Stage* stage(std::size_t step) const { return stages_[step].get(); }

 private:
  const Plan& plan_;
  std::vector<std::unique_ptr<Stage>> stages_;
};

}  // namespace riffle
