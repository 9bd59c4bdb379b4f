#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "expression/check.h"
#include "stages/quantities.h"
#include "stages/rows.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

// A key as part of a file's name: no two keys have the same, it is never empty and leads nowhere.
// `%` begins whatever a name cannot say as it is.
std::string file_name_part(const Value& key) {
  constexpr std::size_t longest = 200;  // of the 255 bytes that file systems allow
  if (is_nothing(key)) return "%null";
  Memory memory;
  const std::string_view text = key_text(key, memory);
  if (text.empty()) return "%empty";
  std::string part;
  for (const char c : text) {
    const bool is_plain = static_cast<unsigned char>(c) >= 0x20 && c != '/' && c != '%' &&
                          c != 0x7f && !(c == '.' && part.empty());
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

// 'by/{service}/{user.name}.csv': texts with keys between them.
struct Template {
  std::vector<std::string> texts;  // one more than keys
  std::vector<ExpressionPtr> keys;
};

Template parse_template(const Setup& setup) {
  const auto text = setup.text("PATH");
  const std::string& path = text->text;
  Template parsed;
  std::size_t at = 0;
  for (std::size_t open = path.find('{'); open != path.npos; open = path.find('{', at)) {
    const std::size_t close = path.find('}', open);
    if (close == path.npos) throw usage_error_at("split: '{' is not closed by '}'", path, open, 1);
    const auto refuse = [&](std::string_view message) {
      return usage_error_at(fmt::format("split: {}", message), path, open, close + 1 - open);
    };
    const auto inside =
        std::make_shared<const Text>(Text{setup.stage, path.substr(open + 1, close - open - 1)});
    if (inside->text.empty()) throw refuse("a name is missing between '{' and '}'");
    const std::vector<Item> items = parse_items(inside, false);
    if (items.size() != 1 || items[0].pattern) throw refuse("one name stands between '{' and '}'");
    parsed.texts.push_back(path.substr(at, open - at));
    parsed.keys.push_back(bind_name(items[0].name, inside, setup.shape));
    at = close + 1;
  }
  parsed.texts.push_back(path.substr(at));
  if (parsed.keys.empty())
    throw usage_error(
        fmt::format("split: '{}' names one file; a field stands in braces: 'by/{{service}}.csv'",
                    visible(path)));
  if (path.ends_with('/'))
    throw usage_error(fmt::format("split: '{}' names a folder; add a name, such as {{service}}.csv",
                                  visible(path)));
  // A key is no scheme, and no `-`.
  if (parsed.texts.front().empty()) parsed.texts.front() = "./";
  return parsed;
}

class Split : public Stage {
 public:
  Split(Template path, std::shared_ptr<SinkSet> files)
      : path_(std::move(path)), files_(std::move(files)) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    std::vector<Column> keys;
    for (const ExpressionPtr& key : path_.keys)
      keys.push_back(key->evaluate(evaluation, batch.rows));
    // In the order in which files come, and each file's records in theirs.
    std::vector<std::pair<std::string, std::vector<Row>>> by_file;
    TextMap<std::size_t> places;
    for (const Row row : batch.rows) {
      std::string path = path_.texts.front();
      for (std::size_t i = 0; i < keys.size(); i++)
        path.append(file_name_part(keys[i][row])).append(path_.texts[i + 1]);
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
  Template path_;
  std::shared_ptr<SinkSet> files_;
};

std::unique_ptr<Stage> make(Setup& setup) {
  constexpr std::uint64_t usual = 100, most = 100000;
  const std::uint64_t open = count_argument(setup, "--max-open", usual);
  if (open < 1 || open > most)
    throw usage_error("split: --max-open: between 1 and 100000 files can be open");
  Template path = parse_template(setup);
  return std::make_unique<Split>(
      std::move(path),
      setup.open_sinks(setup.arguments["PATH"], setup.shape, static_cast<std::size_t>(open)));
}

}  // namespace

StageRow split_row() {
  StageRow row;
  row.name = "split";
  row.usage = "split PATH [--max-open N]";
  row.summary = "copies the records to one file for each key, and passes them on";
  row.details =
      "PATH has names of fields in braces: 'by/{service}/{user.name}.csv'. Its extension names the "
      "format, as that of tee; folders are made. Each file appears whole at the end of the run. In "
      "a file's name %null stands for null and missing, %empty for an empty text, %2F and the like "
      "for a slash, a percent sign, a control character and a dot at a key's beginning; of a key "
      "that is too long for a name the rest becomes %~ and its hash.";
  row.parameters = {
      {"PATH", Parameter::Kind::word, "where to write, with {NAME} for each key", true},
      {"--max-open", Parameter::Kind::count, "how many files are open at a time (default 100)"}};
  row.examples = {{"split 'by/{level}.ndjson' then count",
                   "{\"level\":\"error\"}\n"
                   "{\"level\":\"info\"}\n",
                   "{\"count\":2}\n"}};
  row.way = Way::in_order;
  row.make = make;
  row.elsewhere = {"partition"};
  return row;
}

}  // namespace riffle
