// Counts and sizes as a command line writes them. Anything else than what is said here throws
// std::invalid_argument with the reason; nothing is clamped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace riffle {

// Decimal, with an optional k, M or G (thousands): "5", "010" (ten), "10k".
std::uint64_t parse_count(std::string_view text);

// Bytes, with an optional k, M, G (thousands) or Ki, Mi, Gi (1,024s), and an optional B: "64MiB",
// "10k".
std::size_t parse_size(std::string_view text);

}  // namespace riffle
