#include "state/keyed_state.h"

namespace riffle {

KeyedBlocks::KeyedBlocks(std::size_t keys, SpilledGroups::Blocks blocks, Holder holder)
    : groups_(keys, blocks), holding_(std::in_place, std::move(holder), [this] { spill(); }) {
  spilled_.emplace(keys, std::move(blocks), *holding_);
}

void KeyedBlocks::spill() {
  spilled_->write(groups_);
  groups_.clear();
  held_elsewhere_ = 0;
  holding_->set(0);
}

void KeyedBlocks::merge_spilled(const SpilledGroups::Visit& visit) {
  spill();
  holding_->disable_spilling();
  spilled_->merge(visit);
}

void KeyedBlocks::save(StateWriter& to, const Groups::Save& write) const {
  groups_.save(to, write);
  to.number(has_spilled());
  if (has_spilled()) spilled_->save(to);
}

void KeyedBlocks::load(StateReader& from, const Groups::Load& read) {
  groups_.load(from, read);
  if (!from.number<bool>()) return;
  if (!spilled_) throw StateReader::damaged();
  spilled_->load(from);
}

}  // namespace riffle
