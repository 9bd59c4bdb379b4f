// Records kept of many batches, some of which are let go again for better ones: what `top` and `tail` hold.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stages/held.h"

namespace riffle {

// Memory follows the records that are kept at a time, not those that ever were.
class KeptRecords {
 public:
  using Handle = std::uint32_t;

  // Keeps a row of the batch at hand; settle() copies it. A row is kept once at most.
  Handle keep(Row row);
  void release(Handle handle);
  // Copies what is kept of the batch at hand, which can go then. Its columns are copied with their values of now.
  void settle(const Batch& batch);

  // Emits records in the order of the handles. Nothing can be kept afterwards.
  void emit(std::span<const Handle> handles, Output& out) const;

 private:
  void hold(Batch batch, std::span<const Handle> handles);
  void rebuild();

  std::vector<Place> places_;  // by handle
  std::vector<Handle> free_;
  std::vector<Handle> at_hand_;  // of the batch at hand; some may be released again
  HeldBatches held_;
  std::size_t kept_ = 0, held_rows_ = 0;
};

}  // namespace riffle
