#include "stages/join/join_table.h"

#include <algorithm>
#include <utility>

#include "records/record.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/json.h"

namespace riffle {

std::string_view join_key(std::span<const Column> keys, Row row, Memory& memory) {
  for (const Column& key : keys)
    if (is_nothing(key[row])) return {};
  if (keys.empty()) return "";
  if (keys.size() == 1) {
    const std::string_view text = key_text(keys[0][row], memory);
    return text.empty() ? "" : text;
  }
  std::string all;
  for (const Column& key : keys) append_key(key[row], all);
  return memory.copy(all);
}

std::string shown_key(std::span<const Column> keys, Row row) {
  constexpr std::size_t longest = 60;
  std::string shown;
  for (const Column& key : keys) {
    Memory memory;
    if (!shown.empty()) shown += ",";
    if (is_nothing(key[row]))
      shown += "null";
    else
      shown.append("'").append(key_text(key[row], memory)).append("'");
  }
  return visible(shown, longest);
}

void JoinTable::add(Batch& batch, const std::int64_t* times) {
  Effects none_fail;  // names alone are evaluated
  const std::vector<Column> keys = evaluate(keys_, batch, none_fail);
  if (keeps_ != Keeps::keys && batch.dialect.header)
    for (std::size_t i = 0; i < batch.dialect.header->names.size(); i++)
      place_of(batch.dialect.header->names[i], i);
  Memory scratch;
  for (const Row row : batch.rows) {
    if (example_.empty()) example_ = shown_key(keys, row);
    const std::string_view key = join_key(keys, row, scratch);
    if (!key.data() && keeps_ != Keeps::all_records) continue;
    // Semi, anti: that there is one is enough.
    if (keeps_ == Keeps::keys && !times && chains_.contains(key)) continue;
    if (next_.size() == none) throw failure("join: more than 4 billion records");
    const auto record = static_cast<Record>(next_.size());
    if (key.data() && (chains_.empty() || example_ == "null")) example_ = shown_key(keys, row);
    next_.push_back(none);
    if (times) times_.push_back(times[row]);
    if (key.data()) add_to_chain(key, record);
    if (keeps_ != Keeps::keys) keep_fields(batch, row);
  }
  holding_.set(held());
}

void JoinTable::add_to_chain(std::string_view key, Record record) {
  const auto known = chains_.find(key);
  if (known != chains_.end()) {
    next_[known->second.last] = record;
    known->second.last = record;
    return;
  }
  const std::string_view copy = memory_.copy(key);
  chains_.emplace(copy.data() ? copy : "", Chain{record, record});
}

void JoinTable::order_by_time() {
  ordered_.reserve(next_.size());
  for (auto& [key, chain] : chains_) {
    const auto begin = static_cast<Record>(ordered_.size());
    for (Record record = chain.first; record != none; record = std::exchange(next_[record], none))
      ordered_.push_back(record);
    std::stable_sort(ordered_.begin() + begin, ordered_.end(),
                     [&](Record a, Record b) { return times_[a] < times_[b]; });
    chain = {begin, static_cast<Record>(ordered_.size())};
  }
  holding_.set(held());
}

void JoinTable::save_outline(StateWriter& to) const {
  to.count(next_.size());
  to.count(entries_.size());
  to.count(names_.size());
  for (const std::string& name : names_) to.text(name);
}

bool JoinTable::has_outline(StateReader& from) const {
  bool is_same = from.number<std::uint64_t>() == next_.size();
  is_same &= from.number<std::uint64_t>() == entries_.size();
  std::vector<std::string> names;
  for (std::size_t left = from.count(); left > 0; left--) names.emplace_back(from.text());
  return is_same && names == names_;
}

JoinTable::Record JoinTable::latest(std::string_view key, std::int64_t time) const {
  const auto found = key.data() ? chains_.find(key) : chains_.end();
  if (found == chains_.end()) return none;
  const auto begin = ordered_.begin() + found->second.first,
             end = ordered_.begin() + found->second.last;
  const auto after = std::upper_bound(
      begin, end, time, [&](std::int64_t t, Record record) { return t < times_[record]; });
  return after == begin ? none : *(after - 1);
}

JoinTable::Record JoinTable::find(std::string_view key) const {
  if (!key.data()) return none;
  const auto found = chains_.find(key);
  return found == chains_.end() ? none : found->second.first;
}

void JoinTable::keep_fields(const Batch& batch, Row row) {
  members(batch, row, *batch.memory, record_);
  for (std::size_t i = 0; i < record_.size(); i++) {
    const std::uint32_t place = place_of(record_[i].name, i);
    if (place != is_left_out) entries_.push_back({place, deep_copy(record_[i].value, memory_)});
  }
  begins_.push_back(entries_.size());
}

// `member`: how many stand before it in its record. Most records have their members where the one
// before has them.
std::uint32_t JoinTable::place_of(std::string_view name, std::size_t member) {
  if (member < likely_.size() && likely_[member] != is_left_out && names_[likely_[member]] == name)
    return likely_[member];
  if (member >= likely_.size()) likely_.resize(member + 1, is_left_out);
  if (std::binary_search(left_out_.begin(), left_out_.end(), name)) return is_left_out;
  const auto [place, is_new] = places_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.emplace_back(name);
  return likely_[member] = place->second;
}

std::size_t JoinTable::held() const {
  const std::size_t of_chains = sizeof(std::string_view) + sizeof(Chain) + 1;
  return memory_.size() + chains_.capacity() * of_chains +
         (next_.capacity() + ordered_.capacity()) * sizeof(Record) +
         times_.capacity() * sizeof(std::int64_t) + begins_.capacity() * sizeof(std::size_t) +
         entries_.capacity() * sizeof(Entry);
}

}  // namespace riffle
