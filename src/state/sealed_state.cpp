#include "state/sealed_state.h"

#include <xxhash.h>

#include "text/text_map.h"
#include "values/saved_state.h"

namespace riffle {
namespace {

constexpr std::string_view name = "riffle state";
constexpr std::uint32_t version = 1;

std::uint64_t checksum_of(std::string_view state, std::uint64_t seed) {
  return XXH3_64bits_withSeed(state.data(), state.size(), seed);
}

}  // namespace

std::string sealed(std::string_view state) {
  std::string bytes;
  StateWriter to(bytes);
  to.begin(name, version);
  to.number(text_hash_seed());
  to.number(checksum_of(state, text_hash_seed()));
  to.text(state);
  return bytes;
}

std::string_view opened(std::string_view bytes) {
  StateReader from(bytes);
  from.begin(name, version);
  const auto seed = from.number<std::uint64_t>();
  const auto checksum = from.number<std::uint64_t>();
  const std::string_view state = from.text();
  from.end();
  if (checksum_of(state, seed) != checksum) throw StateReader::damaged();
  set_text_hash_seed(seed);
  return state;
}

}  // namespace riffle
