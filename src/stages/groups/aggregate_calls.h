// AggregateCalls: the calls of aggregates in a stage's items, and what they gather of each group:
// the states of all calls side by side in one block. Immutable: blocks belong to whoever has the
// groups.
#pragma once

#include <span>
#include <vector>

#include "expression/check.h"
#include "state/keyed_state.h"
#include "values/accumulator.h"

namespace riffle {

class AggregateCalls {
 public:
  AggregateCalls() = default;
  explicit AggregateCalls(std::vector<AggregateCall> calls);

  std::size_t size() const { return calls_.size(); }
  const AggregateCall& operator[](std::size_t call) const { return calls_[call]; }
  const AccumulatorBlocks& states() const { return states_; }
  // Whether a result depends on the order of the records.
  bool need_order() const;

  // Adds the living rows; blocks[i] is that of the i-th row's group.
  void add(Batch& batch, std::span<std::byte* const> blocks, Effects& effects) const;
  // Adds what `from` gathered, whose records came after `into`'s.
  void merge(std::byte* into, const std::byte* from) const;
  // The result of a call for a group. One that is too large is a failed operation at `position`.
  Value result(std::size_t call, const std::byte* block, Memory& memory, Position position,
               Effects& effects) const;
  // Of a call whose result is another for each record: for the living rows.
  Column results_of_records(std::size_t call, Batch& batch, std::span<std::byte* const> blocks,
                            Effects& effects) const;

 private:
  void add(std::size_t call, Batch& batch, std::span<std::byte* const> blocks,
           Effects& effects) const;

  std::vector<AggregateCall> calls_;
  AccumulatorBlocks states_;
  std::vector<std::size_t> offsets_;  // of each call's state in a block
};

// Accounts for a table whose blocks are such states. What they hold elsewhere is counted again when
// as many rows have come as half of the groups are.
class GroupAccount {
 public:
  static constexpr std::size_t least_rows = 4096;  // between two counts

  // `rows` have been added to it.
  void count(KeyedBlocks& table, const AccumulatorBlocks& states, std::size_t rows);

 private:
  std::size_t rows_since_count_ = 0;
};

}  // namespace riffle
