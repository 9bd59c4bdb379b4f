// ByteSource: the bytes of an input, in order, decompressed. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace riffle {

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

  // Whether a later run can read the same bytes again.
  virtual bool can_seek() const { return is_regular(); }
  // Passes over the next `count` bytes. False: it ends before that. Reads them, where that is the
  // only way to know how many they are (a compressed file).
  virtual bool skip(std::uint64_t count);

  // After its end (--follow): what begins at the next read, if anything does. Either another file
  // that took its name, or the same one, which was truncated in place.
  enum class Successor { none, other_file, truncated_file };
  virtual Successor begin_successor() { return Successor::none; }
  // Whether it is known now that one follows.
  virtual bool has_successor() const { return false; }
};

}  // namespace riffle
