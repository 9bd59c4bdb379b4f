#include "records/effects.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace riffle {
namespace {

template <typename T>
void move_behind(std::vector<T>& own, std::vector<T>& others) {
  own.insert(own.end(), std::make_move_iterator(others.begin()),
             std::make_move_iterator(others.end()));
  others.clear();
}

template <typename T>
void move_to(std::vector<T>& effects, Position where) {
  for (T& effect : effects) {
    if (effect.position.line) effect.place = effect.record();
    effect.position = where;
  }
}

// All lists of two effects, one beside the other.
template <typename Do>
void each_list(Effects& one, Effects& other, const Do& act) {
  act(one.rejects, other.rejects);
  act(one.errors, other.errors);
  act(one.late, other.late);
  act(one.lookups, other.lookups);
  act(one.sightings, other.sightings);
  act(one.window_sizes, other.window_sizes);
  act(one.keepings, other.keepings);
  act(one.arrivals, other.arrivals);
}

}  // namespace

void Effects::attribute_to(Position where) {
  move_to(rejects, where);
  move_to(errors, where);
  explained_.clear();
}

void Effects::take(Effects& other) {
  each_list(*this, other, [](auto& own, auto& others) { move_behind(own, others); });
  left_out += std::exchange(other.left_out, 0);
  other.explained_.clear();
}

Effects Effects::until(Position last) {
  Effects until;
  each_list(*this, until, [last](auto& own, auto& to) {
    const auto later = std::stable_partition(own.begin(), own.end(),
                                             [&](const auto& e) { return e.position <= last; });
    to.assign(std::make_move_iterator(own.begin()), std::make_move_iterator(later));
    own.erase(own.begin(), later);
  });
  return until;
}

bool Effects::precedes_explained(Position position, const void* site) {
  const auto known = std::find_if(explained_.rbegin(), explained_.rend(),
                                  [site](const auto& entry) { return entry.first == site; });
  if (known == explained_.rend()) {
    explained_.emplace_back(site, position);
    return true;
  }
  std::swap(*known, explained_.back());
  Position& least = explained_.back().second;
  if (position >= least) return false;
  least = position;
  return true;
}

}  // namespace riffle
