// Connectors: where bytes come from and go to. One row each, in a table, by URL scheme; a word
// without a scheme is a file.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace riffle {

// Bytes in order, decompressed.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `size` bytes; 0 only at the end. Throws Error (failed) with the path and the reason.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  // Whether a read would wait for someone else to write.
  virtual bool would_wait() = 0;
  // What to poll when it would; -1: it never does.
  virtual int descriptor() const = 0;
  // A regular file: all there is, is there.
  virtual bool is_regular() const = 0;
  // After its end (--follow): what begins at the next read, if anything does. Either another file
  // that took its name, or the same one, which was truncated in place.
  enum class Successor { none, other_file, truncated_file };
  virtual Successor begin_successor() { return Successor::none; }
};

// Bytes out. Everything is checked; what fails throws Error (failed) with the path and the reason.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
  // Nothing comes for a while: a file is closed where it can be opened again, and the next write
  // does so.
  virtual void pause() {}
  // Everything has been written: syncs, closes, and gives a file its name. Without this call
  // nothing is published.
  virtual void publish() = 0;
  virtual bool is_terminal() const = 0;
};

struct Connector {
  std::string_view scheme;  // "file"
  std::string_view usage;   // "PATH, -, file:PATH"
  std::string_view summary;
  // Whether the thing is there, without reading it: throws Error (failed) otherwise.
  void (*check_exists)(const std::string& where) = nullptr;
  std::unique_ptr<ByteSource> (*open)(const std::string& where) = nullptr;
  // Whether more may come of it as time passes: a pipe, a device. Nothing is opened.
  bool (*is_live)(const std::string& where) = nullptr;
  // As it grows, and from its beginning when another one takes its name (`tail -F`): there is no
  // end but the interrupt's. It need not be there yet. Throws Error (usage) where that makes no
  // sense.
  std::unique_ptr<ByteSource> (*follow)(const std::string& where) = nullptr;
  std::unique_ptr<ByteSink> (*create)(const std::string& where) = nullptr;
  // What create() would make or replace, under one name for all words that lead there. Empty: it
  // would be written straight (a pipe, a device, standard output), and so may be written several
  // times.
  std::string (*destination_key)(const std::string& where) = nullptr;
};

std::span<const Connector> connectors();
// By the scheme of `where` ("file:x"), or the file connector. Throws Error (usage) for an unknown
// scheme.
const Connector& connector_of(std::string_view where);

}  // namespace riffle
