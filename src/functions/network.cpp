// Network: IP addresses. A text that is no address is a failure.
#include <fmt/format.h>

#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/parts.h"
#include "values/ip_address.h"

namespace riffle {
namespace {

std::optional<IpAddress> address_argument(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  return text ? parse_ip_address(*text) : std::nullopt;
}

struct NetworkPart {
  IpNetwork network;

  static NetworkPart of(FunctionCall& call) {
    const auto text = text_argument(call, 1);
    const auto network = text ? parse_ip_network(*text) : std::nullopt;
    if (!network)
      throw std::invalid_argument(fmt::format(
          "'{}' is no network; write one as '10.0.0.0/8' or 'fd00::/8'", text ? *text : ""));
    return {*network};
  }
};

Value ip_in(FunctionCall& call, const NetworkPart& part) {
  const auto address = address_argument(call);
  return address ? boolean_value(part.network.holds(*address)) : call.fail();
}

Value ip_version(FunctionCall& call) {
  const auto address = address_argument(call);
  return address ? integer_value(address->version) : call.fail();
}

Value is_private_ip(FunctionCall& call) {
  static const std::vector<IpNetwork> networks = [] {
    std::vector<IpNetwork> parsed;
    for (const std::string_view text :
         {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
          "fc00::/7", "::1/128", "fe80::/10"})
      parsed.push_back(*parse_ip_network(text));
    return parsed;
  }();
  const auto address = address_argument(call);
  if (!address) return call.fail();
  for (const IpNetwork& network : networks)
    if (network.holds(*address)) return boolean_value(true);
  return boolean_value(false);
}

}  // namespace

std::vector<Function> network_functions() {
  Rows rows("network");
  rows.add("ip_in(ip, network)", "boolean", 2, 2, with_parts<NetworkPart, ip_in>,
           "whether an address is in a network, written as 10.0.0.0/8; ::ffff:10.0.0.1 counts as "
           "the IPv4 address in it",
           {{"ip_in('10.1.2.3', '10.0.0.0/8')", "true"},
            {"ip_in('11.1.2.3', '10.0.0.0/8')", "false"},
            {"ip_in('2001:db8::1', '2001:db8::/32')", "true"},
            {"ip_in('::ffff:10.0.0.1', '10.0.0.0/8')", "true"},
            {"ip_in('10.0.0.1', '::/0')", "false"},
            {"ip_in('10.0.0.1', '10.0.0.1')", "true"},
            {"ip_in('localhost', '10.0.0.0/8')", ""},
            {"ip_in(null, '10.0.0.0/8')", "null"}})
      .prepare = prepare_parts<NetworkPart, 1>;
  rows.add("ip_version(ip)", "integer", 1, 1, ip_version, "4 or 6",
           {{"ip_version('192.0.2.1')", "4"},
            {"ip_version('::1')", "6"},
            {"ip_version('192.0.2.256')", ""}});
  rows.add("is_private_ip(ip)", "boolean", 1, 1, is_private_ip,
           "whether an address is none of the public internet: 10/8, 172.16/12, 192.168/16, "
           "fc00::/7 (private), 127/8, ::1 (the machine itself), 169.254/16, fe80::/10 (the link)",
           {{"is_private_ip('172.20.0.1')", "true"},
            {"is_private_ip('172.32.0.1')", "false"},
            {"is_private_ip('fd12::1')", "true"},
            {"is_private_ip('2001:4860:4860::8888')", "false"},
            {"is_private_ip('intranet')", ""}});
  return rows.take();
}

}  // namespace riffle
