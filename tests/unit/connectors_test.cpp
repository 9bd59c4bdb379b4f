#include <bzlib.h>
#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "connectors/connector.h"
#include "connectors/decoder.h"
#include "connectors/decompress.h"
#include "folder.h"
#include "values/error.h"

using namespace riffle;

namespace {

std::string gzipped(const std::string& bytes) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd_packed(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

std::string xz_packed(const std::string& bytes) {
  std::string out(lzma_stream_buffer_bound(bytes.size()), '\0');
  std::size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                  reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                                  reinterpret_cast<std::uint8_t*>(out.data()), &size,
                                  out.size()) == LZMA_OK);
  out.resize(size);
  return out;
}

std::string bzip2_packed(const std::string& bytes) {
  auto size = static_cast<unsigned>(bytes.size() + bytes.size() / 50 + 1000);
  std::string out(size, '\0');
  REQUIRE(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(bytes.data()),
                                   static_cast<unsigned>(bytes.size()), 1, 0, 0) == BZ_OK);
  out.resize(size);
  return out;
}

// Text that packs by about half, with long matches.
std::string sample(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) {
    if (text.size() > 1000 && random() % 4 == 0)
      text += text.substr(random() % (text.size() - 500), random() % 500);
    else
      text += static_cast<char>('a' + random() % 26);
  }
  text.resize(size);
  return text;
}

// Bytes that come in pieces of at most so many.
class Pieces : public ByteSource {
 public:
  Pieces(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t n = std::min({size, piece_, bytes_.size() - at_});
    bytes_.copy(to, n, at_);
    at_ += n;
    return n;
  }
  bool would_wait() override { return false; }
  int descriptor() const override { return -1; }
  bool is_regular() const override { return false; }

 private:
  std::string bytes_;
  std::size_t piece_, at_ = 0;
};

struct Outcome {
  std::string bytes, error;
};

Outcome read_all(ByteSource& source, std::size_t piece = 1 << 16, bool ask = false) {
  Outcome outcome;
  std::string buffer(piece, '\0');
  try {
    while (true) {
      if (ask && source.would_wait()) FAIL("a source that never waits says it would");
      const std::size_t n = source.read(buffer.data(), buffer.size());
      if (n == 0) return outcome;
      outcome.bytes.append(buffer, 0, n);
    }
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::failed);
    outcome.error = error.what();
  }
  return outcome;
}

Outcome unpack(const std::string& bytes, std::size_t in_piece = 1 << 20,
               std::size_t out_piece = 1 << 16, bool ask = false) {
  return read_all(*decompressed(std::make_unique<Pieces>(bytes, in_piece), "x"), out_piece, ask);
}

Outcome read_file(const std::string& where) { return read_all(*connector_of(where).open({where})); }

std::string error_of_look_up(const std::string& where) {
  try {
    connector_of(where).check_exists({where});
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::failed);
    return error.what();
  }
  return "";
}

bool is_root() { return geteuid() == 0; }

}  // namespace

TEST_CASE("file: what cannot be read is refused with path and reason") {
  Folder folder;
  CHECK(error_of_look_up(folder / "none") == (folder / "none") + ": No such file or directory");
  CHECK(error_of_look_up(folder / ".") == (folder / ".") + ": Is a directory");
  CHECK(error_of_look_up("") == ": No such file or directory");
  put(folder / "x", "1");
  CHECK(error_of_look_up(folder / "x").empty());
  CHECK(error_of_look_up("file:" + (folder / "x")).empty());
  if (!is_root()) {
    chmod((folder / "x").c_str(), 0);
    CHECK(error_of_look_up(folder / "x") == (folder / "x") + ": Permission denied");
  }
}

TEST_CASE("file: reads a file whole, by any of its spellings") {
  Folder folder;
  const std::string text = sample(300000);
  put(folder / "x", text);
  CHECK(read_file(folder / "x").bytes == text);
  CHECK(read_file("file:" + (folder / "x")).bytes == text);
  const int file = open((folder / "x").c_str(), O_RDONLY);
  CHECK(read_file("/dev/fd/" + std::to_string(file)).bytes == text);
  close(file);
  const auto source = connector_of("x").open({folder / "x"});
  CHECK(source->is_regular());
  CHECK_FALSE(source->would_wait());
  CHECK(source->descriptor() == -1);
}

TEST_CASE("connector_of: an unknown scheme is a wrong command that names the known ones") {
  CHECK(connector_of("a:b").scheme == "file");
  CHECK(connector_of("1://x").scheme == "file");
  CHECK(connector_of("FILE:///x").scheme == "file");
  try {
    connector_of("kafka://x/y");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    CHECK(std::string(error.what()) ==
          "kafka://x/y: nothing reads or writes 'kafka://'; known schemes: file:");
  }
}

TEST_CASE("compression is known by the first bytes, which may come one by one") {
  using namespace std::string_literals;
  CHECK(compression_of("") == Compression::undecided);
  CHECK(compression_of("{") == Compression::none);
  CHECK(compression_of("\x1f") == Compression::undecided);
  CHECK(compression_of("\x1f\x8b") == Compression::gzip);
  CHECK(compression_of("\x1f{") == Compression::none);
  CHECK(compression_of("(") == Compression::undecided);
  CHECK(compression_of("(a") == Compression::none);
  CHECK(compression_of("\x28\xb5\x2f\xfd") == Compression::zstd);
  CHECK(compression_of("P") == Compression::undecided);
  CHECK(compression_of("Path") == Compression::none);
  CHECK(compression_of("P\x2a\x4d\x18") == Compression::zstd);
  CHECK(compression_of("\xfd") == Compression::undecided);
  CHECK(compression_of("\xfd"
                       "7zXZ\0"s) == Compression::xz);
  CHECK(compression_of("\xfd"
                       "8") == Compression::none);
  CHECK(compression_of("BZh9") == Compression::undecided);
  CHECK(compression_of("BZh91AY") == Compression::undecided);
  CHECK(compression_of("BZh91AY&SY") == Compression::bzip2);
  CHECK(compression_of("BZh0") == Compression::none);
  CHECK(compression_of("BZh,x") == Compression::none);
  CHECK(compression_of("Basic") == Compression::none);
  for (const std::string& text : {""s, "\x1f"s, "("s, "P*M"s, "{}"s, "BZh9"s, "BZh91AZ"s,
                                  "\xfd"
                                  "7z"s})
    CHECK(unpack(text, 1).bytes == text);
}

TEST_CASE("gzip: all members, whatever the size of reads") {
  const std::string a = sample(70000), b = sample(3000),
                    packed = gzipped(a) + gzipped("") + gzipped(b);
  for (const std::size_t in : {1, 2, 7, 1000, 1 << 20})
    for (const std::size_t out : {1, 13, 4096, 1 << 20}) {
      const Outcome outcome = unpack(packed, in, out, in == 7);
      CHECK(outcome.error.empty());
      CHECK(outcome.bytes == a + b);
    }
}

TEST_CASE("gzip: zeros behind the last member are padding, other bytes are damage") {
  using namespace std::string_literals;
  const std::string packed = gzipped("hello");
  CHECK(unpack(packed + std::string(1000, '\0'), 3).error.empty());
  CHECK(unpack(packed + std::string(1000, '\0'), 3).bytes == "hello");
  CHECK(unpack(packed + std::string(10, '\0') + gzipped(" you"), 3).bytes == "hello you");
  for (const std::string& behind : {"x"s, "\0\0x"s, "\x1f"s + "x" + std::string(100, 'x')}) {
    const Outcome outcome = unpack(packed + behind, 3);
    CHECK(outcome.bytes == "hello");
    CHECK(outcome.error == "x: gzip data is damaged: other bytes follow its last member");
  }
}

TEST_CASE("gzip: what stands before the damage is given first") {
  const std::string text = sample(200000), packed = gzipped(text);
  SECTION("cut off anywhere") {
    for (std::size_t size : {std::size_t{2}, std::size_t{9}, std::size_t{15}, packed.size() / 2,
                             packed.size() - 8, packed.size() - 1}) {
      const Outcome outcome = unpack(packed.substr(0, size), 4096);
      CHECK(outcome.error == "x: gzip data is damaged: it ends too early");
      CHECK(text.starts_with(outcome.bytes));
      if (size >= packed.size() - 8) CHECK(outcome.bytes == text);
      if (size == packed.size() / 2) CHECK(outcome.bytes.size() > text.size() / 4);
    }
  }
  SECTION("a wrong checksum") {
    std::string wrong = packed;
    wrong[wrong.size() - 6] ^= 1;
    const Outcome outcome = unpack(wrong);
    CHECK(outcome.bytes == text);
    CHECK(outcome.error == "x: gzip data is damaged: its checksum is wrong");
  }
  SECTION("a wrong length") {
    std::string wrong = packed;
    wrong.back() ^= 1;
    CHECK(unpack(wrong).error == "x: gzip data is damaged: its checksum is wrong");
  }
  SECTION("flipped bits never pass") {
    std::mt19937 random(3);
    for (int i = 0; i < 200; i++) {
      std::string wrong = packed;
      wrong[10 + random() % (wrong.size() - 10)] ^= static_cast<char>(1 << random() % 8);
      CHECK(!unpack(wrong, 1 << 12).error.empty());
    }
  }
  SECTION("a damaged second member") {
    const Outcome outcome = unpack(gzipped("first") + packed.substr(0, 1000));
    CHECK(outcome.bytes.starts_with("first"));
    CHECK(outcome.error == "x: gzip data is damaged: it ends too early");
  }
}

TEST_CASE("zstd: all frames, skippable ones too, whatever the size of reads") {
  const std::string a = sample(70000), b = sample(3000);
  const std::string skippable("\x53\x2a\x4d\x18\x04\x00\x00\x00skip", 12);
  const std::string packed =
      skippable + zstd_packed(a) + zstd_packed("") + skippable + zstd_packed(b);
  for (const std::size_t in : {1, 7, 1000, 1 << 20})
    for (const std::size_t out : {1, 13, 1 << 20}) {
      const Outcome outcome = unpack(packed, in, out, in == 7);
      CHECK(outcome.error.empty());
      CHECK(outcome.bytes == a + b);
    }
}

TEST_CASE("zstd: damage is told, after what stands before it") {
  const std::string text = sample(400000), packed = zstd_packed(text);
  const Outcome cut = unpack(packed.substr(0, packed.size() - 3));
  CHECK(cut.error == "x: zstd data is damaged: it ends too early");
  CHECK(cut.bytes.size() > 100000);
  CHECK(text.starts_with(cut.bytes));
  CHECK(unpack(packed.substr(0, 4)).error == "x: zstd data is damaged: it ends too early");
  const Outcome garbage = unpack(packed + "garbage");
  CHECK(garbage.bytes == text);
  CHECK(garbage.error == "x: zstd data is damaged: Unknown frame descriptor");
}

TEST_CASE("zstd: what is given before damage does not depend on how the bytes arrive") {
  const std::string text = sample(600000);
  std::string packed = zstd_packed(text);
  packed[packed.size() - 1000] ^= 0x55;
  const Outcome whole = unpack(packed);
  CHECK(text.starts_with(whole.bytes));
  CHECK(whole.bytes.size() >= 128 * 1024);
  for (const std::size_t piece : {1, 1000, 100000}) {
    const Outcome pieces = unpack(packed, piece);
    CHECK(pieces.bytes.size() == whole.bytes.size());
    CHECK(pieces.error == whole.error);
  }
  CHECK(unpack(packed, 1 << 20, 1 << 20).bytes.size() == whole.bytes.size());
}

TEST_CASE("xz and bzip2: all streams, whatever the size of reads") {
  using namespace std::string_literals;
  const std::string a = sample(70000), b = sample(3000);
  const std::string xz = xz_packed(a) + std::string(8, '\0') + xz_packed("") + xz_packed(b);
  const std::string bzip2 = bzip2_packed(a) + bzip2_packed("") + bzip2_packed(b);
  for (const std::string& packed : {xz, bzip2, bzip2_packed("") + bzip2})
    for (const std::size_t in : {1, 7, 1000, 1 << 20})
      for (const std::size_t out : {1, 13, 1 << 20}) {
        const Outcome outcome = unpack(packed, in, out, in == 7);
        CHECK(outcome.error.empty());
        CHECK(outcome.bytes == a + b);
      }
}

TEST_CASE("xz and bzip2: damage is told, after what stands before it") {
  const std::string text = sample(400000);
  for (const std::string name : {"xz", "bzip2"}) {
    const std::string packed = name == "xz" ? xz_packed(text) : bzip2_packed(text);
    const std::string damaged = "x: " + name + " data is damaged: ";
    for (const std::size_t size : {std::size_t{12}, packed.size() / 2, packed.size() - 1}) {
      const Outcome cut = unpack(packed.substr(0, size), 4096);
      CHECK(cut.error == damaged + "it ends too early");
      CHECK(text.starts_with(cut.bytes));
      if (size > 1000) CHECK(cut.bytes.size() > 90000);
    }
    for (const std::string behind : {"garbage, more than a header has", "BZhx"}) {
      const Outcome garbage = unpack(packed + behind, 3);
      CHECK(garbage.bytes == text);
      CHECK(garbage.error.starts_with(damaged));
    }
    CHECK(unpack(packed + "garbage, more than a header has")
              .error.ends_with("other bytes follow its last stream"));
    std::mt19937 random(3);
    for (int i = 0; i < 50; i++) {
      std::string wrong = packed;
      wrong[12 + random() % (wrong.size() - 12)] ^= static_cast<char>(1 << random() % 8);
      CHECK(unpack(wrong, 1 << 12).error.starts_with(damaged));
    }
  }
}

TEST_CASE("a decompression bomb takes constant memory") {
  std::string bomb = gzipped(std::string(50 << 20, ' '));
  CHECK(bomb.size() < 100000);
  const auto source = decompressed(std::make_unique<Pieces>(bomb + bomb, 1 << 20), "x");
  std::size_t total = 0;
  std::string buffer(1 << 16, '\0');
  while (const std::size_t n = source->read(buffer.data(), buffer.size())) total += n;
  CHECK(total == std::size_t{100} << 20);
}

TEST_CASE("would_wait of a pipe: exact, compressed or not") {
  Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto source = connector_of("x").open({folder / "pipe"});
  CHECK(source->would_wait());  // no writer yet
  CHECK_FALSE(source->is_regular());
  CHECK(source->descriptor() >= 0);
  const int writer = open((folder / "pipe").c_str(), O_WRONLY);
  CHECK(source->would_wait());
  const auto send = [&](const std::string& bytes) {
    REQUIRE(write(writer, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  };
  char buffer[64];

  SECTION("plain") {
    send("ab");
    CHECK_FALSE(source->would_wait());
    CHECK(source->read(buffer, 1) == 1);
    CHECK_FALSE(source->would_wait());  // one byte is left
    CHECK(source->read(buffer, 1) == 1);
    CHECK(source->would_wait());
  }
  SECTION("gzip: bytes that decode to nothing yet are no reason to read") {
    const std::string packed = gzipped("hello");
    send(packed.substr(0, 11));
    CHECK(source->would_wait());
    send(packed.substr(11));
    CHECK_FALSE(source->would_wait());
    CHECK(source->read(buffer, 2) == 2);
    CHECK_FALSE(source->would_wait());
    CHECK(source->read(buffer, 64) == 3);
    CHECK(source->would_wait());
  }
  close(writer);
  CHECK_FALSE(source->would_wait());
  CHECK(source->read(buffer, 64) == 0);
}

TEST_CASE("a new file appears when it is published, not before") {
  Folder folder;
  const std::string path = folder / "out";
  {
    const auto sink = connector_of(path).create({path});
    sink->write("abc");
    CHECK_FALSE(std::filesystem::exists(path));
    sink->write("def");
    CHECK_FALSE(sink->is_terminal());
    sink->publish();
    CHECK(content_of(path) == "abcdef");
  }
  CHECK(folder.files() == 1);
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  const mode_t mask = umask(0);
  umask(mask);
  CHECK((status.st_mode & 07777) == (0666 & ~mask));
}

TEST_CASE("an old file is kept until publish, and its mode after it") {
  Folder folder;
  const std::string path = folder / "out";
  put(path, "old");
  chmod(path.c_str(), 0640);
  {
    const auto sink = connector_of(path).create({path});
    sink->write("new");
  }
  CHECK(content_of(path) == "old");
  CHECK(folder.files() == 1);
  const auto sink = connector_of(path).create({"file:" + path});
  sink->write("new");
  CHECK(content_of(path) == "old");
  sink->publish();
  CHECK(content_of(path) == "new");
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
}

TEST_CASE("symlinks are followed first, also to what is not there yet") {
  Folder folder;
  std::filesystem::create_directory(folder / "d");
  std::filesystem::create_symlink("d/target", folder / "link");
  std::filesystem::create_symlink("link", folder / "link2");
  const auto sink = connector_of("x").create({folder / "link2"});
  sink->write("x");
  sink->publish();
  CHECK(std::filesystem::is_symlink(folder / "link2"));
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(content_of(folder / "d/target") == "x");
  std::filesystem::create_symlink("circle", folder / "circle");
  CHECK_THROWS_WITH(connector_of("x").create({folder / "circle"}),
                    (folder / "circle") + ": Too many levels of symbolic links");
}

TEST_CASE("a name made of data follows no symlink, at any moment") {
  Folder folder;
  std::filesystem::create_directory(folder / "out");
  put(folder / "out/victim", "precious");
  const std::string inside = "k/f";
  const auto open = [&] {
    return connector_of("x").create({.where = folder / inside, .from_data = inside.size()});
  };
  std::filesystem::create_symlink("out", folder / "k");
  CHECK_THROWS_WITH(open(), Catch::Contains("is a symbolic link"));
  std::filesystem::remove(folder / "k");

  const auto sink = open();  // which makes the folder
  sink->write("x");
  sink->pause();
  std::filesystem::rename(folder / "k", folder / "moved");
  std::filesystem::create_symlink("out", folder / "k");
  CHECK_THROWS_WITH(sink->publish(), Catch::Contains("Too many levels of symbolic links"));
  std::filesystem::remove(folder / "k");
  std::filesystem::rename(folder / "moved", folder / "k");
  std::filesystem::create_symlink("../out/victim", folder / inside);
  sink->publish();
  CHECK(content_of(folder / inside) == "x");
  CHECK_FALSE(std::filesystem::is_symlink(folder / inside));
  CHECK(content_of(folder / "out/victim") == "precious");
}

TEST_CASE("what is no file is written straight") {
  Folder folder;
  const auto null = connector_of("x").create({"/dev/null"});
  null->write("x");
  null->publish();
  CHECK(std::filesystem::is_character_file("/dev/null"));

  const auto full = connector_of("x").create({"/dev/full"});
  CHECK_THROWS_WITH(full->write("x"), "/dev/full: No space left on device");

  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::string got;
  std::thread reader([&] { got = read_file(folder / "pipe").bytes; });
  const auto pipe = connector_of("x").create({folder / "pipe"});
  const std::string text = sample(1 << 20);
  pipe->write(text);
  pipe->publish();
  reader.join();
  CHECK(got == text);

  const int file = open((folder / "x").c_str(), O_WRONLY | O_CREAT, 0600);
  const auto descriptor = connector_of("x").create({"/dev/fd/" + std::to_string(file)});
  descriptor->write("x");
  CHECK(content_of(folder / "x") == "x");
  descriptor->publish();
  close(file);
}

TEST_CASE("outputs that cannot be made are refused with path and reason") {
  Folder folder;
  CHECK_THROWS_WITH(connector_of("x").create({folder / "."}), (folder / ".") + ": Is a directory");
  CHECK_THROWS_WITH(connector_of("x").create({folder / "none/x"}),
                    (folder / "none/x") + ": No such file or directory");
  CHECK_THROWS_WITH(connector_of("x").create({folder / "x/"}),
                    (folder / "x/") + ": Is a directory");
  put(folder / "file", "");
  CHECK_THROWS_WITH(connector_of("x").create({folder / "file/x"}),
                    (folder / "file/x") + ": Not a directory");
  if (!is_root()) {
    chmod((folder / "file").c_str(), 0444);
    CHECK_THROWS_WITH(connector_of("x").create({folder / "file"}),
                      (folder / "file") + ": Permission denied");
  }
}

TEST_CASE("what a sink promises") {
  Folder folder;
  const auto promise = [&](const SinkOptions& options) {
    return connector_of("x").create(options)->promise();
  };
  CHECK(promise({folder / "x"}) == Promise::whole);
  CHECK(promise({folder / "x.gz"}) == Promise::whole);
  CHECK(promise({folder / "x", true}) == Promise::exactly_once);
  CHECK(promise({folder / "x.zst", true}) == Promise::exactly_once);
  CHECK(promise({"/dev/null", true}) == Promise::at_least_once);
}

TEST_CASE("a file in place grows under its own name, and can be cut back") {
  Folder folder;
  const std::string path = folder / "out";
  std::uint64_t length = 0;
  {
    const auto sink = connector_of(path).create({path, true});
    CHECK(sink->length() == 0);
    sink->write("abc");
    length = sink->length();
    CHECK(length == 3);
    CHECK(content_of(path) == "abc");
    sink->write("lost");
    sink->pause();
    sink->write(", too");
  }
  CHECK(content_of(path) == "abclost, too");
  const auto sink = connector_of(path).create({path, true});
  sink->cut_back(length);
  CHECK(content_of(path) == "abc");
  sink->write("d");
  CHECK(sink->length() == 4);
  CHECK_THROWS_WITH(sink->cut_back(5), path + ": has 4 bytes, fewer than the 5 that were written");
  sink->publish();
  CHECK(content_of(path) == "abcd");
  CHECK(folder.files() == 1);
}

TEST_CASE("a compressed file in place is cut back to a whole part") {
  Folder folder;
  const std::string text = sample(300000);
  for (const std::string name : {"a.gz", "a.zst"}) {
    std::uint64_t length = 0;
    {
      const auto sink = connector_of("x").create({folder / name, true});
      sink->write(text);
      length = sink->length();
      CHECK(length == content_of(folder / name).size());
      CHECK(sink->length() == length);
      sink->write(text);
      sink->write(text);
    }
    const auto sink = connector_of("x").create({folder / name, true});
    sink->cut_back(length);
    sink->write("the end");
    sink->cut_back(length);
    sink->write("more");
    sink->publish();
    CHECK(read_file(folder / name).bytes == text + "more");
  }
}

TEST_CASE("outputs called .gz and .zst are packed, the same way each time") {
  Folder folder;
  const std::string text = sample(500000);
  for (const std::string name : {"a.gz", "b.gz", "a.zst", "b.zst", "empty.gz", "empty.zst"}) {
    const auto sink = connector_of("x").create({folder / name});
    if (name[0] != 'e')
      for (std::size_t at = 0; at < text.size(); at += 77777)
        sink->write(std::string_view(text).substr(at, 77777));
    sink->publish();
    CHECK(read_file(folder / name).bytes == (name[0] == 'e' ? "" : text));
    CHECK(content_of(folder / name).size() < text.size());
  }
  CHECK(compression_of(content_of(folder / "a.gz")) == Compression::gzip);
  CHECK(compression_of(content_of(folder / "empty.zst")) == Compression::zstd);
  CHECK(content_of(folder / "a.gz") == content_of(folder / "b.gz"));
  CHECK(content_of(folder / "a.zst") == content_of(folder / "b.zst"));
}
