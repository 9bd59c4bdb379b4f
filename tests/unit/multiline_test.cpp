// Joined lines: the same records, however the bytes come.
#include <catch2/catch.hpp>
#include <random>

#include "json_reading.h"

namespace riffle {
namespace {

const std::vector<std::string> pieces = {
    "Traceback (most recent call last):",
    "  File \"a.py\", line 2",
    "ValueError: x",
    "During handling of the above exception, another exception occurred:",
    "",
    "",
    "goroutine 1 [running]:",
    "panic: x",
    "main.main()",
    "\tat a.B",
    "Caused by: x",
    "java.lang.IllegalStateException: x",
    "1 info",
    "a line;",
    "a line that is longer than the others, and than some records may be",
    "\xff",
};

std::string text_of_lines(std::mt19937& random) {
  std::string text = random() % 8 == 0 ? "\xEF\xBB\xBF" : "";
  for (auto lines = random() % 30; lines > 0; lines--)
    text += pieces[random() % pieces.size()] + (random() % 10 == 0 ? "\r\n" : "\n");
  if (random() % 3 == 0 && !text.empty()) text.pop_back();
  return text;
}

Reading read(const InputOptions& options, std::string_view text, std::size_t piece) {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  shape->find(literal_name("line"));
  const Format& format = *find_format("text");
  const auto cutter = format.make_cutter(options);
  const auto reader = format.make_reader(options, shape);
  return in_order(read_through(*cutter, *reader, text, piece));
}

}  // namespace

TEST_CASE("joined lines are the same records, however the bytes come") {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; i++) {
    InputOptions options;
    const std::vector<std::string> ways = {"java",   "python",        "go",
                                           "indent", "start=^[0-9a]", "end=;$"};
    options.multiline = ways[random() % ways.size()];
    options.max_record = std::vector<std::size_t>{10, 40, 100'000}[random() % 3];
    const std::string text = text_of_lines(random);
    const Reading whole = read(options, text, text.size() + 1);
    for (const std::size_t piece : {std::size_t{1}, 2 + random() % 20, 30 + random() % 100}) {
      const Reading cut = read(options, text, piece);
      INFO(options.multiline << ", " << options.max_record << ", " << piece << " bytes:\n" << text);
      CHECK(cut.rows == whole.rows);
      CHECK(cut.rejects == whole.rejects);
    }
    if (options.max_record < 100'000) continue;
    std::string all;
    for (const ReadRow& row : whole.rows) all += row.source;
    // Nothing is lost; a line end is added where there is none.
    const std::string_view lines =
        std::string_view(text).substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    INFO(options.multiline << ":\n" << text);
    if (whole.rejects.empty()) CHECK(all == lines);
  }
}

}  // namespace riffle
