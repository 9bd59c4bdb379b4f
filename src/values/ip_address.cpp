#include "values/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace riffle {
namespace {

IpAddress unmapped(const IpAddress& address) {
  IpAddress result;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), result.bytes.begin());
  return result;
}

bool agree(const IpAddress& a, const IpAddress& b, int bits) {
  if (a.version != b.version) return false;
  const int whole = bits / 8, rest = bits % 8;
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  const auto place = static_cast<std::size_t>(whole);
  return rest == 0 || ((a.bytes[place] ^ b.bytes[place]) >> (8 - rest)) == 0;
}

}  // namespace

bool is_ipv4_in_ipv6(const IpAddress& address) {
  constexpr std::array<unsigned char, 12> prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return address.version == 6 && std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.empty() || text.size() >= copy.size() || text.find('\0') != text.npos)
    return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  IpAddress address;
  address.version = text.find(':') == text.npos ? 4 : 6;
  if (inet_pton(address.version == 4 ? AF_INET : AF_INET6, copy.data(), address.bytes.data()) != 1)
    return std::nullopt;
  return address;
}

std::string text_of_ip_address(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.version == 4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(),
            text.size());
  return text.data();
}

bool IpNetwork::holds(const IpAddress& other) const {
  return agree(address, other, length) ||
         (is_ipv4_in_ipv6(other) && agree(address, unmapped(other), length));
}

std::optional<IpNetwork> parse_ip_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const int most = address->version == 4 ? 32 : 128;
  if (slash == text.npos) return IpNetwork{*address, most};
  const std::string_view digits = text.substr(slash + 1);
  int length = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size() || length < 0 || length > most)
    return std::nullopt;
  return IpNetwork{*address, length};
}

}  // namespace riffle
