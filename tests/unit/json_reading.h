// Reads bytes through a format's cutter and reader as the engine does, for tests.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"

namespace riffle {

struct ReadRow {
  std::string source;
  std::uint64_t line = 0;
  std::vector<Value> values;  // of the shape's source fields; they live as long as the Reading

  bool operator==(const ReadRow& other) const {
    const auto same = [](const Value& a, const Value& b) {
      return a.kind == b.kind && a.flags == b.flags && (a.is_missing() || a.view() == b.view());
    };
    return source == other.source && line == other.line &&
           std::equal(values.begin(), values.end(), other.values.begin(), other.values.end(), same);
  }
};

struct ReadReject {
  std::uint64_t line = 0, offset = 0;
  std::string reason, raw;
  bool operator==(const ReadReject&) const = default;
};

struct Reading {
  std::vector<ReadRow> rows;
  std::vector<ReadReject> rejects;
  std::vector<Batch> batches;

  void add(Batch batch, const Effects& effects) {
    for (const Row row : batch.rows) {
      ReadRow read{std::string(batch.source.text[row]), batch.origin.positions[row].line, {}};
      for (const SourceField& field : batch.shape->slots().source)
        read.values.push_back(batch.columns[field.slot][row]);
      rows.push_back(std::move(read));
    }
    for (const Reject& reject : effects.rejects)
      rejects.push_back({reject.position.line, reject.position.offset, reject.reason, reject.raw});
    batches.push_back(std::move(batch));
  }
};

// The bytes come `piece` at a time, and a block is cut after each.
inline Reading read_through(Cutter& cutter, RecordReader& reader, std::string_view bytes,
                            std::size_t piece) {
  Reading reading;
  std::uint64_t offset = 0, lines = 0;
  std::size_t taken = 0, seen = 0, arrived = 0;
  for (bool last = false; !last || cutter.leaves_records();) {
    last = arrived == bytes.size();
    arrived = std::min(bytes.size(), arrived + piece);
    const std::string_view held = bytes.substr(taken, arrived - taken);
    const auto block = std::make_shared<Block>();
    block->buffer = Buffer(held.size());
    std::memcpy(block->buffer.data(), held.data(), held.size());
    std::memset(block->buffer.data() + held.size(), 0, Buffer::padding);
    block->size = static_cast<std::uint32_t>(held.size());
    block->offset = offset;
    block->first_line = lines;
    cutter.cut(*block, seen, last);
    std::memset(block->buffer.data() + block->size, 0, held.size() - block->size);
    seen = cutter.leaves_records() ? 0 : held.size() - block->size;
    if (block->size == 0) continue;
    taken += block->size;
    offset += block->size;
    lines += block->lines;
    Effects effects;
    Batch batch = reader.read(block, effects);
    reading.add(std::move(batch), effects);
  }
  return reading;
}

// Its rejects in the order of the input: a reader's are so only where blocks have one record.
inline Reading in_order(Reading reading) {
  std::stable_sort(reading.rejects.begin(), reading.rejects.end(),
                   [](const ReadReject& a, const ReadReject& b) { return a.offset < b.offset; });
  return reading;
}

}  // namespace riffle
