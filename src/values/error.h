// A user's mistake or the world's failure: the one exception type of riffle, caught in main.
// A bad record is no Error: it is data, see effects.h.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace riffle {

enum class ExitStatus { ok = 0, rejected = 1, usage = 2, failed = 3 };

class Error : public std::exception {
 public:
  Error(ExitStatus status, std::string message) : status_(status), message_(std::move(message)) {}

  ExitStatus status() const { return status_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ExitStatus status_;
  std::string message_;
};

// The command is wrong; nothing has been read.
Error usage_error(std::string_view message);

// The command is wrong at bytes [position, position + length) of `text`: the message shows the text
// with a caret line.
Error usage_error_at(std::string_view message, std::string_view text, std::size_t position,
                     std::size_t length);

// A file, socket, disk or limit failed: "PATH: REASON", the reason being errno's.
Error system_error(std::string_view path, int error_number);
Error failure(std::string_view message);

// The text with everything that could steer a terminal, or that is not UTF-8, made visible (\x1b,
// \u009b, \u202e), cut to `limit` bytes with "..." where it was longer. For messages, and for
// `table`.
std::string visible(std::string_view text, std::size_t limit = std::string_view::npos);

}  // namespace riffle
