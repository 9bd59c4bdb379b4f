#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "cli/command.h"

// A standard file that is closed gets a place holder whose use fails: the next file that is opened
// must not take its number.
void hold_standard_files() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(file, F_GETFD) < 0) open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// A closed pipe ends riffle silently, also where whoever started it ignores the signal.
void restore_broken_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

// Blocks and batches come and go by the megabyte: giving each back to the system costs more, in
// page faults, than all that is done with it.
void keep_what_blocks_free() {
#if defined(__GLIBC__)
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

int run_checked(int argc, char** argv) {
  using riffle::ExitStatus;
  try {
    return static_cast<int>(riffle::run_command({argv + 1, argv + argc}));
  } catch (const riffle::Error& error) {
    riffle::report_error(error);
    return static_cast<int>(error.status());
  } catch (const std::bad_alloc&) {
    riffle::report_error(riffle::failure("out of memory"));
  } catch (const std::system_error& error) {
    riffle::report_error(riffle::failure(error.what()));
  }
  return static_cast<int>(ExitStatus::failed);
}

// Whether stacks are smaller than what an expression of 1,000 levels needs (ulimit -s 256): then
// threads get stacks of the usual size, and the command runs on one.
bool has_small_stack() {
  constexpr rlim_t usual = 8 << 20;
  rlimit limit = {};
  if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= usual) return false;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes)) return false;
  const bool is_set = pthread_attr_setstacksize(&attributes, usual) == 0 &&
                      pthread_setattr_default_np(&attributes) == 0;
  pthread_attr_destroy(&attributes);
  return is_set;
}

int main(int argc, char** argv) {
  hold_standard_files();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow further is an error of the write
  restore_broken_pipe();
  keep_what_blocks_free();
  if (has_small_stack()) {
    int status = 0;
    try {
      std::thread([&] { status = run_checked(argc, argv); }).join();
      return status;
    } catch (const std::system_error&) {  // no thread may be started
    }
  }
  return run_checked(argc, argv);
}
