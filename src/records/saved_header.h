// A header in a saved state.
#pragma once

#include <memory>

#include "records/block.h"
#include "values/saved_state.h"

namespace riffle {

void save_header(const Header& header, StateWriter& to);
std::shared_ptr<const Header> load_header(StateReader& from);

// Names in a saved state.
void save_names(const std::vector<std::string>& names, StateWriter& to);
std::vector<std::string> load_names(StateReader& from);

}  // namespace riffle
