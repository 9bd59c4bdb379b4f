// Files, pipes and followed files as blocks of records: positions, seeking, status; inputs that
// come and go.
#include "connectors/block_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "engine/input/byte_blocks.h"
#include "engine/input/input.h"
#include "folder.h"

using namespace riffle;

namespace {

constexpr std::size_t block_size = 64;

struct Opened {
  Opened(const SourceOptions& options, const std::string& format, const InputOptions& input = {})
      : options_(input),
        blocks(open_blocks(options, find_format(format), options_, interrupt, block_size)) {}

 private:
  InputOptions options_;

 public:
  Interrupt interrupt;
  std::unique_ptr<BlockSource> blocks;
};

// Blocks as a reader sees them, wherever they begin.
struct Seen {
  std::string text, header;
  std::uint64_t end = 0, lines = 0;
  std::vector<std::string> bad;  // each with its place

  void add(const Block& block) {
    text += block.text();
    end = block.offset + block.size;
    lines = block.first_line + block.lines;
    if (block.header) header = fmt::format("{}", fmt::join(block.header->names, ","));
    for (const BadBytes& bytes : block.bad)
      bad.push_back(fmt::format("{}: {}", block.offset + bytes.begin, bytes.reason));
  }
};

Seen rest_of(BlockSource& source) {
  Seen seen;
  for (Block block; source.fill(block, true) == BlockSource::Got::block;) seen.add(block);
  return seen;
}

// Reading goes on at the end of any block, in a source of its own, with the same records.
void check_positions(const std::string& path, const std::string& format,
                     const InputOptions& options = {}) {
  CAPTURE(path);
  Opened whole({path}, format, options);
  std::vector<SourcePosition> positions = {whole.blocks->position()};
  Seen all;
  for (Block block; whole.blocks->fill(block, true) == BlockSource::Got::block;) {
    all.add(block);
    positions.push_back(whole.blocks->position());
    CHECK(positions.back().offset == block.offset + block.size);
    CHECK(positions.back().lines == block.first_line + block.lines);
  }
  REQUIRE(positions.size() > 4);
  CHECK(whole.blocks->status() == InputStatus::ended);
  for (const SourcePosition& position : positions) {
    CAPTURE(position.offset);
    Opened again({path}, format, options);
    REQUIRE(again.blocks->can_seek());
    again.blocks->seek(position);
    CHECK(again.blocks->position() == position);
    const Seen rest = rest_of(*again.blocks);
    CHECK(rest.text == all.text.substr(position.offset));
    if (rest.text.empty()) continue;
    CHECK(rest.header == all.header);
    CHECK(rest.end == all.end);
    CHECK(rest.lines == all.lines);
    REQUIRE(rest.bad.size() <= all.bad.size());
    CHECK(std::equal(rest.bad.rbegin(), rest.bad.rend(), all.bad.rbegin()));
  }
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; i++) all += text;
  return all;
}

void send(int pipe, const std::string& bytes) {
  REQUIRE(write(pipe, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

// A named pipe, and its end to write to.
struct Pipe {
  Pipe(const Folder& folder, const std::string& name) : path(folder / name) {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    writer = open(path.c_str(), O_RDWR);
    REQUIRE(writer >= 0);
  }
  ~Pipe() { close_writer(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_writer() {
    if (writer >= 0) close(writer);
    writer = -1;
  }

  std::string path;
  int writer = -1;
};

}  // namespace

TEST_CASE("a file goes on at the end of any block") {
  Folder folder;
  const std::string ndjson = repeated("{\"a\":1}\n{\"a\":\"a longer one\"}\nbad\n\n", 20);
  put(folder / "a.ndjson", ndjson);
  put(folder / "marked.ndjson", "\xEF\xBB\xBF" + ndjson);
  put(folder / "a.csv", "id,name\n" + repeated("1,x\n2,\"a\nb\"\n3,\"\"\"\"\n", 20));
  put(folder / "returns.csv", "id,name\r" + repeated("1,x\r2,y\r", 8230));
  put(folder / "skipped.csv", "one\ntwo\nid,name\r\n" + repeated("1,x\r\n#no\r\n", 40));
  put(folder / "a.tsv", "id\tname\n" + repeated("1\tx\n", 80));
  put(folder / "a.json", "[" + repeated("{\"a\": [1,\n 2]},\n", 30) + "{}]");
  put(folder / "a.txt", repeated("a line\n", 60));
  put(folder / "a.logfmt", repeated("a=1 b=\"x y\"\n", 40));
  for (const std::string name : {"a.ndjson", "marked.ndjson", "a.csv", "returns.csv", "a.tsv",
                                 "a.json", "a.txt", "a.logfmt"}) {
    check_positions(folder / name,
                    name.ends_with(".txt") ? "text" : std::string(format_of_file(name)->name));
  }
  InputOptions options;
  options.skip_lines = 2;
  options.comment = '#';
  check_positions(folder / "skipped.csv", "csv", options);
}

TEST_CASE("a format that was found by the first byte is known to who goes on") {
  Folder folder;
  put(folder / "x", repeated("a,b\n", 16600));
  Opened source({folder / "x"}, "");
  CHECK(source.blocks->format().empty());
  CHECK(source.blocks->position().format.empty());
  CHECK(source.blocks->find_format(false));
  CHECK(source.blocks->format() == "csv");
  CHECK(source.blocks->position() == SourcePosition{0, 0, "csv", source.blocks->position().cutter});
  check_positions(folder / "x", "");
}

TEST_CASE("records that are too long go on in their middle") {
  Folder folder;
  InputOptions options;
  options.max_record = 100;
  const std::string letters(300, 'x');
  put(folder / "a.ndjson", repeated("{\"a\":\"" + letters + "\"}\n{}\n", 4));
  put(folder / "a.json", repeated("{\"a\":\"" + letters + "\"}\n{}\n", 4));
  put(folder / "a.csv", "a,b\n" + repeated(letters + ",1\n2,3\n", 4));
  for (const std::string name : {"ndjson", "json", "csv"})
    check_positions(folder / ("a." + name), name, options);
}

TEST_CASE("columns and joined lines go on where they were") {
  Folder folder;
  put(folder / "a.w3c", repeated("#Fields: a b\n1 2\n3 4\n#Fields: b\n5\n", 20));
  put(folder / "a.columns", "NAME   AGE\n" + repeated("a      1\nb      2\n", 40));
  check_positions(folder / "a.w3c", "w3c");
  check_positions(folder / "a.columns", "columns");
  const std::string letters(300, 'x');
  put(folder / "a.text",
      "\xEF\xBB\xBF" +
          repeated("one\n two\n" + letters + "\n " + letters + "\n more\nend;\n\n", 8));
  put(folder / "b.text", repeated("x\nTraceback (most recent call last):\n  a\nE: " + letters +
                                      "\n\nDuring handling of the above exception\n\n\nx\n",
                                  8));
  InputOptions options;
  for (const std::size_t most : {std::size_t{100}, std::size_t{250}, std::size_t{100'000}})
    for (const char* const how : {"indent", "java", "python", "go", "start=^[ox]", "end=[;x]$"}) {
      CAPTURE(most, how);
      options.max_record = most;
      options.multiline = how;
      check_positions(folder / "a.text", "text", options);
      check_positions(folder / "b.text", "text", options);
    }
}

TEST_CASE("decoded bytes are what positions count") {
  Folder folder;
  std::string utf16;
  for (const char c : repeated("{\"a\":1}\n", 60)) utf16 += c, utf16 += '\0';
  put(folder / "x", utf16);
  InputOptions options;
  options.encoding = InputOptions::Encoding::utf16;
  check_positions(folder / "x", "ndjson", options);

  const auto sink = connector_of("x").create({folder / "a.gz"});
  sink->write(repeated("{\"a\":1}\n", 60));
  sink->publish();
  check_positions(folder / "a.gz", "ndjson");
}

TEST_CASE("an input that cannot go on says so") {
  Folder folder;
  put(folder / "a.ndjson", "{}\n{}\n");
  Opened file({folder / "a.ndjson"}, "ndjson");
  CHECK_THROWS_WITH(file.blocks->seek({100, 2, "ndjson", ""}),
                    (folder / "a.ndjson") + ": ends before byte 100, where the last run stopped");
  for (const std::string format : {"ndjson", "nothing"}) {
    Opened damaged({folder / "a.ndjson"}, "ndjson");
    CHECK_THROWS_WITH(damaged.blocks->seek({3, 1, format, "no cutter"}),
                      (folder / "a.ndjson") + ": the saved position is damaged");
  }
  const Pipe pipe(folder, "pipe");
  Opened source({pipe.path}, "ndjson");
  CHECK_FALSE(source.blocks->can_seek());
  CHECK_THROWS_WITH(source.blocks->seek({3, 1, "ndjson", ""}),
                    pipe.path + ": cannot go on from byte 3: it is no file");
}

TEST_CASE("a pipe is idle while nothing comes, and ends with its writer") {
  Folder folder;
  Pipe pipe(folder, "pipe");
  Opened source({pipe.path}, "ndjson");
  BlockSource& blocks = *source.blocks;
  Block block;
  CHECK(blocks.status() == InputStatus::idle);
  CHECK(blocks.descriptor() >= 0);
  CHECK(blocks.fill(block, false) == BlockSource::Got::nothing);
  send(pipe.writer, "{}\n{\"a\"");
  CHECK(blocks.status() == InputStatus::active);
  REQUIRE(blocks.fill(block, false) == BlockSource::Got::block);
  CHECK(block.text() == "{}\n");
  CHECK(block.flush);
  CHECK(blocks.position().offset == 3);
  CHECK(blocks.status() == InputStatus::idle);
  send(pipe.writer, ":1}\n");
  REQUIRE(blocks.fill(block, false) == BlockSource::Got::block);
  CHECK(block.text() == "{\"a\":1}\n");
  pipe.close_writer();
  CHECK(blocks.status() == InputStatus::active);
  CHECK(blocks.fill(block, false) == BlockSource::Got::end);
  CHECK(blocks.status() == InputStatus::ended);
}

TEST_CASE("a followed file goes on where it was, or from its beginning when it was truncated") {
  Folder folder;
  const std::string path = folder / "log";
  put(path, "{\"a\":1}\n{\"a\":2}\n");
  SourcePosition position;
  Block block;
  {
    Opened source({path, true}, "ndjson");
    REQUIRE(source.blocks->fill(block, true) == BlockSource::Got::block);
    position = source.blocks->position();
    CHECK(position.offset == 16);
    CHECK(source.blocks->status() == InputStatus::idle);
  }
  put(path, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
  {
    Opened source({path, true}, "ndjson");
    REQUIRE(source.blocks->can_seek());
    source.blocks->seek(position);
    REQUIRE(source.blocks->fill(block, true) == BlockSource::Got::block);
    CHECK(block.text() == "{\"a\":3}\n");
    CHECK(block.offset == 16);
    CHECK(block.first_line == 2);
  }
  put(path, "{}\n");
  Opened source({path, true}, "ndjson");
  source.blocks->seek(position);
  REQUIRE(source.blocks->fill(block, true) == BlockSource::Got::block);
  CHECK(block.status == InputStatus::truncated);
  REQUIRE(source.blocks->fill(block, true) == BlockSource::Got::block);
  CHECK(block.text() == "{}\n");
  CHECK(block.offset == 0);
}

TEST_CASE("a renamed file is read on while somebody still writes to it (D1)") {
  Folder folder;
  const std::string path = folder / "log";
  put(path, "1\n");
  int writer = open(path.c_str(), O_WRONLY | O_APPEND);
  Opened source({path, true}, "text");
  const auto next = [&] {
    Block block;
    REQUIRE(source.blocks->fill(block, true) == BlockSource::Got::block);
    return std::string(block.text());
  };
  CHECK(next() == "1\n");
  // Rotated twice: the file between is not lost either.
  std::filesystem::rename(path, folder / "log.1");
  put(path, "3\n");
  Block block;
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  CHECK(source.blocks->fill(block, false) == BlockSource::Got::nothing);
  std::filesystem::rename(path, folder / "log.0");
  put(path, "4\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  CHECK(source.blocks->fill(block, false) == BlockSource::Got::nothing);
  send(writer, "2\n");
  CHECK(next() == "2\n");
  close(writer);
  CHECK(next() == "3\n");
  CHECK(next() == "4\n");
}

TEST_CASE("inputs are added, and end, while others are read") {
  Folder folder;
  Pipe one(folder, "one"), two(folder, "two");
  put(folder / "file", "{\"in\":\"file\"}\n");
  const Interrupt interrupt;
  Inputs inputs({one.path}, find_format("ndjson"), {}, interrupt);
  Block block;
  const auto next = [&] {
    REQUIRE(inputs.next(block));
    return std::to_string(block.input) + " " + std::string(block.text());
  };
  send(one.writer, "{\"in\":1}\n");
  CHECK(next() == "0 {\"in\":1}\n");

  CHECK(inputs.add(two.path) == 1);
  CHECK(inputs.add(folder / "file") == 2);
  send(two.writer, "{\"in\":2}\n");
  CHECK(next() == "1 {\"in\":2}\n");
  one.close_writer();
  CHECK(next() == "0 ");
  CHECK(block.status == InputStatus::ended);

  Pipe three(folder, "three");
  CHECK(inputs.add(three.path) == 3);
  send(three.writer, "{\"in\":3}\n");
  CHECK(next() == "3 {\"in\":3}\n");
  two.close_writer();
  three.close_writer();
  CHECK(next().size() == 2);
  CHECK(next().size() == 2);
  // A file is read after those from which more may come.
  CHECK(next() == "2 {\"in\":\"file\"}\n");
  CHECK_FALSE(inputs.next(block));

  put(folder / "late", "{}\n");
  CHECK(inputs.add(folder / "late") == 4);
  CHECK(next() == "4 {}\n");
  CHECK_FALSE(inputs.next(block));
}
