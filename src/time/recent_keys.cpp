#include "time/recent_keys.h"

#include <algorithm>

namespace riffle {
namespace {

// Whether `later` lies `span` or more behind `earlier`.
bool is_past(std::int64_t earlier, std::int64_t later, std::int64_t span) {
  std::int64_t end = 0;
  return !__builtin_add_overflow(earlier, span, &end) && later >= end;
}

}  // namespace

bool RecentKeys::is_first(std::string_view key, std::int64_t time) {
  const auto [known, is_new] = last_.try_emplace(std::string(key), time);
  if (is_new) {
    due_.push({time, &known->first});
    text_size_ += key.size();
    return true;
  }
  std::int64_t& last = known->second;
  if (!is_past(std::min(last, time), std::max(last, time), span_)) return false;
  last = std::max(last, time);
  return true;
}

void RecentKeys::advance(std::int64_t watermark) {
  while (!due_.empty() && is_past(due_.top().time, watermark, span_)) {
    const std::string* const key = due_.top().key;
    due_.pop();
    const auto known = last_.find(*key);
    if (!is_past(known->second, watermark, span_)) {
      due_.push({known->second, key});
      continue;
    }
    text_size_ -= key->size();
    last_.erase(known);
  }
}

std::size_t RecentKeys::held() const {
  return last_.size() * (sizeof(std::string) + 8 * sizeof(void*) + sizeof(Due)) + text_size_;
}

}  // namespace riffle
