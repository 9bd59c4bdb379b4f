// Origin: where the rows of a batch came from.
#pragma once

#include <span>

#include "records/block.h"
#include "records/column.h"
#include "records/effects.h"

namespace riffle {

struct Origin {
  // Where each row came from, for messages and for `head`. Null: not from an input (`where` is the
  // answer for all rows).
  const Position* positions = nullptr;
  Position where;

  Position of(Row row) const { return positions ? positions[row] : where; }
  // Of the row before `row`, living or dead: what an event between the two was caused by.
  Position before(Row row) const { return row == 0 ? where : of(row - 1); }

  Origin at(Row row) const { return {positions ? positions + row : nullptr, where}; }
  Origin picked(std::span<const Row> rows, Memory& memory) const {
    return {riffle::picked(positions, rows, memory), where};
  }
};

// Of what a block holds, its rows not yet read.
inline Origin origin_of(const Block& block) { return {nullptr, {block.turn, block.input, 0, 0}}; }

}  // namespace riffle
