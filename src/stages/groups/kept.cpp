#include "stages/groups/kept.h"

namespace riffle {

KeptRecords::Handle KeptRecords::keep(Row row) {
  auto handle = static_cast<Handle>(rows_->size());
  if (free_.empty()) {
    rows_->emplace_back();
  } else {
    handle = free_.back();
    free_.pop_back();
  }
  const std::size_t size = saved_.room_for(row, {});
  RowBytes bytes = new_row(size);
  saved_.save(row, {}, size, bytes.get());
  (*rows_)[handle] = std::move(bytes);
  held_ += size + Memory::padding;
  return handle;
}

void KeptRecords::release(Handle handle) {
  RowBytes& row = (*rows_)[handle];
  held_ -= SavedRows::size_of(row.get()) + Memory::padding;
  row.reset();
  free_.push_back(handle);
}

void KeptRecords::emit(std::span<const Handle> handles, Output& out) {
  if (!saved_.has_started()) return;
  for (const Handle handle : handles) {
    const char* const row = (*rows_)[handle].get();
    if (!saved_.can_add(row)) emit_added(out);
    saved_.add(row);
  }
  emit_added(out);
}

void KeptRecords::emit_added(Output& out) {
  Batch batch = saved_.take();
  batch.memory->keep(rows_);
  out.emit(std::move(batch));
}

}  // namespace riffle
