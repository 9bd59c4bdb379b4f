// The common log format, and the combined one of Apache (mod_log_config) and nginx.
#include <cstring>

#include "stages/text_parsers.h"
#include "stages/text_pieces.h"

namespace riffle {
namespace {

enum Place : std::size_t { ip, ident, user, time, method, path, protocol, status, bytes, referer, agent };

// `-` is what a server writes where it has nothing.
Value text_or_null(std::string_view text) { return text == "-" ? null_value() : text_value(text); }

// 10/Oct/2000:13:55:36 -0700 as 2000-10-10T13:55:36-07:00; missing when it is no such time.
Value time_of(std::string_view text, Memory& memory) {
  if (!looks_like(text, "00/AAA/0000:00:00:00 +0000")) return {};
  const int month = month_of(text.substr(3, 3));
  if (month == 0) return {};
  constexpr std::string_view form = "yyyy-mm-ddThh:mm:ss+hh:mm";
  char* const to = memory.allocate<char>(form.size());
  std::memcpy(to, form.data(), form.size());
  const auto put = [&](std::size_t at, std::size_t from, std::size_t size) { std::memcpy(to + at, text.data() + from, size); };
  put(0, 7, 4);
  to[5] = static_cast<char>('0' + month / 10);
  to[6] = static_cast<char>('0' + month % 10);
  put(8, 0, 2);
  put(11, 12, 8);
  put(19, 21, 3);
  put(23, 24, 2);
  return text_value({to, form.size()});
}

// METHOD PATH PROTOCOL. What a client sends that is no such request is all in the path.
void take_request(std::string_view request, std::span<Value> values) {
  values[method] = values[path] = values[protocol] = null_value();
  if (request == "-" || request.empty()) return;
  const std::size_t first = request.find(' '), last = request.rfind(' ');
  if (first == request.npos || first == 0) {
    values[path] = text_value(request);
    return;
  }
  values[method] = text_value(request.substr(0, first));
  const bool has_protocol = last > first && request.substr(last + 1).starts_with("HTTP/");
  values[path] = text_value(request.substr(first + 1, has_protocol ? last - first - 1 : request.npos));
  if (has_protocol) values[protocol] = text_value(request.substr(last + 1));
}

class ClfParser : public TextParser {
 public:
  ClfParser() {
    names_ = {"ip", "ident", "user", "time", "method", "path", "protocol", "status", "bytes", "referer", "agent"};
  }

  bool parse(std::string_view text, Memory& memory, std::span<Value> values) const override {
    TextPieces pieces(text);
    const auto client = pieces.until(" "), identity = pieces.until(" "), name = pieces.until(" ["), when = pieces.until("] ");
    const auto request = pieces.quoted();
    if (!client || client->empty() || !identity || !name || !when || !request || !pieces.take(" ")) return false;
    values[time] = time_of(*when, memory);
    const std::string_view code = pieces.word(), size = pieces.word();
    if (values[time].is_missing() || !(looks_like(code, "000") || code == "-") || size.empty()) return false;
    values[ip] = text_or_null(*client);
    values[ident] = text_or_null(*identity);
    values[user] = text_or_null(*name);
    take_request(*request, values);
    values[status] = code == "-" ? null_value() : typed_part(code);
    values[bytes] = size == "-" ? null_value() : typed_part(size);
    return pieces.empty() || take_combined(pieces, values);
  }

 private:
  // In the combined format both stand there, in quotes.
  static bool take_combined(TextPieces& pieces, std::span<Value> values) {
    const auto from = pieces.quoted();
    pieces.take(" ");
    const auto with = pieces.quoted();
    if (!from || !with) return false;
    values[referer] = text_or_null(*from);
    values[agent] = text_or_null(*with);
    return true;
  }
};

}  // namespace

std::unique_ptr<TextParser> make_clf_parser() { return std::make_unique<ClfParser>(); }

}  // namespace riffle
