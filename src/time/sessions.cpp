#include "time/sessions.h"

#include <algorithm>

#include "time/text.h"

namespace riffle {

std::optional<Bounds> Sessions::window_of(std::int64_t time) const {
  Bounds window{time, 0};
  if (__builtin_add_overflow(time, gap_, &window.end)) return std::nullopt;
  return window;
}

std::optional<Sessions::Number> Sessions::add(std::string_view key_text, std::int64_t time, std::int64_t watermark,
                                              std::vector<Merged>& merged) {
  const auto window = window_of(time);
  if (!window) return std::nullopt;
  const auto known = keys_.find(key_text);
  std::vector<Session> none;
  std::vector<Session>& open = known == keys_.end() ? none : known->second->open;
  // Sessions do not touch each other: their ends are in the order of their starts.
  const auto first = std::lower_bound(open.begin(), open.end(), window->start,
                                      [](const Session& s, std::int64_t start) { return s.bounds.end < start; });
  auto last = first;
  while (last != open.end() && last->bounds.start <= window->end) last++;
  if (first == last) {
    if (watermark >= window->end - 1) return std::nullopt;
    if (known == keys_.end()) {
      auto key = std::make_unique<Key>(Key{std::string(key_text), {{*window, next_}}, 0});
      add_due(key->open.front(), *key);
      keys_.emplace(std::string_view(key->text), std::move(key));
    } else {
      add_due(*open.insert(first, {*window, next_}), *known->second);
    }
    return next_++;
  }
  Session whole = *first;
  for (auto session = first; session != last; session++) whole.number = std::min(whole.number, session->number);
  whole.bounds = {std::min(window->start, first->bounds.start), std::max(window->end, (last - 1)->bounds.end)};
  for (auto session = first; session != last; session++)
    if (session->number != whole.number) merged.push_back({session->number, whole.number});
  *first = whole;
  open.erase(first + 1, last);
  return whole.number;
}

void Sessions::add_due(const Session& session, Key& key) {
  due_.push({session.bounds.end, session.number, &key});
  key.due++;
}

void Sessions::close_until(std::int64_t watermark, std::vector<Closed>& closed) {
  while (!due_.empty() && watermark >= due_.top().end - 1) {
    const Due due = due_.top();
    due_.pop();
    due.key->due--;
    std::vector<Session>& open = due.key->open;
    const auto session = std::find_if(open.begin(), open.end(), [&](const Session& s) { return s.number == due.number; });
    if (session != open.end() && session->bounds.end > due.end) {
      add_due(*session, *due.key);
    } else if (session != open.end()) {
      closed.push_back({session->number, session->bounds});
      open.erase(session);
    }
    if (due.key->due == 0) keys_.erase(keys_.find(due.key->text));
  }
}

std::size_t Sessions::held() const {
  return keys_.size() * (sizeof(Key) + sizeof(Session) + 8 * sizeof(void*)) + due_.size() * (sizeof(Due) + sizeof(Session));
}

}  // namespace riffle
