// The status line: one line on stderr's terminal that says how far the run is. Whatever else is
// written to that terminal hides it first, so that nothing of it is left between other lines or at
// the end. One thread at a time, but for end_in_signal().
#pragma once

#include <string>
#include <string_view>

namespace riffle {

class StatusLine {
 public:
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Shows a text in place of the one before, cut to the terminal's width. Only where stderr is a
  // terminal.
  void show(std::string_view text);
  // No text is shown from now on.
  void clear();

  // Before and after other text is written to the terminal. After a line end the status line is
  // shown again.
  void hide();
  void show_again(bool after_line_end);
  // Whether what is written to a file appears on stderr's terminal.
  static bool shares_terminal(int descriptor);

  // Safe in a signal handler: hides it for good.
  static void end_in_signal();

 private:
  friend StatusLine& status_line();
  StatusLine() = default;
  void paint();

  std::string text_;
  bool at_line_start_ = true;  // nothing stands on the terminal's last line
};

// The process has one stderr.
StatusLine& status_line();

}  // namespace riffle
