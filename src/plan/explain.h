// --explain: a plan, for people and for programs.
#pragma once

#include <string>

#include "plan/plan.h"

namespace riffle {

std::string explain(const Plan& plan);
// One JSON object on a line.
std::string explain_as_json(const Plan& plan);

}  // namespace riffle
