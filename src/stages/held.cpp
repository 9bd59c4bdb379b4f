#include "stages/held.h"

#include <algorithm>

#include "data/record.h"

namespace riffle {
namespace {

constexpr std::size_t rows_at_once = 4096;

bool same_header(const std::shared_ptr<const Header>& a, const std::shared_ptr<const Header>& b) {
  return a == b || (a && b && a->names == b->names);
}

// Whether records of both can stand in one batch.
bool can_join(const Batch& a, const Batch& b) {
  return !a.source == !b.source && a.source_format == b.source_format && a.source_delimiter == b.source_delimiter &&
         a.header_columns.size() == b.header_columns.size() && same_header(a.header, b.header);
}

std::span<const Place> first_of_one_kind(std::span<const Batch> batches, std::span<const Place> places) {
  const Batch& first = batches[places[0].batch];
  std::uint32_t joinable = places[0].batch;
  const auto end = std::find_if(places.begin(), places.end(), [&](const Place& place) {
    if (place.batch == joinable) return false;
    if (!can_join(first, batches[place.batch])) return true;
    joinable = place.batch;
    return false;
  });
  return places.first(static_cast<std::size_t>(end - places.begin()));
}

// The column that `column_of` finds in each batch; none where no batch has it.
template <typename ColumnOf>
Column gathered_column(std::span<const Batch> batches, std::span<const Place> places, Memory& memory,
                       ColumnOf column_of) {
  const auto has_values = [&](const Place& place) { return column_of(batches[place.batch]).values != nullptr; };
  if (std::none_of(places.begin(), places.end(), has_values)) return {};
  Value* const values = memory.allocate<Value>(places.size());
  for (std::size_t i = 0; i < places.size(); i++) {
    const Column column = column_of(batches[places[i].batch]);
    values[i] = column.values ? column[places[i].row] : Value();
  }
  return {values};
}

void gather_columns(std::span<const Batch> batches, std::span<const Place> places, Batch& result) {
  std::size_t columns = 0;
  for (const Place& place : places) columns = std::max(columns, batches[place.batch].columns.size());
  result.columns.resize(columns);
  for (std::size_t slot = 0; slot < columns; slot++)
    result.columns[slot] = gathered_column(batches, places, *result.memory, [slot](const Batch& batch) {
      return slot < batch.columns.size() ? batch.columns[slot] : Column();
    });
  for (std::size_t i = 0; i < result.header_columns.size(); i++)
    result.header_columns[i] =
        gathered_column(batches, places, *result.memory, [i](const Batch& batch) { return batch.header_columns[i]; });
}

template <typename T, typename Of>
T* gathered_items(std::span<const Place> places, Memory& memory, Of of) {
  T* const items = memory.allocate<T>(places.size());
  for (std::size_t i = 0; i < places.size(); i++) items[i] = of(places[i]);
  return items;
}

}  // namespace

Batch gathered(std::span<const Batch> batches, std::span<const Place> places) {
  places = first_of_one_kind(batches, places);
  const Batch& first = batches[places[0].batch];
  Batch result;
  result.memory = std::make_shared<Memory>();
  result.shape = first.shape;
  result.size = static_cast<Row>(places.size());
  result.rows.resize(places.size());
  for (Row row = 0; row < result.size; row++) result.rows[row] = row;
  result.header = first.header;
  result.header_columns.resize(first.header_columns.size());
  result.source_format = first.source_format;
  result.source_delimiter = first.source_delimiter;
  gather_columns(batches, places, result);
  if (first.source)
    result.source = gathered_items<std::string_view>(
        places, *result.memory, [&](const Place& place) { return batches[place.batch].source[place.row]; });
  result.where = first.where;
  result.positions = gathered_items<Position>(
      places, *result.memory, [&](const Place& place) { return batches[place.batch].position(place.row); });
  return result;
}

void HeldBatches::hold(Batch batch) {
  const bool mostly_dead = batch.rows.size() * 2 < batch.size;
  batches_->push_back(mostly_dead ? compacted(batch) : std::move(batch));
}

void HeldBatches::emit(std::span<const Place> places, Output& out) const {
  if (places.empty() && !batches_->empty()) {
    Batch nothing = batches_->front();
    nothing.rows.clear();
    out.emit(std::move(nothing));
  }
  while (!places.empty()) {
    Batch batch = gathered(*batches_, places.first(std::min(rows_at_once, places.size())));
    batch.memory->keep(batches_);
    places = places.subspan(batch.size);
    out.emit(std::move(batch));
  }
}

}  // namespace riffle
