#include "stages/groups/aggregate_calls.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "expression/failure.h"

namespace riffle {
namespace {

// Why an aggregate cannot take a row's values.
std::string why_not_taken(const AggregateCall& call, std::span<const Column> arguments, Row row) {
  std::vector<Value> values;
  for (const Column& argument : arguments) values.push_back(argument[row]);
  switch (call.function->takes) {
    case AggregateFunction::Takes::conditions:
      return why_condition_failed(call.site.operand(0), values[0]);
    case AggregateFunction::Takes::scalars:
      return why_scalars_failed(values);
    default:
      return why_numbers_failed(call.site, values);
  }
}

// The rows that a call is for, and their blocks.
struct Chosen {
  std::vector<Row> rows;
  std::vector<std::byte*> blocks;

  Chosen(const AggregateCall& call, Evaluation& evaluation, std::span<std::byte* const> all)
      : rows(evaluation.batch.rows) {
    call.where->keep_true(evaluation, rows);
    // Both lists are in the batch's order.
    for (std::size_t i = 0, k = 0; k < rows.size(); i++)
      if (evaluation.batch.rows[i] == rows[k]) blocks.push_back(all[i]), k++;
  }
};

}  // namespace

AggregateCalls::AggregateCalls(std::vector<AggregateCall> calls) : calls_(std::move(calls)) {
  for (const AggregateCall& call : calls_) offsets_.push_back(states_.add(*call.aggregate));
}

bool AggregateCalls::need_order() const {
  return std::any_of(calls_.begin(), calls_.end(),
                     [](const AggregateCall& call) { return call.function->in_order; });
}

void AggregateCalls::add(Batch& batch, std::span<std::byte* const> blocks, Effects& effects) const {
  for (std::size_t call = 0; call < calls_.size(); call++) add(call, batch, blocks, effects);
}

void AggregateCalls::add(std::size_t number, Batch& batch, std::span<std::byte* const> blocks,
                         Effects& effects) const {
  const AggregateCall& call = calls_[number];
  Evaluation evaluation{batch, effects};
  std::span<const Row> rows = batch.rows;
  std::optional<Chosen> chosen;
  if (call.where) {
    chosen.emplace(call, evaluation, blocks);
    rows = chosen->rows;
    blocks = chosen->blocks;
  }
  const std::vector<Column> arguments = evaluate(call.arguments, evaluation, rows);
  std::vector<Row> failed;
  call.aggregate->add({batch, rows, blocks, offsets_[number], arguments, failed});
  for (const Row row : failed)
    evaluation.fail(row, call.site, [&] { return why_not_taken(call, arguments, row); });
}

void AggregateCalls::merge(std::byte* into, const std::byte* from) const {
  for (std::size_t i = 0; i < calls_.size(); i++)
    calls_[i].aggregate->merge(into + offsets_[i], from + offsets_[i]);
}

Value AggregateCalls::result(std::size_t call, const std::byte* block, Memory& memory,
                             Position position, Effects& effects) const {
  bool failed = false;
  Value value = calls_[call].aggregate->result(block + offsets_[call], memory, failed);
  if (value.kind == Kind::real && !std::isfinite(value.real)) failed = true, value = null_value();
  if (failed)
    effects.fail(position, &calls_[call].site,
                 [] { return std::string("the result is too large"); });
  return value;
}

Column AggregateCalls::results_of_records(std::size_t number, Batch& batch,
                                          std::span<std::byte* const> blocks,
                                          Effects& effects) const {
  const AggregateCall& call = calls_[number];
  Evaluation evaluation{batch, effects};
  std::vector<Row> rows = batch.rows;
  if (call.where) call.where->keep_true(evaluation, rows);
  const Column arguments = call.arguments[0]->evaluate(evaluation, rows);
  Value* const results = batch.new_values();
  std::size_t next = 0;
  for (std::size_t i = 0; i < batch.rows.size(); i++) {
    const Row row = batch.rows[i];
    const bool is_chosen = next < rows.size() && rows[next] == row;
    results[row] = is_chosen ? call.aggregate->result_of_record(blocks[i] + offsets_[number],
                                                                arguments[row], *batch.memory)
                             : null_value();
    next += is_chosen;
  }
  return {results};
}

void GroupAccount::count(KeyedBlocks& table, const AccumulatorBlocks& states, std::size_t rows) {
  const Groups& groups = table.groups();
  rows_since_count_ += rows;
  if (states.hold_more() && rows_since_count_ >= std::max(least_rows, groups.size() / 2)) {
    rows_since_count_ = 0;
    std::size_t held = 0;
    for (std::size_t group = 0; group < groups.size(); group++)
      held += states.held(groups.block_of(group));
    table.set_held_elsewhere(held);
  }
  table.account();
}

}  // namespace riffle
