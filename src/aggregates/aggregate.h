// Aggregate functions: one row each, in a table; one file each.
//
// An Aggregate is an Accumulator that is given the rows of batches, and has a result.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "values/accumulator.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// The rows of a batch that one call adds, and to which accumulators: rows[i] goes to groups[i] +
// offset.
struct Addition {
  const Batch& batch;
  std::span<const Row> rows;
  std::span<std::byte* const> groups;
  std::size_t offset;
  std::span<const Column> arguments;
  // Rows whose value the aggregate cannot take (a text in a sum) are put here: counted as errors,
  // not added.
  std::vector<Row>& failed;
};

class Aggregate : public Accumulator {
 public:
  // Null and missing values are skipped. Values of rows live only as long as the batch: what is
  // kept is copied.
  virtual void add(const Addition& addition) const = 0;
  // Adds what `from` gathered, whose records came after `into`'s.
  virtual void merge(std::byte* into, const std::byte* from) const = 0;
  // Null when nothing was added (count: 0). `failed`: an overflow, counted as an error.
  virtual Value result(const std::byte* state, Memory& memory, bool& failed) const = 0;
  // Of one whose row says `of_record`, in place of result(): for a record with this argument, once
  // all of its group have been added.
  virtual Value result_of_record(std::byte*, const Value&, Memory&) const { return null_value(); }
};

struct AggregateExample {
  std::string_view call;    // "p50(x)"
  std::string_view values;  // the values of x, as a JSON list: "[1, 2, 4]"
  std::string_view result;
};

struct AggregateFunction {
  std::string_view name;   // "pNN" stands for p50, p99, p99_9
  std::string_view usage;  // "quantile(x, q)"
  std::string_view summary;
  int least = 1, most = 1;  // arguments, constants included
  int constants = 0;        // how many of the last are constants
  bool in_order = false;    // its result depends on the order of the records, ties included
  bool of_record = false;   // its result is another for each record of a group: only in `annotate`
  // For the message about other values.
  enum class Takes { numbers, scalars, conditions } takes = Takes::numbers;
  std::vector<AggregateExample> examples;
  // `name` as it was written (p99_9); throws std::invalid_argument with the reason when a constant
  // is out of range.
  std::unique_ptr<Aggregate> (*make)(std::string_view name,
                                     std::span<const Value> constants) = nullptr;
};

std::span<const AggregateFunction> aggregate_functions();
// Null: there is none of that name. "p99_9" finds "pNN".
const AggregateFunction* find_aggregate(std::string_view name);

}  // namespace riffle
