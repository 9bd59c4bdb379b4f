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

void CountedWindows::save(StateWriter& to) const {
  to.number(next_);
  to.count(keys_.size());
  for (const auto& [text, key] : keys_) {
    to.text(text);
    to.number(key->count);
    to.count(key->open.size());
    for (const Window& window : key->open) to.number(window);
  }
}

void CountedWindows::load(StateReader& from) {
  next_ = from.number<Number>();
  for (std::size_t left = from.count(); left > 0; left--) {
    std::unique_ptr<Key>& key = keys_[from.text()];
    if (key) throw StateReader::damaged();
    key = std::make_unique<Key>();
    key->count = from.number<std::int64_t>();
    for (std::size_t open = from.count(sizeof(Window)); open > 0; open--)
      key->open.push_back(from.number<Window>());
    open_ += key->open.size();
  }
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
