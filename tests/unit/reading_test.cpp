// What a run reads: the order of its inputs, their merge by time, and an input that fails.
#include <sys/mman.h>

#include <algorithm>
#include <random>

#include "running.h"
#include "values/error.h"

using namespace riffle;

namespace {

std::string output_of(const Folder& folder, std::vector<std::string> words) {
  words.insert(words.end(), {"-o", folder / "out.ndjson", "--quiet"});
  CHECK(run(job_of(words)) == ExitStatus::ok);
  return content_of(folder / "out.ndjson");
}

struct Timed {
  int time = 0, number = 0;
  std::string line() const {
    return "{\"t\":" + std::to_string(time) + ",\"n\":" + std::to_string(number) + "}\n";
  }
};

// Mostly in order.
std::vector<Timed> random_stream(std::mt19937& random) {
  std::vector<Timed> records;
  int time = 1'000'000'000;
  for (std::size_t i = 0, count = random() % 40; i < count; i++) {
    time += static_cast<int>(random() % 5) - (random() % 6 == 0 ? 4 : 0);
    records.push_back({time, static_cast<int>(random() % 1000)});
  }
  return records;
}

// Always the stream whose next record has the least time; of equals the first.
std::string merged(const std::vector<std::vector<Timed>>& streams) {
  std::vector<std::size_t> next(streams.size());
  std::string text;
  while (true) {
    std::size_t least = streams.size();
    for (std::size_t i = 0; i < streams.size(); i++)
      if (next[i] < streams[i].size() &&
          (least == streams.size() || streams[i][next[i]].time < streams[least][next[least]].time))
        least = i;
    if (least == streams.size()) return text;
    text += streams[least][next[least]++].line();
  }
}

// Lines, and behind them memory that cannot be read: reading /proc/self/mem from there fails where
// they end.
class FailingFile {
 public:
  explicit FailingFile(std::size_t pages) : size_(pages * static_cast<std::size_t>(getpagesize())) {
    void* const at = mmap(nullptr, size_ + static_cast<std::size_t>(getpagesize()),
                          PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(at != MAP_FAILED);
    memory_ = static_cast<char*>(at);
    REQUIRE(munmap(memory_ + size_, static_cast<std::size_t>(getpagesize())) == 0);
    for (std::size_t i = 0; i < size_; i += lines.size())
      lines.copy(memory_ + i, std::min(lines.size(), size_ - i));
    file_ = open("/proc/self/mem", O_RDONLY);
    if (file_ >= 0) lseek(file_, reinterpret_cast<off_t>(memory_), SEEK_SET);
  }
  ~FailingFile() {
    munmap(memory_, size_);
    if (file_ >= 0) close(file_);
  }
  FailingFile(const FailingFile&) = delete;
  FailingFile& operator=(const FailingFile&) = delete;

  bool can_be_had() const { return file_ >= 0; }
  std::string name() const { return "/dev/fd/" + std::to_string(file_); }
  // The whole lines.
  std::string content() const {
    const std::string_view all(memory_, size_);
    return std::string(all.substr(0, all.rfind('\n') + 1));
  }

 private:
  static constexpr std::string_view lines = "{\"a\":1,\"b\":\"two\"}\n";

  std::size_t size_;
  char* memory_ = nullptr;
  int file_ = -1;
};

}  // namespace

TEST_CASE("files are read one after the other, as they are named") {
  const Folder folder;
  std::string all;
  std::vector<std::string> words;
  for (const char* const name : {"b.ndjson", "c.ndjson", "empty.ndjson", "a.ndjson"}) {
    const std::string text =
        name[0] == 'e' ? "" : "{\"file\":\"" + std::string(name) + "\"}\n" + numbered_lines(50);
    put(folder / name, text);
    words.push_back(folder / name);
    all += text;
  }
  for (const std::size_t bytes : {1, 100, 1 << 20}) {
    const BlockSize block(bytes);
    for (const char* const threads : {"1", "3"}) {
      std::vector<std::string> command = words;
      command.insert(command.end(), {"-j", threads});
      CHECK(output_of(folder, command) == all);
    }
  }
}

TEST_CASE("--merge takes the record with the least time, of equals the first input's") {
  std::mt19937 random(11);
  for (int round = 0; round < 30; round++) {
    const Folder folder;
    std::vector<std::vector<Timed>> streams(1 + random() % 4);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < streams.size(); i++) {
      streams[i] = random_stream(random);
      const std::string path = folder / std::to_string(i).append(".ndjson");
      std::ofstream file(path);
      for (const Timed& record : streams[i]) file << record.line();
      words.push_back(path);
    }
    words.insert(words.end(), {"--merge", "t"});
    const BlockSize block(std::vector<std::size_t>{1, 60, 1 << 20}[random() % 3]);
    CHECK(output_of(folder, words) == merged(streams));
  }
}

TEST_CASE("an input that fails in the middle: what came before is written, and the run fails") {
  for (const std::size_t pages : {1, 300}) {
    for (const char* const threads : {"1", "3"}) {
      const FailingFile input(pages);
      if (!input.can_be_had()) {
        WARN("skipped: /proc/self/mem cannot be read");
        return;
      }
      const Folder folder;
      const int out = open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      const Job job = job_of({input.name(), "-i", "ndjson", "-j", threads, "--quiet", "-o",
                              "/dev/fd/" + std::to_string(out), "filter", "a == 1"});
      CHECK_THROWS_WITH(run(job), Catch::EndsWith("Input/output error"));
      close(out);
      CHECK(content_of(folder / "out") == input.content());
    }
  }
}
