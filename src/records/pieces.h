// Pieces: for stages that make several records of one. They pick the rows of a batch again and
// again, each time with something of their own, and hand on what they have made in pieces of
// bounded size: a batch of few records may become millions.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "records/batch.h"

namespace riffle {

// How many rows like those of the batch are one piece. `more`: columns that the stage fills.
inline std::size_t rows_of_piece(const Batch& batch, std::size_t more) {
  constexpr std::size_t values = 4 * 1024 * 1024, least = 256;
  const std::size_t columns = batch.columns.size() + batch.source.header_columns.size() + more;
  return std::clamp(values / std::max<std::size_t>(columns, 1), least, rows_of_part);
}

// `Made`: what stands with each row that is picked.
template <typename Made>
class Pieces {
 public:
  // Makes a piece of the rows that have been picked, row i with `made[i]`.
  using Finish =
      std::function<Batch(Batch picked, std::span<const Row> rows, std::span<const Made> made)>;
  using HandOn = std::function<void(Batch)>;

  // All are used as long as this. `more`: columns that `finish` fills.
  Pieces(const Batch& batch, const Finish& finish, const HandOn& hand_on, std::size_t more = 1)
      : batch_(batch), finish_(finish), hand_on_(hand_on), limit_(rows_of_piece(batch, more)) {}

  // Once for each row, before it is picked: a piece ends between two rows, unless one of them alone
  // fills it. So the pieces of a row with many records do not depend on the rows before it.
  void begin_row() { row_begin_ = rows_.size(); }
  void add(Row row, const Made& made) {
    if (rows_.size() >= limit_) hand_on(row);
    rows_.push_back(row);
    made_.push_back(made);
  }
  // What is left: the last piece. No row is added after it.
  Batch last() { return piece(rows_.size(), std::nullopt, batch_); }

 private:
  void hand_on(Row following) {
    const std::size_t count = row_begin_ > 0 ? row_begin_ : rows_.size();
    if (count < rows_.size()) following = rows_[count];
    hand_on_(piece(count, following, with_own_memory(batch_)));
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count));
    made_.erase(made_.begin(), made_.begin() + static_cast<std::ptrdiff_t>(count));
    row_begin_ = 0;
  }
  Batch piece(std::size_t count, std::optional<Row> following, const Batch& from) {
    const std::span<const Row> rows = std::span(rows_).first(count);
    Batch piece = picked_without_progress(from, rows);
    piece.progress = from.progress.picked(rows, following, progress_, *piece.memory);
    return finish_(std::move(piece), rows, std::span(std::as_const(made_)).first(count));
  }

  const Batch& batch_;
  const Finish& finish_;
  const HandOn& hand_on_;
  const std::size_t limit_;
  std::size_t row_begin_ = 0;
  std::vector<Row> rows_;
  std::vector<Made> made_;
  EventProgress::Pieces progress_;
};

}  // namespace riffle
