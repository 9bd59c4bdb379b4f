// --explain: how a pipeline would run, as text. Everything is taken from what the engine itself
// goes by: the steps as they were made, the shapes between them, the columns that readers are asked
// for, the holders of the budget.
#pragma once

#include <string>

#include "engine/input/input.h"
#include "engine/worker.h"
#include "state/budget.h"

namespace riffle {

std::string explain(const Worker::Plan& plan, const Inputs& inputs, const Budget& budget);

}  // namespace riffle
