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
  held_ -= Records::size_of(row.get()) + Memory::padding;
  row.reset();
  free_.push_back(handle);
}

void KeptRecords::save(StateWriter& to) const {
  saved_.save(to);
  to.count(rows_->size());
  for (const RowBytes& row : *rows_)
    to.text(row ? std::string_view(row.get(), Records::size_of(row.get())) : std::string_view());
}

void KeptRecords::load(StateReader& from) {
  saved_.load(from);
  for (std::size_t left = from.count(); left > 0; left--) {
    const std::string_view row = from.text();
    if (row.empty()) {
      free_.push_back(static_cast<Handle>(rows_->size()));
      rows_->emplace_back();
    } else {
      rows_->push_back(saved_.load_row(row));
      held_ += row.size() + Memory::padding;
    }
  }
}

KeptRecords::Handle KeptRecords::load_handle(StateReader& from) const {
  const auto handle = from.number<Handle>();
  if (handle >= rows_->size() || !(*rows_)[handle]) throw StateReader::damaged();
  return handle;
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
