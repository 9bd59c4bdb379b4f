#include "time/recent_keys.h"

#include <iterator>

namespace riffle {
namespace {

// Whether `later` is `span` or more after `earlier`.
bool is_past(std::int64_t earlier, std::int64_t later, std::int64_t span) {
  std::int64_t end = 0;
  return !__builtin_add_overflow(earlier, span, &end) && later >= end;
}

}  // namespace

bool RecentKeys::is_first(std::string_view key, std::int64_t time) {
  auto known = keys_.find(key);
  if (known == keys_.end()) {
    auto made = std::make_unique<Key>(Key{std::string(key), {}});
    known = keys_.emplace(made->text, std::move(made)).first;
    text_size_ += key.size();
  }
  std::set<std::int64_t>& times = known->second->firsts;
  const auto after = times.lower_bound(time);
  if (after != times.end() && !is_past(time, *after, span_)) return false;
  if (after != times.begin() && !is_past(*std::prev(after), time, span_)) return false;
  times.insert(after, time);
  due_.push({time, known->second.get()});
  return true;
}

void RecentKeys::advance(std::int64_t watermark) {
  while (!due_.empty() && is_past(due_.top().time, watermark, span_)) {
    Key& key = *due_.top().key;
    due_.pop();
    key.firsts.erase(key.firsts.begin());  // times are due in their order
    if (!key.firsts.empty()) continue;
    text_size_ -= key.text.size();
    keys_.erase(keys_.find(key.text));
  }
}

std::size_t RecentKeys::held() const {
  constexpr std::size_t of_key = sizeof(Key) + 8 * sizeof(void*);
  constexpr std::size_t of_time = sizeof(Due) + sizeof(std::int64_t) + 4 * sizeof(void*);
  return keys_.size() * of_key + due_.size() * of_time + text_size_;
}

}  // namespace riffle
