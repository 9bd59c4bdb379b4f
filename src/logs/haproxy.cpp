// HAProxy's HTTP and TCP logs (`option httplog`, `option tcplog`), also with what syslog puts
// before them.
#include <array>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"

namespace riffle {
namespace {

enum Place : std::size_t {
  client_ip,
  client_port,
  time,
  frontend,
  backend,
  server,
  time_request,
  time_queue,
  time_connect,
  time_response,
  time_total,
  status,
  bytes,
  request_cookie,
  response_cookie,
  termination,
  connections,
  frontend_connections,
  backend_connections,
  server_connections,
  retries,
  server_queue,
  backend_queue,
  request_headers,
  response_headers,
  method,
  path,
  protocol
};

Value text_or_null(std::string_view text) { return text == "-" ? null_value() : text_value(text); }

// Parts with slashes between, as many as there are places; false: there are more or less.
template <std::size_t count>
bool take_parts(std::string_view text, const std::array<Place, count>& places,
                std::span<Value> values) {
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t end = text.find('/');
    if ((end == text.npos) != (i + 1 == count) || end == 0 || text.empty()) return false;
    values[places[i]] = cell_value(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return true;
}

// 06/Feb/2026:12:14:14.655; local time.
Value time_of(std::string_view text, const LogSettings& settings) {
  constexpr std::string_view form = "00/AAA/0000:00:00:00.000";
  if (!looks_like(text, form)) return {};
  Civil local;
  local.day = two_digits(text);
  local.month = month_of(text.substr(3, 3));
  local.year = 100 * two_digits(text.substr(7)) + two_digits(text.substr(9));
  local.hour = two_digits(text.substr(12));
  local.minute = two_digits(text.substr(15));
  local.second = two_digits(text.substr(18));
  local.nanosecond = nanoseconds_of_fraction(text.substr(21));
  if (!is_moment(local)) return {};
  const auto moment = settings.zone.moment(local);
  return moment ? time_value(*moment) : Value();
}

// `{...} ` of captured headers.
bool take_headers(TextPieces& pieces, Value& value) {
  if (!pieces.take("{")) return false;
  const auto headers = pieces.until("} ");
  if (!headers) return false;
  value = headers->empty() ? null_value() : text_value(*headers);
  return true;
}

// "METHOD PATH PROTOCOL"; what is none is all in the path.
bool take_request(TextPieces& pieces, std::span<Value> values) {
  std::string_view text = pieces.rest();
  if (text.size() < 2 || text.front() != '"') return false;
  // A line that is too long for HAProxy loses its end.
  text = text.substr(1, text.size() - (text.back() == '"' ? 2 : 1));
  values[method] = values[protocol] = null_value();
  const std::size_t first = text.find(' '), last = text.rfind(' ');
  if (first == text.npos || text.starts_with('<')) {
    values[path] = text_value(text);
    return true;
  }
  const bool has_protocol = last > first && text.substr(last + 1).starts_with("HTTP/");
  values[method] = text_value(text.substr(0, first));
  values[path] = text_value(text.substr(first + 1, has_protocol ? last - first - 1 : text.npos));
  if (has_protocol) values[protocol] = text_value(text.substr(last + 1));
  return true;
}

class HaproxyParser : public TextParser {
 public:
  explicit HaproxyParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"client_ip",
              "client_port",
              "time",
              "frontend",
              "backend",
              "server",
              "time_request",
              "time_queue",
              "time_connect",
              "time_response",
              "time_total",
              "status",
              "bytes",
              "request_cookie",
              "response_cookie",
              "termination",
              "connections",
              "frontend_connections",
              "backend_connections",
              "server_connections",
              "retries",
              "server_queue",
              "backend_queue",
              "request_headers",
              "response_headers",
              "method",
              "path",
              "protocol"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    // What syslog puts before it ends in `haproxy[31]: `, and has no bracket of the time.
    TextPieces pieces(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
    const std::string_view name = "haproxy[";
    if (const std::size_t at = text.find(name); at < text.find(" [")) {
      pieces.skip(at + name.size());
      if (!pieces.until("]: ")) return false;
    }
    return take_head(pieces, values) && take_rest(pieces, values);
  }

 private:
  bool take_head(TextPieces& pieces, std::span<Value> values) const {
    const std::string_view client = pieces.word();
    const std::size_t colon = client.rfind(':');
    if (colon == client.npos || colon == 0 || !pieces.take("[")) return false;
    values[client_ip] = text_value(client.substr(0, colon));
    values[client_port] = cell_value(client.substr(colon + 1));
    const auto when = pieces.until("] ");
    values[time] = when ? time_of(*when, settings_) : Value();
    const std::string_view front = pieces.word(), to = pieces.word();
    const std::size_t slash = to.find('/');
    if (values[time].is_missing() || front.empty() || slash == to.npos) return false;
    values[frontend] = text_value(front);
    values[backend] = text_value(to.substr(0, slash));
    values[server] = text_value(to.substr(slash + 1));
    return true;
  }

  static bool take_rest(TextPieces& pieces, std::span<Value> values) {
    const std::string_view timers = pieces.word();
    if (take_parts<5>(timers, {time_request, time_queue, time_connect, time_response, time_total},
                      values))
      return take_http(pieces, values);
    values[time_request] = values[time_response] = Value();
    return take_parts<3>(timers, {time_queue, time_connect, time_total}, values) &&
           take_tcp(pieces, values);
  }

  static bool take_tcp(TextPieces& pieces, std::span<Value> values) {
    values[bytes] = cell_value(pieces.word());
    values[termination] = text_value(pieces.word());
    return take_counts(pieces, values) && pieces.empty();
  }

  static bool take_http(TextPieces& pieces, std::span<Value> values) {
    values[status] = cell_value(pieces.word());
    values[bytes] = cell_value(pieces.word());
    values[request_cookie] = text_or_null(pieces.word());
    values[response_cookie] = text_or_null(pieces.word());
    values[termination] = text_value(pieces.word());
    if (!take_counts(pieces, values)) return false;
    // Of one pair of braces alone, the configuration tells whose headers they are: the request's.
    if (take_headers(pieces, values[request_headers]))
      take_headers(pieces, values[response_headers]);
    return take_request(pieces, values);
  }

  static bool take_counts(TextPieces& pieces, std::span<Value> values) {
    return take_parts<5>(pieces.word(),
                         {connections, frontend_connections, backend_connections,
                          server_connections, retries},
                         values) &&
           take_parts<2>(pieces.word(), {server_queue, backend_queue}, values);
  }

  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_haproxy_parser(const LogSettings& settings) {
  return std::make_unique<HaproxyParser>(settings);
}

}  // namespace riffle
