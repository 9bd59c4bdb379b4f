#include "connectors/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "connectors/terminal.h"
#include "text/width.h"

namespace riffle {
namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

std::atomic<bool> is_painted = false, has_ended = false;

// A terminal that cannot be written to has no line to spoil.
void write_to_terminal(std::string_view bytes) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
}

void erase() {
  if (is_painted.exchange(false)) write_to_terminal(erase_line);
}

// The beginning of the text that takes less than `width` columns.
std::string_view cut(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const std::size_t next = bytes + first_character(text.substr(bytes)).bytes;
    if (display_width(text.substr(0, next)) >= width) break;
    bytes = next;
  }
  return text.substr(0, bytes);
}

// A reader that closes its pipe ends riffle without a word, and without a trace.
void erase_on_broken_pipe() {
  struct sigaction action = {};
  if (sigaction(SIGPIPE, nullptr, &action) || action.sa_handler != SIG_DFL) return;
  action.sa_handler = [](int number) {
    erase();
    std::signal(number, SIG_DFL);
    raise(number);
  };
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace

StatusLine& status_line() {
  static StatusLine line;
  return line;
}

void StatusLine::show(std::string_view text) {
  if (isatty(STDERR_FILENO) != 1) return;
  if (text_.empty()) erase_on_broken_pipe();
  text_ = text;
  paint();
}

void StatusLine::paint() {
  if (text_.empty() || !at_line_start_ || has_ended) return;
  std::string line(erase_line);
  line.append(cut(text_, terminal_width(STDERR_FILENO))).append("\r");
  is_painted = true;
  write_to_terminal(line);
  // A signal that came in between has found nothing to erase, or what was there before.
  if (has_ended) write_to_terminal(erase_line);
}

void StatusLine::clear() {
  erase();
  text_.clear();
}

void StatusLine::hide() { erase(); }

void StatusLine::show_again(bool after_line_end) {
  at_line_start_ = after_line_end;
  paint();
}

bool StatusLine::shares_terminal(int descriptor) {
  unsigned int own = 0, other = 0;
  if (ioctl(STDERR_FILENO, TIOCGDEV, &own) || ioctl(descriptor, TIOCGDEV, &other)) return false;
  return own == other;
}

void StatusLine::end_in_signal() {
  has_ended = true;
  erase();
}

}  // namespace riffle
