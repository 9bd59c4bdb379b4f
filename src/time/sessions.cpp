#include "time/sessions.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace riffle {

std::optional<Bounds> Sessions::window_of(std::int64_t time) const {
  Bounds window{time, 0};
  if (__builtin_add_overflow(time, gap_, &window.end)) return std::nullopt;
  return window;
}

std::optional<Sessions::Number> Sessions::add(std::string_view key_text, std::int64_t time,
                                              std::vector<Merged>& merged,
                                              std::vector<Event>& events) {
  const auto window = window_of(time);
  if (!window) return std::nullopt;
  const auto known = keys_.find(key_text);
  Open none;
  Open& open = known == keys_.end() ? none : known->second->open;
  // Sessions do not touch each other: their ends are in the order of their starts.
  auto first = open.upper_bound(window->start);
  if (first != open.begin() && std::prev(first)->second.bounds.end >= window->start) first--;
  const auto last = open.upper_bound(window->end);
  if (first != last) {
    const Session whole = merge(first, last, *window, merged);
    if (first->first == whole.bounds.start)
      open.erase(std::next(first), last);
    else
      open.erase(first, last);
    Session& session = open.insert_or_assign(whole.bounds.start, whole).first->second;
    take_record(session, *known->second, events);
    return session.number;
  }
  if (panes_.is_gone(window->end, watermark_)) return std::nullopt;
  const Session alone{*window, next_++};
  Key* key = known == keys_.end() ? nullptr : known->second.get();
  if (!key) {
    auto made = std::make_unique<Key>(Key{std::string(key_text), {}, 0});
    key = made.get();
    keys_.emplace(std::string_view(key->text), std::move(made));
  }
  take_record(key->open.emplace(window->start, alone).first->second, *key, events);
  return alone.number;
}

// What a record makes of the sessions that it touches: the first of them, in the order of their
// first records.
Sessions::Session Sessions::merge(Open::iterator first, Open::iterator last, Bounds window,
                                  std::vector<Merged>& merged) {
  const auto earlier = [](const auto& a, const auto& b) {
    return a.second.number < b.second.number;
  };
  Session whole = std::min_element(first, last, earlier)->second;
  whole.bounds = {std::min(window.start, first->second.bounds.start),
                  std::max(window.end, std::prev(last)->second.bounds.end)};
  for (; first != last; first++)
    if (first->second.number != whole.number)
      merged.push_back({first->second.number, whole.number});
  return whole;
}

void Sessions::take_record(Session& session, Key& key, std::vector<Event>& events) {
  session.is_over = Panes::is_over(session.bounds.end, watermark_);
  wait(session, key);
  if (session.is_over) {
    session.has_records = false;
    events.push_back({session.number, session.bounds, Pane::late, false});
    return;
  }
  const bool waits_already = std::exchange(session.has_records, true);
  if (!panes_.early || waits_already) return;
  early_.push_back({{0, session.bounds.end, session.number}, &key});
  key.pointed_to++;
}

// Of a session that waits already, only an earlier moment is of interest: when a later one has come
// it is looked at again.
void Sessions::wait(Session& session, Key& key) {
  const std::int64_t moment =
      session.is_over ? panes_.gone_at(session.bounds.end) : session.bounds.end - 1;
  if (moment >= session.due) return;
  session.due = moment;
  due_.add({moment, session.bounds.end, session.number}, &key);
  key.pointed_to++;
}

Sessions::Session* Sessions::find(const Waiting::Timer& timer) {
  const auto after = timer.what->open.lower_bound(timer.due.end);
  if (after == timer.what->open.begin()) return nullptr;
  Session& session = std::prev(after)->second;
  return session.number == timer.due.number ? &session : nullptr;
}

void Sessions::forget(const Waiting::Timer& timer) {
  if (--timer.what->pointed_to == 0) keys_.erase(keys_.find(timer.what->text));
}

void Sessions::advance(std::int64_t watermark, std::vector<Event>& events) {
  // The first watermark of all passes no multiple: it comes from nowhere.
  const std::int64_t from = watermark_ == INT64_MIN ? watermark : watermark_;
  const std::int64_t early = panes_.early ? panes_.early_after(from) : INT64_MAX;
  bool passes = panes_.early && early <= watermark;
  for (;;) {
    const bool has_due = !due_.empty() && due_.next().due.moment <= watermark;
    if (passes && (!has_due || early < due_.next().due.moment)) {
      emit_early_panes(events);
      passes = false;
      continue;
    }
    if (!has_due) break;
    const Waiting::Timer timer = due_.take_next();
    reach(timer, events);
    forget(timer);
  }
  watermark_ = std::max(watermark_, watermark);
}

void Sessions::reach(const Waiting::Timer& timer, std::vector<Event>& events) {
  Session* const session = find(timer);
  if (!session || session->due != timer.due.moment) return;
  session->due = INT64_MAX;
  const bool was_over = session->is_over;
  const std::int64_t moment =
      was_over ? panes_.gone_at(session->bounds.end) : session->bounds.end - 1;
  if (moment > timer.due.moment) return wait(*session, *timer.what);  // it has moved on
  Event event{session->number, session->bounds, std::nullopt,
              was_over || panes_.gone_at(session->bounds.end) == moment};
  if (!was_over && (session->has_records || !panes_.discard)) event.pane = Pane::on_time;
  if (event.pane || event.is_gone) events.push_back(event);
  session->is_over = true;
  session->has_records = false;
  if (!event.is_gone) return wait(*session, *timer.what);
  timer.what->open.erase(session->bounds.start);
}

void Sessions::emit_early_panes(std::vector<Event>& events) {
  const std::size_t first = events.size();
  for (const Waiting::Timer& timer : early_) {
    Session* const session = find(timer);
    if (session && session->has_records) {
      session->has_records = false;
      events.push_back({session->number, session->bounds, Pane::early, false});
    }
    forget(timer);
  }
  early_.clear();
  std::sort(events.begin() + static_cast<std::ptrdiff_t>(first), events.end(),
            [](const Event& a, const Event& b) {
              return std::tie(a.bounds.end, a.session) < std::tie(b.bounds.end, b.session);
            });
}

void Sessions::close_all(std::vector<Event>& events) {
  for (const Waiting::Timer& timer : early_) forget(timer);
  early_.clear();
  panes_.early.reset();
  advance(INT64_MAX, events);
}

std::size_t Sessions::held() const {
  return keys_.size() * (sizeof(Key) + sizeof(Session) + 8 * sizeof(void*)) +
         due_.size() * (sizeof(Waiting::Timer) + sizeof(Session)) +
         early_.size() * sizeof(Waiting::Timer);
}

void Sessions::save_timer(const Waiting::Timer& timer, StateWriter& to) const {
  to.number(timer.due);
  to.count(timer.what->number);
}

Sessions::Waiting::Timer Sessions::load_timer(StateReader& from, const std::vector<Key*>& keys) {
  const Due due = from.number<Due>();
  const auto key = from.number<std::uint64_t>();
  if (key >= keys.size()) throw StateReader::damaged();
  keys[key]->pointed_to++;
  return {due, keys[key]};
}

void Sessions::save(StateWriter& to) const {
  to.number(next_);
  to.number(watermark_);
  to.count(keys_.size());
  std::size_t number = 0;
  for (const auto& [text, key] : keys_) {
    key->number = number++;
    to.text(text);
    to.count(key->open.size());
    for (const auto& [start, session] : key->open) {
      to.number(session.bounds);
      to.number(session.number);
      to.number(session.is_over);
      to.number(session.has_records);
      to.number(session.due);
    }
  }
  for (const std::vector<Waiting::Timer>* const timers : {&due_.all(), &early_}) {
    to.count(timers->size());
    for (const Waiting::Timer& timer : *timers) save_timer(timer, to);
  }
}

void Sessions::load(StateReader& from) {
  next_ = from.number<Number>();
  watermark_ = from.number<std::int64_t>();
  std::vector<Key*> keys;
  for (std::size_t left = from.count(); left > 0; left--) {
    auto key = std::make_unique<Key>(Key{std::string(from.text()), {}, 0});
    for (std::size_t open = from.count(); open > 0; open--) {
      Session session;
      session.bounds = from.number<Bounds>();
      session.number = from.number<Number>();
      session.is_over = from.number<bool>();
      session.has_records = from.number<bool>();
      session.due = from.number<std::int64_t>();
      key->open.emplace(session.bounds.start, session);
    }
    keys.push_back(key.get());
    keys_.emplace(std::string_view(keys.back()->text), std::move(key));
  }
  if (keys_.size() != keys.size()) throw StateReader::damaged();
  for (std::size_t left = from.count(sizeof(Due)); left > 0; left--) {
    Waiting::Timer timer = load_timer(from, keys);
    due_.add(timer.due, timer.what);
  }
  for (std::size_t left = from.count(sizeof(Due)); left > 0; left--)
    early_.push_back(load_timer(from, keys));
}

}  // namespace riffle
