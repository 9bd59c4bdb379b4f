#include "data/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/error.h"

namespace riffle {
namespace {

std::string mebibytes(std::size_t bytes) { return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20)); }

}  // namespace

Holding::Holding(Holder holder, Spill spill)
    : holder_(std::move(holder)),
      spill_(std::move(spill)),
      place_(holder_.budget.holdings_.insert(holder_.budget.holdings_.end(), this)) {}

Holding::~Holding() {
  holder_.budget.held_ -= bytes_;
  holder_.budget.holdings_.erase(place_);
}

void Holding::set(std::size_t bytes) {
  Budget& budget = holder_.budget;
  const bool more = bytes > bytes_;
  budget.held_ += bytes - bytes_;
  bytes_ = bytes;
  if (more && budget.held_ > budget.limit_) budget.make_room();
}

std::vector<Budget::Held> Budget::holders() const {
  std::vector<Held> holders;
  for (const Holding* const holding : holdings_) holders.push_back({holding->bytes_, holding->spill_ != nullptr});
  return holders;
}

void Budget::make_room() {
  const auto holds_less = [](const Holding* a, const Holding* b) { return a->bytes_ < b->bytes_; };
  while (held_ > limit_) {
    Holding* most = nullptr;
    for (Holding* const holding : holdings_)
      if (holding->spill_ && (!most || most->bytes_ < holding->bytes_)) most = holding;
    const std::size_t before = held_;
    if (most && most->bytes_ > 0) most->spill_();
    if (held_ < before) continue;
    const Holding& largest = **std::max_element(holdings_.begin(), holdings_.end(), holds_less);
    throw failure(fmt::format("{}: holds {}, which cannot be put on disk; --memory allows {}", largest.holder_.name,
                              mebibytes(largest.bytes_), mebibytes(limit_)));
  }
}

}  // namespace riffle
