#include "state/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "values/error.h"

namespace riffle {
namespace {

std::string mebibytes(std::size_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

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

// The largest go first, until there is some room: with many small ones it is not to be looked for
// at each step.
void Budget::make_room() {
  const auto holds_more = [](const Holding* a, const Holding* b) { return a->bytes_ > b->bytes_; };
  std::vector<Holding*> can_spill;
  for (Holding* const holding : holdings_)
    if (holding->spill_ && holding->bytes_ > 0) can_spill.push_back(holding);
  std::stable_sort(can_spill.begin(), can_spill.end(), holds_more);
  for (Holding* const holding : can_spill)
    if (held_ > limit_ - limit_ / 8) holding->spill_();
  if (held_ <= limit_) return;
  const Holding& most = **std::min_element(holdings_.begin(), holdings_.end(), holds_more);
  std::string reason = fmt::format("{}: holds {}, which cannot be put on disk; --memory allows {}",
                                   most.holder_.name, mebibytes(most.bytes_), mebibytes(limit_));
  if (most.bytes_ <= limit_) reason += fmt::format(", and {} are held in all", mebibytes(held_));
  throw failure(reason);
}

}  // namespace riffle
