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

}  // namespace

void Effects::attribute_to(Position where) {
  move_to(rejects, where);
  move_to(errors, where);
  explained_.clear();
}

void Effects::take(Effects& other) {
  move_behind(rejects, other.rejects);
  move_behind(errors, other.errors);
  move_behind(late, other.late);
  move_behind(lookups, other.lookups);
  move_behind(sightings, other.sightings);
  move_behind(window_sizes, other.window_sizes);
  move_behind(keepings, other.keepings);
  move_behind(arrivals, other.arrivals);
  left_out += std::exchange(other.left_out, 0);
  other.explained_.clear();
}

Effects Effects::until(Position last) {
  Effects until;
  const auto split = [last](auto& own, auto& to) {
    const auto later = std::stable_partition(own.begin(), own.end(),
                                             [&](const auto& e) { return e.position <= last; });
    to.assign(std::make_move_iterator(own.begin()), std::make_move_iterator(later));
    own.erase(own.begin(), later);
  };
  split(rejects, until.rejects);
  split(errors, until.errors);
  split(late, until.late);
  split(lookups, until.lookups);
  split(sightings, until.sightings);
  split(window_sizes, until.window_sizes);
  split(keepings, until.keepings);
  split(arrivals, until.arrivals);
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
