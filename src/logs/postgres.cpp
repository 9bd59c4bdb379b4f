// PostgreSQL's log on stderr, with the prefixes that are common: `%m [%p] ` (the default),
// `%m [%p] %q%u@%d ` (Debian), `%t:%r:%u@%d:[%p]:` (RDS), `%t [%p]: user=%u,db=%d,app=%a,client=%h
// ` (pgBadger).
#include <algorithm>
#include <array>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"
#include "text/digits.h"
#include "time/text.h"

namespace riffle {
namespace {

enum Place : std::size_t {
  time,
  pid,
  user,
  database,
  application,
  client,
  prefix,
  level,
  message,
  duration,
  statement
};

constexpr std::array<std::string_view, 20> levels = {
    "DEBUG", "DEBUG1", "DEBUG2",  "DEBUG3",   "DEBUG4",    "DEBUG5",   "LOG",
    "INFO",  "NOTICE", "WARNING", "ERROR",    "FATAL",     "PANIC",    "DETAIL",
    "HINT",  "QUERY",  "CONTEXT", "LOCATION", "STATEMENT", "BACKTRACE"};

// Where `LEVEL:  ` begins; npos: nowhere.
std::size_t find_level(std::string_view text, std::string_view& found) {
  for (std::size_t colon = text.find(": "); colon != text.npos;
       colon = text.find(": ", colon + 1)) {
    const std::size_t before = text.find_last_of(" :", colon == 0 ? 0 : colon - 1);
    const std::size_t begin = before == text.npos || before >= colon ? 0 : before + 1;
    const std::string_view word = text.substr(begin, colon - begin);
    if (std::find(levels.begin(), levels.end(), word) == levels.end()) continue;
    found = word;
    return begin;
  }
  return text.npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

void set(Value& value, std::string_view text) {
  value = text.empty() || text == "[unknown]" ? null_value() : text_value(text);
}

// user=ada,db=shop,app=psql,client=10.0.0.1; false: it is something else.
bool take_pairs(std::string_view text, std::span<Value> values) {
  TextPieces pieces(text);
  while (!pieces.empty()) {
    const auto name = pieces.until("=");
    if (!name) return false;
    const std::string_view value = pieces.rest().substr(0, pieces.rest().find(','));
    pieces.skip(value.size());
    pieces.take(",");
    const std::string_view key = name->substr(std::min(name->find_first_not_of(' '), name->size()));
    if (key == "user")
      set(values[user], value);
    else if (key == "db" || key == "database")
      set(values[database], value);
    else if (key == "app")
      set(values[application], value);
    else if (key == "client" || key == "host")
      set(values[client], value);
    else
      return false;
  }
  return true;
}

// ada@shop.
bool take_user(std::string_view text, std::span<Value> values) {
  const std::size_t at = text.find('@');
  if (at == text.npos || text.find_first_of(" =") != text.npos) return false;
  set(values[user], text.substr(0, at));
  set(values[database], text.substr(at + 1));
  return true;
}

// :10.0.0.1(5432):ada@shop:[31]:
bool take_rds(std::string_view text, std::span<Value> values) {
  TextPieces pieces(text);
  if (!pieces.take(":")) return false;
  const auto host = pieces.until(":"), who = pieces.until(":[");
  const auto process = pieces.until("]:");
  if (!host || !who || !process || !is_digits(*process) || !pieces.empty()) return false;
  if (!take_user(*who, values)) return false;
  set(values[client], host->substr(0, host->find('(')));
  values[pid] = cell_value(*process);
  return true;
}

// [31] with the user after it in one of the forms, or nothing.
bool take_usual(std::string_view text, std::span<Value> values) {
  TextPieces pieces(text);
  pieces.take(" ");
  if (!pieces.take("[")) return false;
  const auto process = pieces.until("]");
  if (!process || !is_digits(*process)) return false;
  values[pid] = cell_value(*process);
  pieces.take(":");
  const std::string_view rest = trimmed(pieces.rest());
  return rest.empty() || take_user(rest, values) || take_pairs(rest, values);
}

// `duration: 12.345 ms  statement: select 1`; the message stays whole.
void take_duration(std::string_view text, std::span<Value> values) {
  TextPieces pieces(text);
  if (!pieces.take("duration: ")) return;
  const auto number = pieces.until(" ms");
  const auto length = number ? nanoseconds_from_text(*number, nanoseconds_in("ms")) : std::nullopt;
  if (!length) return;
  values[duration] = duration_value(*length);
  if (!pieces.take("  ")) return;
  if (const auto kind = pieces.until(": "); kind && !pieces.empty())
    values[statement] = text_value(pieces.rest());
}

class PostgresParser : public TextParser {
 public:
  explicit PostgresParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time",   "pid",   "user",    "database", "application", "client",
              "prefix", "level", "message", "duration", "statement"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    TextPieces pieces(text);
    values[time] = take_stamp(pieces, settings_, true);
    if (values[time].is_missing()) return false;
    std::string_view found;
    const std::size_t at = find_level(pieces.rest(), found);
    if (at == std::string_view::npos) return false;
    const std::string_view head = pieces.rest().substr(0, at);
    if (!head.empty() && !take_usual(head, values) && !take_rds(head, values)) {
      std::fill(values.begin() + pid, values.begin() + prefix, Value());
      set(values[prefix], trimmed(head));
    }
    pieces.skip(at + found.size() + 1);
    std::string_view rest = pieces.rest();
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    values[level] = text_value(found);
    values[message] = text_value(rest);
    take_duration(rest, values);
    return true;
  }

 private:
  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_postgres_parser(const LogSettings& settings) {
  return std::make_unique<PostgresParser>(settings);
}

}  // namespace riffle
