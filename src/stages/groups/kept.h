// Records kept of many batches, some of which are let go again for better ones: what `top` and
// `tail` hold.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stages/stage.h"
#include "state/records.h"

namespace riffle {

// Memory follows the records that are kept at a time, not those that ever were.
class KeptRecords {
 public:
  using Handle = std::uint32_t;

  // Rows of `batch` are kept next; it outlives that.
  void start(const Batch& batch) { saved_.start(batch); }
  Handle keep(Row row);
  void release(Handle handle);
  // RowBytes that are held.
  std::size_t held() const { return held_ + rows_->capacity() * sizeof(RowBytes); }

  // All records with their handles.
  void save(StateWriter& to) const;
  // REQUIRES: nothing has been kept yet.
  void load(StateReader& from);
  // A handle that was written as a number, after load().
  Handle load_handle(StateReader& from) const;

  // Emits records in the order of the handles, in batches of moderate size; one without rows, if
  // there are none. Nothing can be kept afterwards.
  void emit(std::span<const Handle> handles, Output& out);

 private:
  void emit_added(Output& out);

  Records saved_{0};
  // By handle.
  std::shared_ptr<std::vector<RowBytes>> rows_ = std::make_shared<std::vector<RowBytes>>();
  std::vector<Handle> free_;
  std::size_t held_ = 0;
};

}  // namespace riffle
