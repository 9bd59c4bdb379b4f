// One call of an aggregate with its accumulator, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/aggregate.h"
#include "values/decode.h"
#include "values/json.h"

namespace riffle {

inline std::vector<Value> elements_of(std::string_view list) {
  std::vector<Value> values;
  for (JsonWalk walk(list); walk.next();) values.push_back(json_value(walk.raw_value()));
  return values;
}

class Gathered {
 public:
  explicit Gathered(std::shared_ptr<const Aggregate> aggregate)
      : aggregate_(std::move(aggregate)), bytes_((aggregate_->size() + 15) / 16) {
    aggregate_->start(here());
  }
  ~Gathered() { aggregate_->stop(here()); }
  Gathered(const Gathered&) = delete;
  Gathered& operator=(const Gathered&) = delete;

  // The rows that could not be taken. The second argument of those that have two: `others`, or the
  // same values.
  std::vector<Row> add(std::span<const Value> values, std::span<const Value> others = {}) {
    Batch batch;
    batch.memory = std::make_shared<Memory>();
    batch.size = static_cast<Row>(values.size());
    std::vector<Row> rows(values.size()), refused;
    std::iota(rows.begin(), rows.end(), Row{0});
    const std::vector<std::byte*> groups(values.size(), here());
    // What is kept must not point to the values that were added.
    Memory copies;
    std::vector<Value> copied;
    for (const Value& value : values) copied.push_back(deep_copy(value, copies));
    for (const Value& value : others) copied.push_back(deep_copy(value, copies));
    const Value* const second = copied.data() + (others.empty() ? 0 : values.size());
    const std::vector<Column> arguments = {{copied.data()}, {second}};
    aggregate_->add({batch, rows, groups, 0, arguments, refused});
    return refused;
  }
  void merge(const Gathered& other) { aggregate_->merge(here(), other.here()); }
  std::string saved() const {
    std::string bytes;
    StateWriter to(bytes);
    aggregate_->save(here(), to);
    return bytes;
  }
  // False: the bytes were refused.
  bool load(std::string_view bytes) {
    try {
      StateReader from(bytes);
      aggregate_->load(here(), from);
      from.end();
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  Value result() {
    failed = false;
    return aggregate_->result(here(), memory_, failed);
  }
  std::string text() { return json_text(result()); }

  bool failed = false;

 private:
  struct alignas(16) Unit {
    std::byte bytes[16];
  };
  std::byte* here() const { return const_cast<std::byte*>(bytes_.data()->bytes); }

  std::shared_ptr<const Aggregate> aggregate_;
  std::vector<Unit> bytes_;
  Memory memory_;
};

inline std::shared_ptr<const Aggregate> made(std::string_view name,
                                             std::vector<Value> constants = {}) {
  const AggregateFunction* const function = find_aggregate(name);
  REQUIRE(function != nullptr);
  return function->make(name, constants);
}

}  // namespace riffle
