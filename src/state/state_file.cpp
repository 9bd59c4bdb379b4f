#include "state/state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "values/error.h"

namespace riffle {
namespace {

// Of the file's layout, in SQLite's user_version; and that the database is riffle's, in its
// application_id: "rifl".
constexpr int layout_version = 1, application = 0x7269666c;
// SQLite has no values of more than 1 GB.
constexpr std::size_t piece_size = std::size_t{64} << 20;

constexpr const char* layout =
    "CREATE TABLE part(generation INTEGER NOT NULL, name TEXT NOT NULL, piece INTEGER NOT NULL,"
    " bytes BLOB NOT NULL, PRIMARY KEY(generation, name, piece)) WITHOUT ROWID;"
    "CREATE TABLE generation(number INTEGER PRIMARY KEY, checksum INTEGER NOT NULL);";

Error no_state(const std::string& path) {
  return failure(visible(path) + ": is no state of riffle; --reset puts it aside");
}

// The process that has a lock on the file; 0: none is known.
pid_t holder_of(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool is_told = fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(file);
  return is_told ? lock.l_pid : 0;
}

Error taken(const std::string& path, pid_t holder) {
  return failure(fmt::format("{}: another run has it{}", visible(path),
                             holder ? fmt::format(", process {}", holder) : ""));
}

// A new name in a folder must survive a power cut, too.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
  const int there = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (there < 0) return;  // one may write to a folder that one may not read
  const bool is_synced = fsync(there) == 0 || errno == EINVAL;
  const int reason = errno;
  close(there);
  if (!is_synced) throw system_error(path, reason);
}

}  // namespace

// The connection. Every answer of SQLite is looked at.
class StateFile::Database {
 public:
  explicit Database(const std::string& path) : path_(path) {
    struct stat status = {};
    is_new_ = stat(path.c_str(), &status) != 0;
    // SQLite takes a file of one byte for an empty one.
    if (status.st_size == 1) throw no_state(path);
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
      const Error error = failed("cannot be opened");
      sqlite3_close(database_);
      throw error;
    }
    sqlite3_extended_result_codes(database_, 1);
    try {
      prepare();
    } catch (...) {
      sqlite3_close(database_);
      throw;
    }
    if (is_new_) sync_folder_of(path);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close(database_); }

  // Closes a file that was not there before, and takes it away.
  void take_back() {
    if (!is_new_) return;
    sqlite3_close(std::exchange(database_, nullptr));
    unlink(path_.c_str());
  }

  void run(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw failed();
  }
  std::int64_t number(const char* sql) {
    Statement statement(*this, sql);
    return statement.step() ? sqlite3_column_int64(statement.get(), 0) : 0;
  }

  class Statement {
   public:
    Statement(Database& of, const char* sql) : of_(of) {
      if (sqlite3_prepare_v2(of.database_, sql, -1, &statement_, nullptr) != SQLITE_OK)
        throw of.failed();
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    void bind(int at, std::int64_t number) {
      if (sqlite3_bind_int64(statement_, at, number) != SQLITE_OK) throw of_.failed();
    }
    void bind(int at, std::string_view text) {
      if (sqlite3_bind_text64(statement_, at, text.data(), text.size(), SQLITE_STATIC,
                              SQLITE_UTF8) != SQLITE_OK)
        throw of_.failed();
    }
    void bind_bytes(int at, std::string_view bytes) {
      if (sqlite3_bind_blob64(statement_, at, bytes.data(), bytes.size(), SQLITE_STATIC) !=
          SQLITE_OK)
        throw of_.failed();
    }
    // Whether there is a row.
    bool step() {
      const int result = sqlite3_step(statement_);
      if (result != SQLITE_ROW && result != SQLITE_DONE) throw of_.failed();
      return result == SQLITE_ROW;
    }
    void reset() {
      if (sqlite3_reset(statement_) != SQLITE_OK) throw of_.failed();
    }
    sqlite3_stmt* get() const { return statement_; }

   private:
    Database& of_;
    sqlite3_stmt* statement_ = nullptr;
  };

  Error failed(std::string_view what = {}) const {
    const int code = database_ ? sqlite3_errcode(database_) : SQLITE_NOMEM;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return taken(path_, holder_of(path_));
    if (code == SQLITE_NOTADB) return no_state(path_);
    const std::string reason = database_ ? sqlite3_errmsg(database_) : "out of memory";
    const int system = database_ ? sqlite3_system_errno(database_) : 0;
    return failure(fmt::format("{}: {}{}{}{}", visible(path_), what, what.empty() ? "" : ": ",
                               reason, system ? fmt::format(" ({})", std::strerror(system)) : ""));
  }

 private:
  void prepare() {
    // The lock is taken at once, and kept.
    run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = "
        "ON");
    run("PRAGMA synchronous = EXTRA");
    run("BEGIN EXCLUSIVE");
    const std::int64_t version = number("PRAGMA user_version"),
                       owner = number("PRAGMA application_id");
    const bool is_empty = number("SELECT count(*) FROM sqlite_schema") == 0;
    if (is_empty && version == 0) {
      run(layout);
      run(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", layout_version,
                      application)
              .c_str());
    } else if (owner != application) {
      throw no_state(path_);
    } else if (version != layout_version) {
      throw failure(fmt::format("{}: is a state of layout {}; this riffle knows layout {}",
                                visible(path_), version, layout_version));
    }
    run("COMMIT");
  }

  std::string path_;
  bool is_new_ = false;
  sqlite3* database_ = nullptr;
};

namespace {

std::uint64_t checksum_of(const StateFile::Parts& parts) {
  std::uint64_t sum = 0;
  for (const auto& [name, bytes] : parts) {
    sum = XXH3_64bits_withSeed(name.data(), name.size(), sum);
    sum = XXH3_64bits_withSeed(bytes.data(), bytes.size(), sum);
  }
  return sum;
}

}  // namespace

StateFile::StateFile(const std::string& path) : database_(std::make_unique<Database>(path)) {
  Database::Statement last(*database_,
                           "SELECT number, checksum FROM generation"
                           " ORDER BY number DESC LIMIT 1");
  if (!last.step()) return;
  generation_ = static_cast<std::uint64_t>(sqlite3_column_int64(last.get(), 0));
  const auto checksum = static_cast<std::uint64_t>(sqlite3_column_int64(last.get(), 1));
  Parts parts;
  Database::Statement names(*database_, "SELECT DISTINCT name FROM part WHERE generation = ?");
  names.bind(1, static_cast<std::int64_t>(generation_));
  while (names.step()) {
    const std::string name(reinterpret_cast<const char*>(sqlite3_column_text(names.get(), 0)),
                           static_cast<std::size_t>(sqlite3_column_bytes(names.get(), 0)));
    parts.emplace(name, part(name));
  }
  if (checksum_of(parts) != checksum)
    throw failure(visible(path) + ": is damaged; --reset puts it aside");
}

void StateFile::check_is_free(const std::string& path) {
  if (const pid_t holder = holder_of(path)) throw taken(path, holder);
}

StateFile::~StateFile() {
  if (generation_ == 0) database_->take_back();
}

std::string StateFile::part(std::string_view name) const {
  Database::Statement pieces(
      *database_, "SELECT bytes FROM part WHERE generation = ? AND name = ? ORDER BY piece");
  pieces.bind(1, static_cast<std::int64_t>(generation_));
  pieces.bind(2, name);
  std::string bytes;
  while (pieces.step())
    bytes.append(static_cast<const char*>(sqlite3_column_blob(pieces.get(), 0)),
                 static_cast<std::size_t>(sqlite3_column_bytes(pieces.get(), 0)));
  return bytes;
}

void StateFile::commit(const Parts& parts) {
  const auto next = static_cast<std::int64_t>(generation_ + 1);
  database_->run("BEGIN EXCLUSIVE");
  try {
    Database::Statement part(*database_, "INSERT INTO part VALUES(?, ?, ?, ?)");
    for (const auto& [name, bytes] : parts)
      for (std::size_t at = 0; at == 0 || at < bytes.size(); at += piece_size) {
        part.bind(1, next);
        part.bind(2, name);
        part.bind(3, static_cast<std::int64_t>(at / piece_size));
        part.bind_bytes(4, std::string_view(bytes).substr(at, piece_size));
        part.step();
        part.reset();
      }
    Database::Statement generation(*database_, "INSERT INTO generation VALUES(?, ?)");
    generation.bind(1, next);
    generation.bind(2, static_cast<std::int64_t>(checksum_of(parts)));
    generation.step();
    for (const char* const sql :
         {"DELETE FROM part WHERE generation < ?", "DELETE FROM generation WHERE number < ?"}) {
      Database::Statement older(*database_, sql);
      older.bind(1, next - 1);
      older.step();
    }
    database_->run("COMMIT");
  } catch (const Error&) {
    try {
      database_->run("ROLLBACK");
    } catch (const Error&) {  // SQLite has done so itself
    }
    throw;
  }
  generation_++;
}

}  // namespace riffle
