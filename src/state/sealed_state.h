// A whole saved state with what tells that it is one: of this layout, undamaged, and with which
// seed texts were hashed. A state is divided by hashes (Groups::key_group_of, SpilledGroups), which
// a run that goes on with it must share.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

std::string sealed(std::string_view state);
// The state in what sealed() returned, as long as that lives. From now on texts are hashed as they
// were by the run that saved it. Throws Error where the bytes are something else. REQUIRES: no
// table whose keys are texts has been filled, unless this run saved the state itself.
std::string_view opened(std::string_view bytes);

}  // namespace riffle
