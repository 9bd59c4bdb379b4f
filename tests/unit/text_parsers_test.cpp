// A line is read whole or not at all: of a line that a parser takes, no word is in no field.
#include "stages/parse/text_parsers.h"

#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "logs/log_forms.h"
#include "values/decode.h"
#include "values/json.h"

namespace riffle {
namespace {

constexpr int lines = 20'000;

// Makes lines out of pieces, and words that are in no line twice.
class Line {
 public:
  explicit Line(std::mt19937& random) : random_(random) {}

  std::string text;
  std::vector<std::string> words;

  bool once_in(int n) { return pick(n) == 0; }
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void add(std::string_view piece) { text += piece; }
  void add_one_of(const std::vector<std::string>& pieces) {
    text += pieces[static_cast<std::size_t>(pick(static_cast<int>(pieces.size())))];
  }
  // What is to be found again.
  void add_word(std::string word) {
    words.push_back(word);
    text += word;
  }
  void add_word() { add_word("w" + std::to_string(100 + words.size())); }
  void add_number() { add_word(std::to_string(100 + words.size())); }

 private:
  std::mt19937& random_;
};

// The texts of all fields, one after the other.
std::string text_of_fields(std::span<const Value> values, Memory& memory) {
  std::string all;
  for (const Value& value : values) all.append(text_of(value, memory)) += '\n';
  return all;
}

void check_has_words(const Line& line, std::string_view fields) {
  for (const std::string& word : line.words) {
    if (fields.find(word) != fields.npos) continue;
    INFO("line: " << line.text << "\nfields: " << fields);
    FAIL_CHECK("'" << word << "' is in no field");
  }
}

// How many of the lines are taken: `fields_of(text, memory)` is nothing for the others.
template <typename Make, typename FieldsOf>
int check(Make make, FieldsOf fields_of) {
  std::mt19937 random(7);
  int taken = 0;
  for (int i = 0; i < lines; i++) {
    Line line(random);
    make(line);
    Memory memory;
    const std::optional<std::string> fields = fields_of(line.text, memory);
    if (!fields) continue;
    taken++;
    check_has_words(line, *fields);
  }
  return taken;
}

template <typename Make>
int check_lines(const TextParser& parser, Make make) {
  return check(make, [&](const std::string& line, Memory& memory) -> std::optional<std::string> {
    std::vector<Value> values(parser.names().size());
    if (!parser.parse(memory.copy(std::string_view(line)), memory, values)) return std::nullopt;
    return text_of_fields(values, memory);
  });
}

template <typename Make>
int check_pairs(MemberParser parser, Make make) {
  return check(make, [&](const std::string& line, Memory& memory) -> std::optional<std::string> {
    std::vector<Member> members;
    const std::string padded = line + std::string(16, ' ');
    const std::string_view text = memory.copy(std::string_view(padded)).substr(0, line.size());
    if (!parser(text, memory, members)) return std::nullopt;
    std::string fields;
    for (const Member& member : members)
      fields.append(member.name).append("\n").append(text_of(member.value, memory)) += '\n';
    return fields;
  });
}

void make_old_syslog(Line& line) {
  if (line.once_in(2)) line.add("<"), line.add_word("13"), line.add(">");
  if (!line.once_in(8)) {
    const std::vector<std::string> days = {"May  4", "May 4", "Nov 14", "Nov  14"};
    if (line.once_in(5)) {
      line.add_word(line.once_in(2) ? "2026-01-31T10:00:00.5+01:00" : "2026-01-31T10:00:00Z");
    } else {
      line.add(days[static_cast<std::size_t>(line.pick(4))] + " ");
      line.add_word("14:03:14");
      if (line.once_in(3)) line.add(line.once_in(2) ? ".123456" : ",5");
    }
    line.add_one_of({" ", " ", " ", ": ", ":", "  ", ". ", " UTC: ", " UTC: %"});
  }
  for (int i = line.pick(6); i > 0; i--) {
    line.add_one_of({"", "", "", "", "%", "-- ", "(", "[", "<", ":", "\t"});
    line.add_word();
    if (line.once_in(3))
      line.add("["), line.once_in(4) ? line.add_word() : line.add_number(), line.add("]");
    line.add_one_of({"", "", ":", ")", " : ", ": ", "%", "]"});
    line.add_one_of({" ", " ", " ", "  ", ""});
  }
}

void make_new_syslog(Line& line) {
  line.add_one_of({"<13>1 ", "<13>1 ", "1 ", "<13>1"});
  line.add_word("2026-01-31T10:00:00Z");
  for (int i = 0; i < 4; i++) line.add(" "), line.once_in(4) ? line.add("-") : line.add_word();
  line.add_one_of({" ", " ", "  ", ""});
  for (int i = line.pick(3); i > 0; i--) {
    line.add("["), line.add_word();
    for (int n = line.pick(3); n > 0; n--)
      line.add(" "), line.add_word(), line.add_one_of({"=\"", "=\"", "=\"\\\"", "=\"\\]", "="}),
          line.add_word(), line.add_one_of({"\"", "\"", "\\\\\"", ""});
    line.add_one_of({"]", "]", "]", ""});
  }
  line.add_one_of({"-", " ", " - ", "- "});
  if (line.once_in(2)) line.add_word();
}

void add_quoted(Line& line) {
  line.add_one_of({"\"", "\"", "\"\\\""});
  line.add_word();
  if (line.once_in(2)) line.add_one_of({" ", "\\\" ", "  "}), line.add_word();
  line.add_one_of({"\"", "\"", "\"", "\\\""});
}

void make_clf(Line& line) {
  for (int i = 1 + line.pick(5); i > 0; i--) {
    if (line.once_in(3))
      line.add("-");
    else if (line.once_in(3))
      line.add_word("10.0.0." + std::to_string(100 + line.words.size()));
    else
      line.add_word();
    line.add_one_of({" ", " ", " ", ", ", ",", ":80 ", "  "});
  }
  line.add("[31/Jan/2026:10:00:00 +0100] ");
  add_quoted(line);
  line.add(" ");
  line.add_one_of({"200 ", "200 ", "- "});
  line.once_in(4) ? line.add("-") : line.add_number();
  for (int i = line.pick(5); i > 0; i--) {
    line.add_one_of({" ", " ", " ", " ", "", "  "});
    if (line.once_in(8))
      line.add_word();
    else if (line.once_in(3))
      line.add("\"-\"");
    else
      add_quoted(line);
  }
  line.add_one_of({"", "", "", " ", "\r", " x"});
}

void make_leveled(Line& line) {
  line.add_one_of({"", "[", ""});
  line.add_one_of({"2026-01-31 10:00:00,123", "26/01/31 10:00:00", "2026-01-31T10:00:00Z"});
  line.add_one_of({"", "", "]", ": INFO/", " - "});
  for (int i = line.pick(6); i > 0; i--) {
    line.add_one_of({" ", " ", " - ", " --- ", ", ", " [", "[", " {", ""});
    if (line.once_in(3))
      line.add_number();
    else
      line.add_word("org.w" + std::to_string(100 + line.words.size()));
    line.add_one_of({"", "", "]", ": ", " : ", ".py:1}", " INFO ", " [WARN ] ", "] ERROR: "});
  }
}

void make_postgres(Line& line) {
  line.add("2026-01-31 10:00:00 UTC");
  line.add_one_of({" [", ":", " "});
  for (int i = line.pick(5); i > 0; i--) {
    line.once_in(2) ? line.add_number() : line.add_word();
    line.add_one_of({"] ", "]: ", "@", ":", ":[", "]:", " ", "(7):", ",db=", " user="});
  }
  line.add_one_of({"LOG:  ", " ERROR:  ", "x: "});
  line.add_word();
}

void make_pairs(Line& line, std::string_view separator) {
  for (int i = 1 + line.pick(5); i > 0; i--) {
    line.add_word();
    if (!line.once_in(4)) {
      line.add("=");
      line.add_one_of({"", "", "\"", "'", "\\", "\"\\\"", "'\\'", "'\""});
      line.add_word();
      line.add_one_of({"", "", "\"", "'", " ", "' ", "=", "\"'"});
    }
    line.add(separator);
  }
}

void make_blanked(Line& line) {
  for (int i = line.pick(7); i > 0; i--) {
    line.add_word();
    line.add_one_of({" ", " ", "  ", "\t", ": ", ":", " :"});
  }
}

}  // namespace

TEST_CASE("a line of syslog is read whole or not at all") {
  const auto parser = make_syslog_parser();
  CHECK(check_lines(*parser, make_old_syslog) > lines / 2);
  CHECK(check_lines(*parser, make_new_syslog) > lines / 10);
}

TEST_CASE("a line of an access log is read whole or not at all") {
  CHECK(check_lines(*make_clf_parser(), make_clf) > lines / 50);
}

TEST_CASE("a line of a program's log is read whole or not at all") {
  const auto read = [](std::string_view form) { return find_log_form(form)->make({}); };
  CHECK(check_lines(*read("log4j"), make_leveled) > lines / 20);
  CHECK(check_lines(*read("python"), make_leveled) > lines / 20);
  CHECK(check_lines(*read("postgres"), make_postgres) > lines / 10);
  CHECK(
      check_lines(*read("nginx_error"), [](Line& line) {
        line.add("2026/01/31 10:00:00 [error] 1#2: ");
        for (int i = line.pick(6); i > 0; i--) {
          line.add_one_of({", client: ", ", server: ", ", request: \"", "*", " ", "\", host: \""});
          line.once_in(2) ? line.add_number() : line.add_word();
        }
      }) > lines / 2);
  CHECK(check_lines(*read("apache_error"), [](Line& line) {
          line.add("[Sat Jan 31 10:00:00 2026] [core:error]");
          for (int i = line.pick(6); i > 0; i--) {
            line.add_one_of({" [pid ", ":tid ", "] ", " [client ", "AH00126: ", " ", "]"});
            line.once_in(2) ? line.add_number() : line.add_word();
          }
        }) > lines / 2);
}

TEST_CASE("a line that a pattern describes is read whole") {
  CHECK(check_lines(*make_pattern_parser("<a> <b> <c>: <d>"), make_blanked) > lines / 20);
}

TEST_CASE("pairs are read whole or not at all") {
  CHECK(check_pairs(parse_logfmt_members, [](Line& line) { make_pairs(line, " "); }) > lines / 10);
  CHECK(check_pairs(parse_kv_members, [](Line& line) { make_pairs(line, ", "); }) > lines / 10);
}

}  // namespace riffle
