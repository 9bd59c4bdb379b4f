#include "stages/kept.h"

#include <algorithm>

#include "data/record.h"

namespace riffle {
namespace {

// In place of a batch's number.
constexpr std::uint32_t batch_at_hand = ~std::uint32_t{0}, nowhere = batch_at_hand - 1;

constexpr std::size_t rows_to_spare = 4096, batches_to_spare = 64, rows_in_batch = 4096;

}  // namespace

KeptRecords::Handle KeptRecords::keep(Row row) {
  Handle handle = static_cast<Handle>(places_.size());
  if (free_.empty()) {
    places_.emplace_back();
  } else {
    handle = free_.back();
    free_.pop_back();
  }
  places_[handle] = {batch_at_hand, row};
  at_hand_.push_back(handle);
  kept_++;
  return handle;
}

void KeptRecords::release(Handle handle) {
  places_[handle].batch = nowhere;
  free_.push_back(handle);
  kept_--;
}

void KeptRecords::settle(const Batch& batch) {
  // A handle that was released and given again stands here twice.
  std::sort(at_hand_.begin(), at_hand_.end());
  at_hand_.erase(std::unique(at_hand_.begin(), at_hand_.end()), at_hand_.end());
  std::erase_if(at_hand_, [this](Handle handle) { return places_[handle].batch != batch_at_hand; });
  const bool first = held_.size() == 0;
  if (!at_hand_.empty() || first) {
    Batch rows = batch;
    rows.rows.clear();
    for (const Handle handle : at_hand_) rows.rows.push_back(places_[handle].row);
    hold(compacted(rows), at_hand_);
  }
  at_hand_.clear();
  const bool many_rows = held_rows_ > 2 * kept_ + rows_to_spare;
  const bool many_batches = held_.size() > 2 * (kept_ / rows_in_batch) + batches_to_spare;
  if (many_rows || many_batches) rebuild();
}

void KeptRecords::hold(Batch batch, std::span<const Handle> handles) {
  const auto number = static_cast<std::uint32_t>(held_.size());
  for (Row row = 0; row < batch.size; row++) places_[handles[row]] = {number, row};
  held_rows_ += batch.size;
  held_.hold(std::move(batch));
}

// Copies the records that are still kept, close together.
void KeptRecords::rebuild() {
  std::vector<Handle> handles;
  for (Handle handle = 0; handle < places_.size(); handle++)
    if (places_[handle].batch < held_.size()) handles.push_back(handle);
  std::vector<Place> places(handles.size());
  std::transform(handles.begin(), handles.end(), places.begin(), [this](Handle handle) { return places_[handle]; });

  const HeldBatches old = std::exchange(held_, {});
  held_rows_ = 0;
  for (std::size_t done = 0; done < places.size();) {
    const std::size_t some = std::min(rows_in_batch, places.size() - done);
    Batch batch = compacted(gathered(old.all(), std::span(places).subspan(done, some)));
    const Row size = batch.size;
    hold(std::move(batch), std::span(handles).subspan(done, size));
    done += size;
  }
}

void KeptRecords::emit(std::span<const Handle> handles, Output& out) const {
  std::vector<Place> places(handles.size());
  std::transform(handles.begin(), handles.end(), places.begin(), [this](Handle handle) { return places_[handle]; });
  held_.emit(places, out);
}

}  // namespace riffle
