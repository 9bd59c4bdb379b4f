#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "cli/command.h"

// A standard file that is closed gets a place holder whose use fails: the next file that is opened must not take its number.
void hold_standard_files() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(file, F_GETFD) < 0) open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char** argv) {
  hold_standard_files();
  try {
    const riffle::ExitStatus status = riffle::run_command({argv + 1, argv + argc});
    return static_cast<int>(status);
  } catch (const riffle::Error& error) {
    std::fprintf(stderr, "riffle: %s\n", error.what());
    return static_cast<int>(error.status());
  } catch (const std::bad_alloc&) {
    std::fputs("riffle: out of memory\n", stderr);
    return static_cast<int>(riffle::ExitStatus::failed);
  }
}
