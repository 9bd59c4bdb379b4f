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

RecentKeys::Key& RecentKeys::key_of(std::string_view text) {
  const auto known = keys_.find(text);
  if (known != keys_.end()) return *known->second;
  auto made = std::make_unique<Key>(Key{std::string(text), {}});
  text_size_ += text.size();
  return *keys_.emplace(made->text, std::move(made)).first->second;
}

bool RecentKeys::is_first(std::string_view text, std::int64_t time) {
  Key& key = key_of(text);
  std::set<std::int64_t>& times = key.firsts;
  const auto after = times.lower_bound(time);
  if (after != times.end() && !is_past(time, *after, span_)) return false;
  if (after != times.begin() && !is_past(*std::prev(after), time, span_)) return false;
  times.insert(after, time);
  due_.add(time, &key);
  return true;
}

void RecentKeys::advance(std::int64_t watermark) {
  while (!due_.empty() && is_past(due_.next().due, watermark, span_)) {
    Key& key = *due_.take_next().what;
    key.firsts.erase(key.firsts.begin());  // times are due in their order
    if (!key.firsts.empty()) continue;
    text_size_ -= key.text.size();
    keys_.erase(keys_.find(key.text));
  }
}

void RecentKeys::save(StateWriter& to) const {
  to.count(keys_.size());
  for (const auto& [text, key] : keys_) {
    to.text(text);
    to.count(key->firsts.size());
    for (const std::int64_t time : key->firsts) to.number(time);
  }
}

void RecentKeys::load(StateReader& from) {
  for (std::size_t keys = from.count(); keys > 0; keys--) {
    Key& key = key_of(from.text());
    for (std::size_t times = from.count(sizeof(std::int64_t)); times > 0; times--) {
      const auto time = from.number<std::int64_t>();
      if (!key.firsts.insert(time).second) throw StateReader::damaged();
      due_.add(time, &key);
    }
  }
}

std::size_t RecentKeys::held() const {
  constexpr std::size_t of_key = sizeof(Key) + 8 * sizeof(void*);
  constexpr std::size_t of_time =
      sizeof(Timers<Key*>::Timer) + sizeof(std::int64_t) + 4 * sizeof(void*);
  return keys_.size() * of_key + due_.size() * of_time + text_size_;
}

}  // namespace riffle
