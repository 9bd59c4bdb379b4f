#include "records/batch.h"

#include <numeric>
#include <utility>

namespace riffle {

void Batch::revive_rows() {
  rows.resize(size);
  std::iota(rows.begin(), rows.end(), Row{0});
}

Batch new_batch(std::shared_ptr<const Shape> shape) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.columns.resize(static_cast<std::size_t>(shape->slots().count));
  batch.shape = std::move(shape);
  return batch;
}

Batch new_batch(std::shared_ptr<const Shape> shape, std::size_t rows) {
  Batch batch = new_batch(std::move(shape));
  batch.size = static_cast<Row>(rows);
  batch.revive_rows();
  return batch;
}

Batch new_marker(Position where) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.origin.where = where;
  return batch;
}

Batch single_row(const Batch& batch, Row row) {
  Batch result;
  result.memory = batch.memory;
  result.shape = batch.shape;
  result.size = 1;
  result.rows = {0};
  result.columns.reserve(batch.columns.size());
  for (const Column& column : batch.columns) result.columns.push_back(column.at(row));
  result.source = batch.source.at(row);
  result.dialect = batch.dialect;
  result.origin = batch.origin.at(row);
  return result;
}

Batch picked(const Batch& batch, std::span<const Row> rows) {
  Batch result = picked_without_progress(batch, rows);
  result.progress = batch.progress.picked(rows, *batch.memory);
  return result;
}

Batch picked_without_progress(const Batch& batch, std::span<const Row> rows) {
  Batch result = batch;
  Memory& memory = *batch.memory;
  result.size = static_cast<Row>(rows.size());
  result.revive_rows();
  for (Column& column : result.columns) column = picked(column, rows, memory);
  result.source = batch.source.picked(rows, memory);
  result.origin = batch.origin.picked(rows, memory);
  return result;
}

Batch with_own_memory(Batch batch) {
  std::shared_ptr<const Memory> shared = std::exchange(batch.memory, std::make_shared<Memory>());
  batch.memory->keep(std::move(shared));
  return batch;
}

Batch compacted(const Batch& batch) {
  Batch copy = batch;
  copy.memory = std::make_shared<Memory>();
  Memory& memory = *copy.memory;
  copy.size = static_cast<Row>(batch.rows.size());
  copy.revive_rows();
  copy.source = batch.source.copied(batch.rows, memory);
  for (Column& column : copy.columns)
    column = copied(column, batch.rows, batch.source, copy.source, memory);
  copy.progress = batch.progress.without_rows();
  copy.origin = batch.origin.picked(batch.rows, memory);
  return copy;
}

}  // namespace riffle
