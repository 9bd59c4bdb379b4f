#include "formats/csv_index.h"

#include <cstdlib>
#include <string_view>

namespace riffle {

#if defined(__x86_64__)

namespace sse4 {
CsvIndex index_csv(const char*, std::size_t, char, bool, std::uint32_t*, std::uint32_t*);
}
namespace avx2 {
CsvIndex index_csv(const char*, std::size_t, char, bool, std::uint32_t*, std::uint32_t*);
}
namespace avx512 {
CsvIndex index_csv(const char*, std::size_t, char, bool, std::uint32_t*, std::uint32_t*);
}

namespace {

struct Kernel {
  std::string_view name;
  bool (*runs_here)();
  CsvIndexer index;
};

constexpr Kernel kernels[] = {
    {"avx512",
     [] {
       return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bitalg") &&
              __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq");
     },
     avx512::index_csv},
    {"avx2", [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul"); },
     avx2::index_csv},
    {"sse4", [] { return true; }, sse4::index_csv},
};

CsvIndexer choose() {
  const char* const forced = std::getenv("RIFFLE_KERNEL");
  for (const Kernel& kernel : kernels)
    if (kernel.runs_here() && (!forced || kernel.name == forced)) return kernel.index;
  return sse4::index_csv;
}

}  // namespace

#else

namespace native {
CsvIndex index_csv(const char*, std::size_t, char, bool, std::uint32_t*, std::uint32_t*);
}

namespace {
CsvIndexer choose() { return native::index_csv; }
}  // namespace

#endif

CsvIndexer csv_indexer() {
  static const CsvIndexer chosen = choose();
  return chosen;
}

}  // namespace riffle
