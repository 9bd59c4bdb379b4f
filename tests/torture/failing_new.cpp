// riffle's program with an operator new of its own: the RIFFLE_FAIL_AT-th call after main() has
// begun fails (F3). 0: none does, and the number of calls is said at the end.
#include <simdjson.h>

#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

int riffle_main(int argc, char** argv);

namespace {

std::atomic<long> calls = 0;
long failing = -1;  // nothing is counted yet

void* allocated(std::size_t size, std::size_t alignment) {
  if (failing >= 0 && ++calls == failing) throw std::bad_alloc();
  void* const memory = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
  if (!memory) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return allocated(size, usual); }
void* operator new[](std::size_t size) { return allocated(size, usual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocated(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocated(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocated(size, usual);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size, std::nothrow);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  const char* const text = std::getenv("RIFFLE_FAIL_AT");
  long at = 0;
  if (text) std::from_chars(text, text + std::strlen(text), at);
  // The library chooses its kernel at its first use, and ends the program where it cannot allocate.
  [[maybe_unused]] const bool is_chosen =
      simdjson::get_active_implementation()->supported_by_runtime_system();
  failing = at;
  const int status = riffle_main(argc, argv);
  if (at == 0) std::fprintf(stderr, "%ld allocations\n", calls.load());
  return status;
}
