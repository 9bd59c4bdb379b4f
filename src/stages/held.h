// Records held back from many batches, to come out in another order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stages/stage.h"

namespace riffle {

// A record among batches that are held.
struct Place {
  std::uint32_t batch = 0;
  Row row = 0;
};

// A batch of the records at `places` (not empty), or of the first of them if not all can stand in one batch: they come
// from inputs of different formats or headers. Values are shared: the batches must live as long as the result.
Batch gathered(std::span<const Batch> batches, std::span<const Place> places);

// Batches as they are, or copies of their living rows.
class HeldBatches {
 public:
  // Holds the living rows of a batch; where most of its rows are dead, as a copy without these. The batch that is held
  // then is back(), number size() - 1.
  void hold(Batch batch);
  std::size_t size() const { return batches_->size(); }
  Batch& back() { return batches_->back(); }
  std::span<const Batch> all() const { return *batches_; }

  // Emits the records at `places`, in that order, in batches of moderate size. Without any it still emits a batch:
  // formats with a header write it even for no record.
  void emit(std::span<const Place> places, Output& out) const;

 private:
  std::shared_ptr<std::vector<Batch>> batches_ = std::make_shared<std::vector<Batch>>();
};

}  // namespace riffle
