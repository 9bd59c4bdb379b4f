#include "engine/report/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace riffle {
namespace {

// The number in a file; much, where there is none ("max", or no such file).
std::size_t number_in_file(const std::string& path) {
  std::size_t number = 0;
  return std::ifstream(path) >> number ? number : SIZE_MAX;
}

// A group's limit, and those of the groups around it.
std::size_t limit_of_group(const std::string& root, std::string group, const std::string& file) {
  std::size_t limit = number_in_file(root + "/" + file);
  for (; group.size() > 1; group.resize(group.rfind('/')))
    limit = std::min(limit, number_in_file(root + group + "/" + file));
  return limit;
}

std::size_t limit_of_groups() {
  std::size_t limit = SIZE_MAX;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t path = line.find('/');
    if (path == line.npos) continue;
    if (line.starts_with("0::"))
      limit = std::min(limit, limit_of_group("/sys/fs/cgroup", line.substr(path), "memory.max"));
    else if (line.find(":memory:") != line.npos)
      limit = std::min(limit, limit_of_group("/sys/fs/cgroup/memory", line.substr(path),
                                             "memory.limit_in_bytes"));
  }
  return limit;
}

}  // namespace

std::size_t machine_memory() {
  const auto pages = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES));
  return std::min(pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), limit_of_groups());
}

}  // namespace riffle
