#include "records/saved_header.h"

#include <algorithm>
#include <array>
#include <utility>

namespace riffle {

void save_names(const std::vector<std::string>& names, StateWriter& to) {
  to.count(names.size());
  for (const std::string& name : names) to.text(name);
}

std::vector<std::string> load_names(StateReader& from) {
  std::vector<std::string> names;
  for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--)
    names.emplace_back(from.text());
  return names;
}

void save_header(const Header& header, StateWriter& to) {
  to.text(header.line_end);
  save_names(header.names, to);
}

std::shared_ptr<const Header> load_header(StateReader& from) {
  static constexpr std::array<std::string_view, 3> line_ends = {"\n", "\r\n", "\r"};
  const auto end = std::find(line_ends.begin(), line_ends.end(), from.text());
  if (end == line_ends.end()) throw StateReader::damaged();
  return std::make_shared<const Header>(Header{load_names(from), *end});
}

}  // namespace riffle
