#include "connectors/endpoint.h"

#include <unistd.h>

#include <charconv>

namespace riffle {
namespace {

constexpr std::string_view scheme = "file:";

// The N of /dev/fd/N and /proc/self/fd/N; -1: the path is none of these.
int descriptor_of(std::string_view path) {
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string_view digits = path.substr(folder.size());
    int number = -1;
    const auto answer = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (answer.ec == std::errc() && answer.ptr == digits.data() + digits.size()) return number;
  }
  return -1;
}

Endpoint endpoint(std::string_view where, std::string_view standard_name, int standard) {
  if (where == "-") return {std::string(standard_name), standard};
  if (where.starts_with(scheme)) where.remove_prefix(scheme.size());
  return {std::string(where), descriptor_of(where)};
}

}  // namespace

Endpoint input_endpoint(std::string_view where) {
  return endpoint(where, "standard input", STDIN_FILENO);
}
Endpoint output_endpoint(std::string_view where) {
  return endpoint(where, "standard output", STDOUT_FILENO);
}

}  // namespace riffle
