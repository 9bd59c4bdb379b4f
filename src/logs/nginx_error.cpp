// nginx's error log: `2026/01/31 10:00:00 [error] 31#31: *7 MESSAGE, client: ..., server: ...`.
#include <algorithm>
#include <array>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"
#include "text/digits.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, level, pid, tid, connection, message, first_of_request };

// What nginx adds of the request, in this order.
constexpr std::array<std::string_view, 7> of_request = {
    "client", "server", "request", "subrequest", "upstream", "host", "referrer"};

struct Part {
  std::size_t at = std::string_view::npos;  // of `, NAME: `
  std::size_t name = 0, value = 0;
};

// The first part at or after `from`, of those that may come after the one before.
Part next_part(std::string_view text, std::size_t from, std::size_t first_name) {
  Part found;
  for (std::size_t i = first_name; i < of_request.size(); i++) {
    const std::string mark = ", " + std::string(of_request[i]) + ": ";
    const std::size_t at = text.find(mark, from);
    if (at < found.at) found = {at, i, at + mark.size()};
  }
  return found;
}

class NginxErrorParser : public TextParser {
 public:
  explicit NginxErrorParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time", "level", "pid", "tid", "connection", "message"};
    names_.insert(names_.end(), of_request.begin(), of_request.end());
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    TextPieces pieces(text);
    values[time] = take_stamp(pieces, settings_);
    if (values[time].is_missing() || !pieces.take(" [")) return false;
    const auto severity = pieces.until("] ");
    const auto process = pieces.until("#"), thread = process ? pieces.until(": ") : std::nullopt;
    if (!severity || !process || !thread || !is_digits(*process) || !is_digits(*thread))
      return false;
    values[level] = text_value(*severity);
    values[pid] = cell_value(*process);
    values[tid] = cell_value(*thread);
    TextPieces after = pieces;
    if (after.take("*")) {
      const std::string_view number = after.word();
      if (is_digits(number)) {
        values[connection] = cell_value(number);
        pieces = after;
      }
    }
    take_request(pieces.rest(), values);
    return true;
  }

 private:
  // The client comes first, or there is nothing of a request.
  static void take_request(std::string_view text, std::span<Value> values) {
    Part part = next_part(text, 0, 0);
    if (part.name != 0) part = Part();
    values[message] = text_value(text.substr(0, part.at));
    while (part.at != text.npos) {
      const Part next = next_part(text, part.value, part.name + 1);
      std::string_view value = text.substr(part.value, next.at - part.value);
      if (next.at == text.npos) value = text.substr(part.value);
      if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      values[first_of_request + part.name] = text_value(value);
      part = next;
    }
  }

  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_nginx_error_parser(const LogSettings& settings) {
  return std::make_unique<NginxErrorParser>(settings);
}

}  // namespace riffle
