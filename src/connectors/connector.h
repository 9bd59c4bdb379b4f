// Connectors: where bytes come from and go to. One row each, in a table, by URL scheme; a word
// without a scheme is a file.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "connectors/byte_sink.h"
#include "connectors/byte_source.h"

namespace riffle {

// An input, as a command names it.
struct SourceOptions {
  std::string where;
  // As it grows, and from its beginning when another one takes its name (`tail -F`): there is no
  // end but the interrupt's. It need not be there yet.
  bool follow = false;
  // A descriptor that is open on the file that is meant, whatever bears its name by now; it
  // outlives the source, and keeps its place. -1: there is none.
  int descriptor = -1;
};

// An output, as a command names it.
struct SinkOptions {
  std::string where;
  // A file is written under its own name from the first byte, after what it has already, so that a
  // later run can go on with it: the sink promises exactly_once. Anything else is written as it
  // would be without this.
  bool in_place = false;
  // The last bytes of `where` that are made of data, after a slash if there is anything before
  // them: the folders that they name are made, and no symlink among them is followed, nor one in
  // the file's place. So the file is below the folder that comes before, whatever others do there.
  std::size_t from_data = 0;
};

struct Connector {
  std::string_view scheme;  // "file"
  std::string_view usage;   // "PATH, -, file:PATH"
  std::string_view summary;
  // Whether the thing is there, without reading it: throws Error (failed) otherwise.
  void (*check_exists)(const SourceOptions& options) = nullptr;
  // Throws Error (usage) where following it makes no sense.
  std::unique_ptr<ByteSource> (*open)(const SourceOptions& options) = nullptr;
  // Whether more may come of it as time passes: a pipe, a device, what is followed. Nothing is
  // opened.
  bool (*is_live)(const SourceOptions& options) = nullptr;
  std::unique_ptr<ByteSink> (*create)(const SinkOptions& options) = nullptr;
  // What create() would make or replace, under one name for all words that lead there. Empty: it
  // would be written straight (a pipe, a device, standard output), and so may be written several
  // times.
  std::string (*destination_key)(const SinkOptions& options) = nullptr;
};

std::span<const Connector> connectors();
// By the scheme of `where` ("file:x"), or the file connector. Throws Error (usage) for an unknown
// scheme.
const Connector& connector_of(std::string_view where);

}  // namespace riffle
