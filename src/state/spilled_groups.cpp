#include "state/spilled_groups.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "values/error.h"
#include "values/scratch.h"

namespace riffle {
namespace {

constexpr unsigned bits_of_part = 5, parts = 1 << bits_of_part, first_bit = 32, deepest = 5;
constexpr std::size_t records_at_once = 256, written_at_once = 1 << 20;
constexpr std::size_t most_read_at_once = 256 << 10, least_read_at_once = 4 << 10;

// In the tables of a merge each block begins with the place of the group among all.
constexpr std::size_t sequence_size = sizeof(std::uint64_t);
std::uint64_t& sequence_in(std::byte* block) { return *reinterpret_cast<std::uint64_t*>(block); }

Groups::Blocks with_sequence(const Groups::Blocks& blocks) {
  const auto after_sequence = [](const Groups::Visit& visit) -> Groups::Visit {
    if (!visit) return [](std::byte*) {};
    return [visit](std::byte* block) { visit(block + sequence_size); };
  };
  return {sequence_size + blocks.size, after_sequence(blocks.start), after_sequence(blocks.stop)};
}

}  // namespace

// Saved groups, one after the other.
class SpilledGroups::Cursor {
 public:
  Cursor(const SpilledGroups& groups, Stretch run, std::size_t buffer)
      : groups_(groups), reader_(*groups.file_, run.begin, run.end, buffer) {
    next();
  }
  bool is_at_end() const { return at_end_; }
  // Valid until next().
  const Record& record() const { return record_; }
  void next() {
    Memory& memory = scratch_.next();
    at_end_ = reader_.at_end();
    if (!at_end_) record_ = groups_.read(reader_, memory);
  }

 private:
  const SpilledGroups& groups_;
  SpillReader reader_;
  Scratch scratch_;
  Record record_;
  bool at_end_ = false;
};

// The groups of one part, merged in memory; if there are too many of them, as spilled groups of
// their own.
class SpilledGroups::Part {
 public:
  explicit Part(SpilledGroups& whole)
      : whole_(whole), groups_(whole.keys_, with_sequence(whole.blocks_)) {}

  void add(std::span<const Record> records) {
    std::vector<std::vector<Value>> values(whole_.keys_);
    std::vector<Column> columns;
    for (std::size_t key = 0; key < whole_.keys_; key++) {
      for (const Record& record : records) values[key].push_back(record.keys[key]);
      columns.push_back({values[key].data()});
    }
    std::vector<Row> rows(records.size());
    std::iota(rows.begin(), rows.end(), Row{0});
    std::vector<std::byte*> blocks(records.size());
    std::span<const Row> newcomers = groups_.find(rows, columns, blocks);
    for (const Row row : rows) {
      const bool fresh = !newcomers.empty() && newcomers.front() == row;
      if (fresh) {
        newcomers = newcomers.subspan(1);
        sequence_in(blocks[row]) = records[row].sequence;
      }
      StateReader saved(records[row].saved);
      whole_.blocks_.add(blocks[row] + sequence_size, saved, fresh);
      saved.end();
      saved_size_ += records[row].saved.size();
    }
    const std::size_t held = groups_.held() + saved_size_;
    const bool too_many =
        held > whole_.holding_.limit() / 4 && groups_.size() > 1 && whole_.level_ < deepest;
    if (too_many)
      leave_memory();
    else
      whole_.holding_.set(held);
  }

  void for_each(const std::function<void(const Record&)>& visit) {
    if (smaller_) {
      leave_memory();
      return smaller_->merge_records(visit);
    }
    std::string saved;
    for (std::size_t group = 0; group < groups_.size(); group++) {
      std::byte* const block = groups_.block_of(group);
      saved.clear();
      StateWriter to(saved);
      whole_.blocks_.save(block + sequence_size, to);
      visit({sequence_in(block), groups_.keys_of(group), saved});
    }
  }

 private:
  void leave_memory() {
    if (!smaller_)
      smaller_.reset(
          new SpilledGroups(whole_.keys_, whole_.blocks_, whole_.holding_, whole_.level_ + 1));
    smaller_->write(groups_, sequence_size,
                    [this](std::size_t group) { return sequence_in(groups_.block_of(group)); });
    groups_.clear();
    saved_size_ = 0;
    whole_.holding_.set(0);
  }

  SpilledGroups& whole_;
  Groups groups_;  // blocks: a group's sequence, then the stage's
  std::size_t saved_size_ = 0;
  std::unique_ptr<SpilledGroups> smaller_;
};

SpilledGroups::SpilledGroups(std::size_t keys, Blocks blocks, Holding& holding, unsigned level)
    : keys_(keys), blocks_(std::move(blocks)), holding_(holding), level_(level), parts_(parts) {}

std::size_t SpilledGroups::read_at_once(std::size_t readers) const {
  return std::clamp(holding_.limit() / 4 / std::max<std::size_t>(1, readers), least_read_at_once,
                    most_read_at_once);
}

void SpilledGroups::write(const Groups& groups) {
  write(groups, 0, [&](std::size_t group) { return next_ + group; });
  next_ += groups.size();
}

// `offset`: where in the table's blocks those of the stage begin.
template <typename SequenceOf>
void SpilledGroups::write(const Groups& groups, std::size_t offset, SequenceOf sequence_of) {
  if (!file_) file_.emplace();
  std::vector<std::vector<std::uint32_t>> by_part(parts);
  for (std::size_t group = 0; group < groups.size(); group++) {
    const std::uint64_t part =
        groups.hash_of(group) >> (first_bit + bits_of_part * level_) & (parts - 1);
    by_part[part].push_back(static_cast<std::uint32_t>(group));
  }
  std::string piece, saved;
  for (unsigned part = 0; part < parts; part++) {
    const std::uint64_t begin = file_->size() + piece.size();
    for (const std::uint32_t group : by_part[part]) {
      saved.clear();
      StateWriter to(saved);
      blocks_.save(groups.block_of(group) + offset, to);
      append(sequence_of(group), groups.keys_of(group), saved, piece);
    }
    if (!by_part[part].empty()) parts_[part].push_back({begin, file_->size() + piece.size()});
  }
  flush(piece);
}

void SpilledGroups::save(StateWriter& to) const {
  to.number(next_);
  for (const std::vector<Stretch>& stretches : parts_)
    to.part([&] {
      for (const Stretch& stretch : stretches) file_->save(stretch.begin, stretch.end, to);
    });
}

void SpilledGroups::load(StateReader& from) {
  next_ = from.number<std::uint64_t>();
  for (std::vector<Stretch>& stretches : parts_) {
    const std::string_view bytes = from.text();
    if (bytes.empty()) continue;
    if (!file_) file_.emplace();
    stretches.push_back({file_->size(), file_->size() + bytes.size()});
    file_->append(bytes);
  }
  if (next_ > 0 && !file_) throw StateReader::damaged();
}

void SpilledGroups::append(std::uint64_t sequence, std::span<const Value> keys,
                           std::string_view saved, std::string& piece) {
  StateWriter to(piece);
  to.part([&] {
    to.number(sequence);
    for (const Value& key : keys) to.value(key);
    piece += saved;
  });
  if (piece.size() >= written_at_once) flush(piece);
}

void SpilledGroups::flush(std::string& piece) {
  file_->append(piece);
  piece.clear();
}

SpilledGroups::Record SpilledGroups::read(SpillReader& reader, Memory& memory) const {
  const auto size = reader.take_number<std::uint64_t>();
  StateReader from({reader.take(size), size});
  Record record;
  record.sequence = from.number<std::uint64_t>();
  Value* const keys = memory.allocate<Value>(keys_);
  for (std::size_t key = 0; key < keys_; key++) keys[key] = from.value(memory);
  record.keys = {keys, keys_};
  record.saved = from.rest();
  return record;
}

void SpilledGroups::merge(const Visit& visit) {
  merge_records([&](const Record& record) {
    StateReader saved(record.saved);
    visit(record.keys, saved);
  });
}

void SpilledGroups::merge_records(const std::function<void(const Record&)>& visit) {
  std::vector<Stretch> runs;
  for (std::vector<Stretch>& stretches : parts_)
    if (!stretches.empty()) runs.push_back(merge_part(stretches));
  std::vector<std::unique_ptr<Cursor>> cursors;
  for (const Stretch& run : runs)
    cursors.push_back(std::make_unique<Cursor>(*this, run, read_at_once(runs.size())));
  const auto comes_after = [](const auto& a, const auto& b) {
    return a->record().sequence > b->record().sequence;
  };
  std::make_heap(cursors.begin(), cursors.end(), comes_after);
  while (!cursors.empty()) {
    std::pop_heap(cursors.begin(), cursors.end(), comes_after);
    Cursor& first = *cursors.back();
    visit(first.record());
    first.next();
    if (first.is_at_end())
      cursors.pop_back();
    else
      std::push_heap(cursors.begin(), cursors.end(), comes_after);
  }
}

// Merges what was written of a part's groups at different times into one run, in the order of their
// sequence.
SpilledGroups::Stretch SpilledGroups::merge_part(const std::vector<Stretch>& stretches) {
  Part part(*this);
  for (const Stretch& stretch : stretches) {
    SpillReader reader(*file_, stretch.begin, stretch.end, read_at_once(1));
    while (!reader.at_end()) {
      Memory memory;
      std::vector<Record> records;
      while (records.size() < records_at_once && !reader.at_end()) {
        records.push_back(read(reader, memory));
        records.back().saved = memory.copy(records.back().saved);
      }
      part.add(records);
    }
  }
  Stretch run{file_->size(), 0};
  std::string piece;
  part.for_each(
      [&](const Record& record) { append(record.sequence, record.keys, record.saved, piece); });
  flush(piece);
  run.end = file_->size();
  holding_.set(0);
  return run;
}

}  // namespace riffle
