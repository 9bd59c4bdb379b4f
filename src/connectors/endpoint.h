// Endpoint: what a word that names a file means.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

struct Endpoint {
  std::string path;     // as messages show it
  int descriptor = -1;  // not negative: this one of the process is meant, not a file
};

// Of an input: `-` is standard input, `/dev/stdin` and `/dev/fd/N` are descriptors (opening them
// again would start a file from its beginning, and fails for sockets). `file:` is taken off:
// `file:-` is a file of that name.
Endpoint input_endpoint(std::string_view where);
// Of an output: `-` and `/dev/stdout` are standard output.
Endpoint output_endpoint(std::string_view where);

}  // namespace riffle
