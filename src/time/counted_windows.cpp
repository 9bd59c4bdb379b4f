#include "time/counted_windows.h"

#include <algorithm>

namespace riffle {

bool CountedWindows::add(std::string_view key_text, std::vector<Window>& windows) {
  std::unique_ptr<Key>& known = keys_[key_text];
  if (!known) known = std::make_unique<Key>();
  Key& key = *known;
  const std::int64_t position = key.count++;
  if (position % every_ == 0) {
    key.open.push_back({next_++, {position, position + size_}});
    open_++;
  }
  windows.insert(windows.end(), key.open.begin(), key.open.end());
  if (position + 1 < key.open.front().bounds.end) return false;
  key.open.pop_front();
  open_--;
  return true;
}

void CountedWindows::close_all(std::vector<Window>& windows) {
  const std::size_t before = windows.size();
  for (const auto& [text, key] : keys_)
    windows.insert(windows.end(), key->open.begin(), key->open.end());
  std::sort(windows.begin() + static_cast<std::ptrdiff_t>(before), windows.end(),
            [](const Window& a, const Window& b) { return a.number < b.number; });
  keys_.clear();
  open_ = 0;
}

}  // namespace riffle
