// Every instruction set that this processor has, against the scalar code that defines what is read:
// CSV's kernels against its state machine, and those of JSON lines against the checker of a value.
// The last byte chooses how the bytes arrive.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "../unit/json_reading.h"
#include "formats/csv/cutter.h"
#include "formats/csv/index.h"
#include "formats/ndjson/reader.h"
#include "values/json.h"

namespace {

using namespace riffle;

std::shared_ptr<Shape> shape() {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  for (const char* const name : {"a", "b", "c1"}) shape->find(literal_name(name));
  shape->slots().rest = true;
  return shape;
}

Reading read_csv(std::string_view bytes, CsvIndexer indexer, std::size_t piece) {
  InputOptions options;
  options.max_record = 1000;
  CsvCutter cutter(options, csv_dialect(options), indexer);
  const auto reader = make_csv_reader(options, shape());
  return in_order(read_through(cutter, *reader, bytes, piece));
}

void compare_csv(std::string_view bytes, std::size_t piece) {
  const Reading expected = read_csv(bytes, nullptr, bytes.size() + 1);
  for (const CsvKernel& kernel : csv_kernels()) {
    if (!kernel.runs_here()) continue;
    const Reading read = read_csv(bytes, kernel.index, piece);
    if (read.rows != expected.rows || read.rejects != expected.rejects) std::abort();
  }
}

Block block_of(std::string_view bytes) {
  Block block;
  block.buffer = Buffer(bytes.size() + 1);
  bytes.copy(block.buffer.data(), bytes.size());
  block.buffer.data()[bytes.size()] = '\n';
  std::memset(block.buffer.data() + bytes.size() + 1, 0, Buffer::padding);
  block.size = static_cast<std::uint32_t>(bytes.size() + 1);
  return block;
}

// What is read lives as long as the block.
Reading read_json(const Block& block, std::string_view kernel) {
  const std::string_view text = block.text();
  LineReader reader(shape(), kernel);
  Effects effects;
  reader.start(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), block,
               effects);
  reader.read(text, 1, 0);
  Reading reading;
  Batch batch = reader.finish();
  reading.add(std::move(batch), effects);
  return in_order(std::move(reading));
}

// The lines that are records, one by one.
std::vector<std::string> records_of(std::string_view text) {
  std::vector<std::string> records;
  for (std::size_t end; !text.empty(); text.remove_prefix(end)) {
    end = text.find('\n') + 1;
    const std::string_view line = trim_blanks(text.substr(0, end));
    if (line.starts_with('{') && !check_json(line)) records.emplace_back(line);
  }
  return records;
}

void compare_json(std::string_view bytes) {
  const Block block = block_of(bytes);
  const std::vector<std::string> expected = records_of(block.text());
  std::optional<Reading> first;
  for (const std::string& kernel : JsonIndex::kernels()) {
    Reading read = read_json(block, kernel);
    const auto is_same = [](const ReadRow& row, const std::string& record) {
      return trim_blanks(row.source) == record;
    };
    if (!std::equal(read.rows.begin(), read.rows.end(), expected.begin(), expected.end(), is_same))
      std::abort();
    if (first && (read.rows != first->rows || read.rejects != first->rejects)) std::abort();
    if (!first) first = std::move(read);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t piece = 1 + (size > 0 ? data[size - 1] : 0U);
  compare_csv(bytes, piece);
  compare_json(bytes);
  return 0;
}
