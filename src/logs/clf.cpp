// The common log format, and the combined one of Apache (mod_log_config) and nginx.
#include <algorithm>
#include <cstring>
#include <optional>

#include "logs/log_forms.h"
#include "logs/text_pieces.h"
#include "values/ip_address.h"

namespace riffle {
namespace {

enum Place : std::size_t {
  ip,
  ident,
  user,
  time,
  method,
  path,
  protocol,
  status,
  bytes,
  referer,
  agent,
  forwarded_for,
  vhost
};

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
  const auto put = [&](std::size_t at, std::size_t from, std::size_t size) {
    std::memcpy(to + at, text.data() + from, size);
  };
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
  values[path] =
      text_value(request.substr(first + 1, has_protocol ? last - first - 1 : request.npos));
  if (has_protocol) values[protocol] = text_value(request.substr(last + 1));
}

// One address, or a list of them with commas between.
std::string_view take_addresses(TextPieces& pieces) {
  const char* const begin = pieces.rest().data();
  std::string_view word = pieces.word();
  while (word.ends_with(',') && !pieces.empty()) word = pieces.word();
  return {begin, static_cast<std::size_t>(word.data() + word.size() - begin)};
}

std::string_view first_of(std::string_view addresses) {
  return addresses.substr(0, addresses.find(','));
}
bool is_list(std::string_view addresses) { return addresses.find(',') != addresses.npos; }
bool is_address(std::string_view word) {
  return parse_ip_address(word.substr(0, word.find('%'))).has_value();
}

// What stands before the time.
struct Client {
  std::string_view vhost, addresses, ident, user;
};

// ADDRESSES IDENT USER, or the same after a virtual host. A user's name may have blanks, which is
// sure only where the identity is `-`.
std::optional<Client> client_of(std::string_view head) {
  TextPieces pieces(head);
  const std::string_view first = take_addresses(pieces), second = take_addresses(pieces);
  Client client{{}, first, second, pieces.rest()};
  const auto has_blank = [](std::string_view user) { return user.find(' ') != user.npos; };
  if (second == "-" ? client.user.starts_with("- ")
                    : has_blank(client.user) || is_address(first_of(second))) {
    const std::string_view ident = pieces.word();
    const bool is_client = second != "-" && (ident == "-" || is_address(first_of(second)));
    if (is_list(first) || !is_client) return std::nullopt;
    client = {first, second, ident, pieces.rest()};
  }
  if (first.empty() || second.empty() || client.ident.empty() || client.user.empty())
    return std::nullopt;
  // An identity and no user, not a user of that name.
  return client.user.starts_with("- ") ? std::nullopt : std::optional(client);
}

class ClfParser : public TextParser {
 public:
  ClfParser() {
    names_ = {"ip",     "ident", "user",    "time",  "method",        "path", "protocol",
              "status", "bytes", "referer", "agent", "forwarded_for", "vhost"};
  }

  bool parse(std::string_view text, Memory& memory, std::span<Value> values) const override {
    TextPieces pieces(text.substr(0, text.find_last_not_of(" \t\r") + 1));
    const auto head = pieces.until(" ["), when = pieces.until("] ");
    const auto request = pieces.quoted();
    const auto client = head ? client_of(*head) : std::nullopt;
    if (!client || !when || !request || !pieces.take(" ")) return false;
    values[time] = time_of(*when, memory);
    const std::string_view code = pieces.word(), size = pieces.word();
    const bool has_status = looks_like(code, "000") || code == "-";
    if (values[time].is_missing() || !has_status || !is_size(size)) return false;
    take_client(*client, values);
    take_request(*request, values);
    values[status] = code == "-" ? null_value() : cell_value(code);
    values[bytes] = size == "-" ? null_value() : cell_value(size);
    return pieces.empty() || take_combined(pieces, values);
  }

 private:
  static bool is_size(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text == "-" || (!text.empty() && std::all_of(text.begin(), text.end(), is_digit));
  }

  static void take_client(const Client& client, std::span<Value> values) {
    if (!client.vhost.empty()) values[vhost] = text_or_null(client.vhost);
    values[ip] = text_or_null(first_of(client.addresses));
    if (is_list(client.addresses)) values[forwarded_for] = text_value(client.addresses);
    values[ident] = text_or_null(client.ident);
    values[user] = text_or_null(client.user);
  }

  // The combined format has two more fields in quotes; nginx's main format X-Forwarded-For as a
  // third.
  static bool take_combined(TextPieces& pieces, std::span<Value> values) {
    const auto from = pieces.quoted();
    if (!from || !pieces.take(" ")) return false;
    const auto with = pieces.quoted();
    if (!with) return false;
    values[referer] = text_or_null(*from);
    values[agent] = text_or_null(*with);
    if (pieces.empty()) return true;
    const auto through = pieces.take(" ") ? pieces.quoted() : std::nullopt;
    if (!through || !pieces.empty() || !values[forwarded_for].is_missing()) return false;
    values[forwarded_for] = text_or_null(*through);
    return true;
  }
};

}  // namespace

std::unique_ptr<TextParser> make_clf_parser(const LogSettings&) {
  return std::make_unique<ClfParser>();
}

}  // namespace riffle
