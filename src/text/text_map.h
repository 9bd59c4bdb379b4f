// Hash tables keyed by text of the input. Their hash is seeded for each run, so that nobody can
// prepare keys that collide; no result depends on the seed, and so none may depend on the order in
// which a table is iterated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/safe_table.h"

namespace riffle {

// The same for the whole run, in another run a different one.
std::uint64_t text_hash(std::string_view text);

// Which hash it is. Setting it is for a run that goes on with another one's state. REQUIRES: no
// table has been filled, unless the seed stays.
std::uint64_t text_hash_seed();
void set_text_hash_seed(std::uint64_t seed);

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return text_hash(text); }
};

// References to entries are valid until the next insertion. When memory runs out, nothing has
// changed; a V is made without throwing, or from what is moved.
template <typename V>
using TextMap = SafeMap<std::string, V, TextHash>;
using TextSet = SafeSet<std::string, TextHash>;

// The keys' bytes belong to somebody else, who keeps them as long as the table does.
template <typename V>
using TextViewMap = SafeMap<std::string_view, V, TextHash>;
using TextViewSet = SafeSet<std::string_view, TextHash>;

}  // namespace riffle
