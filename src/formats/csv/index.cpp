#include "formats/csv/index.h"

#include <fmt/format.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include <algorithm>
#include <cstdlib>

#include "values/error.h"

namespace riffle {

#if defined(__x86_64__)

namespace sse4 {
void index_csv(const CsvText&, CsvIndex&, std::uint32_t*);
}
namespace avx2 {
void index_csv(const CsvText&, CsvIndex&, std::uint32_t*);
}
namespace avx512 {
void index_csv(const CsvText&, CsvIndex&, std::uint32_t*);
}

namespace {

// What the kernels are compiled for, in CMakeLists.txt.
bool has_sse4() {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") &&
         __builtin_cpu_supports("pclmul");
}
bool has_avx2() {
  return has_sse4() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2");
}
bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bitalg") &&
         __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq");
}

constexpr CsvKernel kernels[] = {
    {"avx512", has_avx512, avx512::index_csv},
    {"avx2", has_avx2, avx2::index_csv},
    {"sse4", has_sse4, sse4::index_csv},
};

}  // namespace

#elif defined(__aarch64__)

namespace neon {
void index_csv(const CsvText&, CsvIndex&, std::uint32_t*);
}

namespace {

// Every AArch64 has NEON, but not every one the multiplication without carries.
bool has_neon() { return (getauxval(AT_HWCAP) & HWCAP_PMULL) != 0; }

constexpr CsvKernel kernels[] = {{"neon", has_neon, neon::index_csv}};

}  // namespace

#else

namespace native {
void index_csv(const CsvText&, CsvIndex&, std::uint32_t*);
}

namespace {
constexpr CsvKernel kernels[] = {{"native", [] { return true; }, native::index_csv}};
}  // namespace

#endif

namespace {

CsvIndexer named(std::string_view name) {
  const auto found = std::ranges::find(kernels, name, &CsvKernel::name);
  if (found == std::end(kernels)) {
    std::string known;
    for (const CsvKernel& kernel : kernels)
      known.append(known.empty() ? "" : ", ").append(kernel.name);
    throw usage_error(
        fmt::format("RIFFLE_KERNEL: there is no '{}'; known: {}", visible(name), known));
  }
  if (!found->runs_here())
    throw usage_error(fmt::format("RIFFLE_KERNEL: this processor does not run '{}'", name));
  return found->index;
}

CsvIndexer choose() {
  if (const char* const name = std::getenv("RIFFLE_KERNEL"); name && *name) return named(name);
  const auto found =
      std::ranges::find_if(kernels, [](const CsvKernel& kernel) { return kernel.runs_here(); });
  return found == std::end(kernels) ? nullptr : found->index;
}

}  // namespace

std::span<const CsvKernel> csv_kernels() { return kernels; }

CsvIndexer csv_indexer() {
  static const CsvIndexer chosen = choose();
  return chosen;
}

}  // namespace riffle
