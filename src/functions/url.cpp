// Conversion: URLs (RFC 3986) and the queries in them.
#include <algorithm>
#include <charconv>
#include <string>

#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/percent.h"
#include "values/ip_address.h"
#include "values/name_index.h"

namespace riffle {
namespace {

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What stands before the first of `ends`, taken off the front of `rest`.
std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

// What follows `mark`, where `rest` begins with it, up to one of `ends`; null: it does not.
Value take_behind(std::string_view& rest, char mark, std::string_view ends) {
  if (!rest.starts_with(mark)) return null_value();
  rest.remove_prefix(1);
  return text_value(take_until(rest, ends));
}

Value take_scheme(std::string_view& rest) {
  const std::string_view name = rest.substr(0, rest.find_first_of(":/?#"));
  const auto belongs = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  if (name.size() == rest.size() || rest[name.size()] != ':' || name.empty() ||
      !is_letter(name[0]) || !std::all_of(name.begin(), name.end(), belongs))
    return null_value();
  rest.remove_prefix(name.size() + 1);
  return text_value(name);
}

struct Authority {
  Value user = null_value(), host = null_value(), port = null_value();
};

// user:password@host:port; the password is left out. Nothing: the port is none, or what stands
// in brackets is no IPv6 address.
std::optional<Authority> parse_authority(std::string_view text) {
  Authority authority;
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    authority.user = text_value(text.substr(0, std::min(at, text.find(':'))));
    text.remove_prefix(at + 1);
  }
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {  // IPv6
    const std::size_t bracket = text.find(']');
    if (bracket == text.npos) return std::nullopt;
    const std::string_view inside = text.substr(1, bracket - 1);
    // A zone may follow (RFC 6874).
    const auto address = parse_ip_address(inside.substr(0, inside.find('%')));
    if (!address || address->version != 6) return std::nullopt;
    authority.host = text_value(inside);
    end = bracket + 1;
    if (end < text.size() && text[end] != ':') return std::nullopt;
  } else {
    authority.host = text_value(text.substr(0, end));
  }
  const std::string_view port = end < text.size() ? text.substr(end + 1) : "";
  if (port.empty()) return authority;
  std::uint16_t number = 0;
  const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || stop != port.data() + port.size()) return std::nullopt;
  authority.port = integer_value(number);
  return authority;
}

Value parse_url(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  if (!text || text->empty() || std::any_of(text->begin(), text->end(), is_blank))
    return call.fail();
  std::string_view rest = *text;
  const Value scheme = take_scheme(rest);
  std::optional<Authority> authority = Authority{};
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    authority = parse_authority(take_until(rest, "/?#"));
  }
  if (!authority) return call.fail();
  const Value path = text_value(take_until(rest, "?#"));
  const Value query = take_behind(rest, '?', "#"), fragment = take_behind(rest, '#', "");
  const Member members[] = {{"scheme", scheme},
                            {"user", authority->user},
                            {"host", authority->host},
                            {"port", authority->port},
                            {"path", path},
                            {"query", query},
                            {"fragment", fragment}};
  return map_value(call.memory.copy(std::span<const Member>(members)));
}

Value parse_query(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  std::string_view rest = *text;
  if (rest.starts_with('?')) rest.remove_prefix(1);
  std::vector<Member> members;
  while (!rest.empty()) {
    std::string_view pair = take_until(rest, "&");
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    if (pair.empty()) continue;
    const auto name = percent_decoded(take_until(pair, "="), PercentStyle::query);
    pair.remove_prefix(std::min<std::size_t>(1, pair.size()));
    const auto value = percent_decoded(pair, PercentStyle::query);
    if (!name || !value) return call.fail();
    members.push_back({call.memory.copy(*name), typed_text(call.memory.copy(*value))});
  }
  return map_value(
      distinct_members(call.memory.copy(std::span<const Member>(members)), call.memory));
}

}  // namespace

std::vector<Function> url_functions() {
  Rows rows("conversion");
  rows.add(
      "parse_url(url)", "map", 1, 1, parse_url,
      "the parts of a URL, or of a path with a query, as they are written; what is not there is "
      "null, a password is left out",
      {{"parse_url('https://jo:pw@example.org:8443/a%20b?x=1#top')",
        R"({"scheme":"https","user":"jo","host":"example.org","port":8443,"path":"/a%20b","query":"x=1","fragment":"top"})"},
       {"parse_url('/search?q=a').query", R"("q=a")"},
       {"parse_url('http://[::1]/').host", R"("::1")"},
       {"parse_url('http://a:99999/')", ""},
       {"parse_url('not a url')", ""}});
  rows.add("parse_query(text)", "map", 1, 1, parse_query,
           "the names and values of a URL's query, decoded and typed as CSV cells are; of a name "
           "that stands there more than once the last value",
           {{"parse_query('q=caf%C3%A9+au+lait&page=2&empty=')",
             R"({"q":"café au lait","page":2,"empty":null})"},
            {"parse_query('?a=1&a=2')", R"({"a":2})"},
            {"parse_query('')", "{}"},
            {"parse_query('a=%FF')", ""}});
  return rows.take();
}

}  // namespace riffle
