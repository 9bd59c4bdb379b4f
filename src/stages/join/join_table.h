// JoinTable: the records of a join's file in memory, by their keys. Filled by one thread; then
// immutable, and shared.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expression.h"
#include "records/batch.h"
#include "state/budget.h"
#include "text/text_map.h"
#include "values/saved_state.h"

namespace riffle {

// The text of a row's key (language: "Keys"): of its only value, or of all of them. Without data:
// one of them is null or missing, which matches nothing. It lives as long as the batch.
std::string_view join_key(std::span<const Column> keys, Row row, Memory& memory);

class JoinTable {
 public:
  using Record = std::uint32_t;
  static constexpr Record none = std::numeric_limits<Record>::max();

  struct Entry {
    std::uint32_t field = 0;  // its place in names()
    Value value;
  };

  // What is kept of the records with a key: that there is one, or their members; or of all
  // records, those without a key, too.
  enum class Keeps { keys, members, all_records };

  // `keys`: of the records that are added. `left_out`: the members that are not kept, sorted.
  JoinTable(const Holder& holder, std::vector<ExpressionPtr> keys,
            std::vector<std::string> left_out, Keeps keeps)
      : keys_(std::move(keys)), left_out_(std::move(left_out)), keeps_(keeps), holding_(holder) {}

  // `times`: of the records, where each has one (`--asof`); the living rows' are filled.
  void add(Batch& batch, const std::int64_t* times = nullptr);
  // After the last record, of a table with times: a key's records are found by them.
  void order_by_time();

  // How many records there are: they are counted from 0, in the file's order.
  std::size_t size() const { return next_.size(); }
  // The first record with a key, and the one after it that has the same key; none: there is none.
  Record find(std::string_view key) const;
  Record next(Record record) const { return next_[record]; }
  // Of a table with times: the last one with a key whose time is not after `time`; of several with
  // that time the last one.
  Record latest(std::string_view key, std::int64_t time) const;
  std::span<const Entry> fields_of(Record record) const {
    return {entries_.data() + begins_[record], begins_[record + 1] - begins_[record]};
  }
  // Of all records' members, in the order in which they first came.
  const std::vector<std::string>& names() const { return names_; }
  // What tells this table from one of other records.
  void save_outline(StateWriter& to) const;
  bool has_outline(StateReader& from) const;
  // Some record's key values as JSON; empty: there is no record.
  const std::string& example() const { return example_; }

 private:
  struct Chain {
    Record first = none, last = none;
  };
  static constexpr std::uint32_t is_left_out = std::numeric_limits<std::uint32_t>::max();

  void add_to_chain(std::string_view key, Record record);
  std::uint32_t place_of(std::string_view name, std::size_t member);
  void keep_fields(const Batch& batch, Row row);
  std::size_t held() const;

  std::vector<ExpressionPtr> keys_;
  std::vector<std::string> left_out_;
  Keeps keeps_;
  Memory memory_;  // texts of keys, values
  TextViewMap<Chain> chains_;
  std::vector<Record> next_;         // of each record
  std::vector<std::int64_t> times_;  // the same
  // By key, then time: a chain is a stretch of it, from `first` to `last`
  std::vector<Record> ordered_;
  std::vector<std::size_t> begins_ = {0};  // of each record: its first entry
  std::vector<Entry> entries_;
  std::vector<std::string> names_;
  TextMap<std::uint32_t> places_;
  std::vector<std::uint32_t> likely_;  // of the members of the record before, one after the other
  std::vector<Member> record_;
  std::string example_;
  Holding holding_;
};

// Key values as a message shows them.
std::string shown_key(std::span<const Column> keys, Row row);

}  // namespace riffle
