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
  auto known = firsts_.find(key);
  if (known == firsts_.end()) {
    known = firsts_.try_emplace(std::string(key)).first;
    text_size_ += key.size();
  }
  std::vector<std::int64_t>& times = known->second;
  const auto behind = std::lower_bound(times.begin(), times.end(), time);
  if (behind != times.end() && !is_past(time, *behind, span_)) return false;
  if (behind != times.begin() && !is_past(*(behind - 1), time, span_)) return false;
  times.insert(behind, time);
  due_.push({time, &known->first});
  return true;
}

void RecentKeys::advance(std::int64_t watermark) {
  while (!due_.empty() && is_past(due_.top().time, watermark, span_)) {
    const auto known = firsts_.find(*due_.top().key);
    due_.pop();
    known->second.erase(known->second.begin());  // times are due in their order
    if (!known->second.empty()) continue;
    text_size_ -= known->first.size();
    firsts_.erase(known);
  }
}

std::size_t RecentKeys::held() const {
  return firsts_.size() * (sizeof(decltype(firsts_)::value_type) + 6 * sizeof(void*)) + due_.size() * (sizeof(Due) + sizeof(std::int64_t)) +
         text_size_;
}

}  // namespace riffle
