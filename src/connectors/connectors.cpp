#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/file_sink.h"
#include "connectors/file_source.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr Connector table[] = {
    {"file", "PATH, -, file:PATH",
     "a file, a named pipe or a device; - is standard input or output; gzip, zstd, xz and "
     "bzip2 are unpacked by their first bytes, and packed where the name of an output ends in .gz "
     "or .zst",
     check_file_exists, open_file, is_live_file, create_file, file_destination_key},
};

// The S of "S://...", in small letters; empty: there is none.
std::string scheme_of(std::string_view where) {
  const std::size_t end = where.find("://");
  if (end == where.npos) return {};
  std::string scheme(where.substr(0, end));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  if (scheme.empty() || !is_letter(scheme[0]) ||
      !std::all_of(scheme.begin(), scheme.end(), may_follow))
    return {};
  for (char& c : scheme)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return scheme;
}

}  // namespace

std::span<const Connector> connectors() { return table; }

const Connector& connector_of(std::string_view where) {
  for (const Connector& connector : table)
    if (where.starts_with(connector.scheme) &&
        where.substr(connector.scheme.size()).starts_with(':'))
      return connector;
  const std::string scheme = scheme_of(where);
  if (scheme.empty()) return table[0];
  for (const Connector& connector : table)
    if (connector.scheme == scheme) return connector;
  std::vector<std::string> known;
  for (const Connector& connector : table) known.push_back(fmt::format("{}:", connector.scheme));
  throw usage_error(fmt::format("{}: nothing reads or writes '{}://'; known schemes: {}",
                                visible(where), scheme, fmt::join(known, ", ")));
}

}  // namespace riffle
