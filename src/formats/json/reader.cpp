#include "formats/ndjson/reader.h"

#include <string>
#include <vector>

#include "formats/json/json.h"
#include "formats/lines/lines.h"
#include "values/json.h"

namespace riffle {
namespace {

// Records as lines, and where each came from.
struct Lines {
  TextBuffer text;
  std::vector<Position> positions;

  void add(std::string_view record, Position position) {
    if (record.find('\n') == record.npos && record.find('\r') == record.npos)
      text += record;
    else
      write_compact(record, text);
    text += '\n';
    positions.push_back(position);
  }
};

class JsonReader : public RecordReader {
 public:
  explicit JsonReader(std::shared_ptr<const Shape> shape) : reader_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    const auto lines = std::make_shared<Lines>();
    reader_.start(block->runs.size(), *block, effects);
    gather(*block, *lines);
    const std::size_t size = lines->text.size();
    lines->text.append(Buffer::padding, '\0');
    reader_.memory().keep(lines);
    reader_.read(lines->text.view().substr(0, size), 1, 0);
    Batch batch = reader_.finish();
    // The lines are all records: row n is line n.
    batch.origin.positions = lines->positions.data();
    return batch;
  }

 private:
  void gather(const Block& block, Lines& lines) {
    const std::string_view text = block.text();
    std::uint64_t line = block.first_line + 1;
    std::uint32_t counted = 0;
    const auto line_at = [&](std::uint32_t at) {
      line += count_line_ends(text.substr(counted, at - counted));
      counted = at;
      return line;
    };
    const auto reject = [&](std::uint32_t begin, std::uint32_t end, const std::string& reason) {
      reader_.reject(line_at(begin), block.offset + begin, reason, text.substr(begin, end - begin));
    };
    auto bad = block.bad.begin();
    for (const Run& value : block.runs) {
      for (; bad != block.bad.end() && bad->begin < value.begin; ++bad)
        reject(bad->begin, bad->end, bad->reason);
      if (text[value.begin] == '{')
        lines.add(text.substr(value.begin, value.end - value.begin),
                  {block.turn, block.input, block.offset + value.begin, line_at(value.begin)});
      else
        reject(value.begin, value.end, "not an object");
    }
    for (; bad != block.bad.end(); ++bad) reject(bad->begin, bad->end, bad->reason);
  }

  LineReader reader_;
};

}  // namespace

std::unique_ptr<RecordReader> make_json_reader(const InputOptions&,
                                               std::shared_ptr<const Shape> shape) {
  return std::make_unique<JsonReader>(std::move(shape));
}

}  // namespace riffle
