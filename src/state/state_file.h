// StateFile: what a run leaves for the next one (--state), in generations. One SQLite database;
// locked from its opening to its closing. Every part of a generation is there or none is: a run
// that is killed while it writes one leaves the generation before (SQLite, "Atomic Commit").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace riffle {

class StateFile {
 public:
  using Parts = std::map<std::string, std::string, std::less<>>;

  // Opens the file, or makes it. Throws Error (failed): it cannot be opened, another process has it
  // (with that one's number), it is no state of riffle, or is one of a later version.
  explicit StateFile(const std::string& path);
  // Throws Error (failed): another process has the file, whatever is in it.
  static void check_is_free(const std::string& path);
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  // A file that it made, and that has no generation, goes.
  ~StateFile();

  // Of the last one that was committed whole; 0: there is none.
  std::uint64_t generation() const { return generation_; }
  // A part of that one; empty: there is no generation, or no such part. Throws Error (failed) when
  // it cannot be read, or is damaged.
  std::string part(std::string_view name) const;
  // Makes the next generation, on disk when this returns; the one before stays, older ones go.
  // Throws Error (failed); then the last generation is still what it was.
  void commit(const Parts& parts);

 private:
  class Database;

  std::unique_ptr<Database> database_;
  std::uint64_t generation_ = 0;
};

}  // namespace riffle
