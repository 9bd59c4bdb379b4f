// IP addresses and networks, as inet_pton reads them (RFC 4291 for IPv6).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace riffle {

struct IpAddress {
  int version = 4;
  std::array<unsigned char, 16> bytes{};  // 4 of IPv4
};

// None: it is no address. A port, a zone (`%eth0`), brackets or blanks are no part of one.
std::optional<IpAddress> parse_ip_address(std::string_view text);
std::string text_of_ip_address(const IpAddress& address);
// ::ffff:10.0.0.1
bool is_ipv4_in_ipv6(const IpAddress& address);

// The first `length` bits of an address.
struct IpNetwork {
  IpAddress address;
  int length = 0;

  // An IPv4 address that is written as IPv6, ::ffff:10.0.0.1, is in IPv4's networks too.
  bool holds(const IpAddress& other) const;
};

// 10.0.0.0/8; an address alone is a network of one; bits after the length mean nothing. None: it
// is no network.
std::optional<IpNetwork> parse_ip_network(std::string_view text);

}  // namespace riffle
