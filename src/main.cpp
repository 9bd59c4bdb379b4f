#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "cli/command.h"

// A standard file that is closed gets a place holder whose use fails: the next file that is opened
// must not take its number.
void hold_standard_files() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(file, F_GETFD) < 0) open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// Blocks and batches come and go by the megabyte: giving each back to the system costs more, in
// page faults, than all that is done with it.
void keep_what_blocks_free() {
#if defined(__GLIBC__)
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

int main(int argc, char** argv) {
  hold_standard_files();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow further is an error of the write
  keep_what_blocks_free();
  try {
    const riffle::ExitStatus status = riffle::run_command({argv + 1, argv + argc});
    return static_cast<int>(status);
  } catch (const riffle::Error& error) {
    riffle::report_error(error);
    return static_cast<int>(error.status());
  } catch (const std::bad_alloc&) {
    riffle::report_error(riffle::failure("out of memory"));
    return static_cast<int>(riffle::ExitStatus::failed);
  }
}
