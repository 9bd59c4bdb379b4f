#include "arguments/quantities.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace riffle {
namespace {

struct Multiple {
  std::string_view suffix;
  std::uint64_t factor;
};

constexpr Multiple thousands[] = {{"", 1}, {"k", 1000}, {"M", 1000000}, {"G", 1000000000}};
constexpr Multiple bytes[] = {{"", 1},
                              {"B", 1},
                              {"k", 1000},
                              {"kB", 1000},
                              {"M", 1000000},
                              {"MB", 1000000},
                              {"G", 1000000000},
                              {"GB", 1000000000},
                              {"Ki", 1ull << 10},
                              {"KiB", 1ull << 10},
                              {"Mi", 1ull << 20},
                              {"MiB", 1ull << 20},
                              {"Gi", 1ull << 30},
                              {"GiB", 1ull << 30}};

template <std::size_t N>
std::uint64_t parse(std::string_view text, const Multiple (&multiples)[N], std::string_view what) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  const std::string_view suffix = text.substr(digits.size());
  std::uint64_t number = 0;
  const auto answer = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  for (const Multiple& multiple : multiples) {
    if (digits.empty() || suffix != multiple.suffix) continue;
    std::uint64_t product = 0;
    if (answer.ec != std::errc() || __builtin_mul_overflow(number, multiple.factor, &product))
      throw std::invalid_argument(fmt::format("'{}' is too large", text));
    return product;
  }
  throw std::invalid_argument(fmt::format("'{}' is not {}", text, what));
}

}  // namespace

std::uint64_t parse_count(std::string_view text) {
  return parse(text, thousands, "a count; write it as 10 or 10k");
}

std::size_t parse_size(std::string_view text) {
  return parse(text, bytes, "a size; write it as 64MiB or 100k");
}

}  // namespace riffle
