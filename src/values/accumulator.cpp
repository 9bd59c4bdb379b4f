#include "values/accumulator.h"

#include <algorithm>

namespace riffle {

std::size_t AccumulatorBlocks::add(const Accumulator& accumulator) {
  places_.push_back({&accumulator, size_});
  size_ += room_for(accumulator);
  return places_.back().offset;
}

void AccumulatorBlocks::start(std::byte* block) const {
  for (const Place& place : places_) place.accumulator->start(block + place.offset);
}

void AccumulatorBlocks::stop(std::byte* block) const {
  for (const Place& place : places_) place.accumulator->stop(block + place.offset);
}

bool AccumulatorBlocks::hold_more() const {
  return std::any_of(places_.begin(), places_.end(),
                     [](const Place& place) { return place.accumulator->holds_more(); });
}

std::size_t AccumulatorBlocks::held(const std::byte* block) const {
  std::size_t held = 0;
  for (const Place& place : places_)
    if (place.accumulator->holds_more()) held += place.accumulator->held(block + place.offset);
  return held;
}

void AccumulatorBlocks::save(const std::byte* block, StateWriter& to) const {
  for (const Place& place : places_)
    to.part([&] { place.accumulator->save(block + place.offset, to); });
}

void AccumulatorBlocks::load(std::byte* block, StateReader& from) const {
  for (const Place& place : places_) {
    StateReader state = from.part();
    place.accumulator->load(block + place.offset, state);
    state.end();
  }
}

}  // namespace riffle
