#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "cli/command.h"

int main(int argc, char** argv) {
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
