#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "expression/check.h"
#include "stages/rows.h"
#include "text/text_map.h"
#include "values/decode.h"

namespace riffle {
namespace {

// A key as part of a file's name: no two keys have the same, it is never empty and leads nowhere.
// `%` begins whatever a name cannot say as it is. `end`: the character after it, which it has none
// of, so that two keys end where they seem to; empty: no key follows.
std::string file_name_part(const Value& key, std::string_view end) {
  constexpr std::size_t longest = 200;  // of the 255 bytes that file systems allow
  if (is_nothing(key)) return "%null";
  Memory memory;
  const std::string_view text = key_text(key, memory);
  if (text.empty()) return "%empty";
  std::string part;
  std::size_t end_left = 0;  // bytes of `end` that come now
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (!end.empty() && text.substr(i).starts_with(end)) end_left = end.size();
    const bool is_end = end_left > 0;
    end_left -= is_end;
    const bool is_plain = static_cast<unsigned char>(c) >= 0x20 && c != '/' && c != '%' &&
                          c != 0x7f && !(c == '.' && part.empty()) && !is_end;
    if (is_plain)
      part += c;
    else
      part += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (part.size() <= longest) return part;
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  std::size_t kept = longest - 40;
  // Characters stay whole.
  while (kept > 0 && (static_cast<unsigned char>(part[kept]) & 0xC0) == 0x80) kept--;
  return fmt::format("{}%~{:016x}{:016x}", part.substr(0, kept), hash.high64, hash.low64);
}

std::string_view first_character(std::string_view text) {
  std::size_t size = std::min<std::size_t>(1, text.size());
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) size++;
  return text.substr(0, size);
}

constexpr std::uint64_t usual_open = 100, most_open = 100000;

class Split : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  // `texts`: of the path, before, between and after the keys.
  Split(std::vector<std::string> texts, std::vector<ExpressionPtr> keys,
        std::shared_ptr<SinkSet> files)
      : texts_(std::move(texts)), keys_(std::move(keys)), files_(std::move(files)) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = evaluate(keys_, batch, out.effects);
    // In the order in which files come, and each file's records in theirs.
    std::vector<std::pair<std::string, std::vector<Row>>> by_file;
    TextMap<std::size_t> places;
    for (const Row row : batch.rows) {
      std::string path = texts_.front();
      for (std::size_t i = 0; i < keys.size(); i++) {
        const bool is_last = i + 1 == keys.size();
        const std::string_view end = is_last ? "" : first_character(texts_[i + 1]);
        path.append(file_name_part(keys[i][row], end)).append(texts_[i + 1]);
      }
      const auto [place, is_new] = places.try_emplace(path, by_file.size());
      if (is_new) by_file.emplace_back(std::move(path), std::vector<Row>());
      by_file[place->second].second.push_back(row);
    }
    Batch of_file = batch;
    for (auto& [path, rows] : by_file) {
      of_file.rows = std::move(rows);
      files_->write(path, of_file, out.effects);
    }
    out.emit(std::move(batch));
  }

 private:
  std::vector<std::string> texts_;
  std::vector<ExpressionPtr> keys_;
  std::shared_ptr<SinkSet> files_;
};

Planned make(Setup& setup) {
  const PathTemplate& path = setup.arguments.path_template("PATH");
  std::vector<ExpressionPtr> keys;
  for (const PathTemplate::Key& key : path.keys)
    keys.push_back(bind_name(key.name, key.text, setup.shape));
  const auto open = static_cast<std::size_t>(setup.arguments.count("--max-open", usual_open));
  return in_order<Split>(path.texts, std::move(keys),
                         setup.open_sinks(setup.arguments.text("PATH"), setup.shape, open));
}

}  // namespace

StageRow split_row() {
  StageRow row;
  row.name = "split";
  row.summary = "copies the records to one file for each key, and passes them on";
  row.details =
      "PATH has names of fields in braces: 'by/{service}/{user.name}.csv'. Its extension names the "
      "format, as that of tee; folders are made. Each file appears whole at the end of the run. In "
      "a file's name %null stands for null and missing, %empty for an empty text, %2F and the like "
      "for a slash, a percent sign, a control character, a dot at a key's beginning and, in a key "
      "that another one follows, the character after it ({day}-{host}: %2D for a dash); of a key "
      "that is too long for a name the rest becomes %~ and its hash. Symbolic links in place of a "
      "file, or of a folder that keys name, are refused.";
  row.add_form({.usage = "split PATH [--max-open N]",
                .parameters = {{"PATH", Parameter::Kind::path_template,
                                "where to write, with {NAME} for each key", true},
                               {.name = "--max-open",
                                .kind = Parameter::Kind::count,
                                .summary = "how many files are open at a time (default 100)",
                                .least = 1,
                                .most = most_open}}},
               make);
  row.examples = {{"split 'by/{level}.ndjson' then count",
                   "{\"level\":\"error\"}\n"
                   "{\"level\":\"info\"}\n",
                   "{\"count\":2}\n"}};
  row.elsewhere = {"partition"};
  return row;
}

}  // namespace riffle
