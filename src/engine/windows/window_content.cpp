#include "engine/windows/window_content.h"

#include <algorithm>
#include <utility>

namespace riffle {

void WindowContents::begin(const Batch& batch) {
  if (gathering_ == Gathering::records) saved_.start(batch);
}

// That two windows had one record each, and no other more, is worth a note.
void WindowContents::tell_size(std::size_t records, Position where, Effects& effects) {
  if (sizes_of_.empty() || records == 0 || told_of_more_) return;
  const bool is_one = records == 1;
  if (is_one && told_of_one_ == 2) return;
  told_of_one_ += is_one;
  told_of_more_ = !is_one;
  effects.window_sizes.push_back({where, sizes_of_, is_one});
}

WindowContent::WindowContent(WindowContent&& other) noexcept
    : contents_(other.contents_),
      records_(other.records_),
      stage_(std::move(other.stage_)),
      emitted_(std::exchange(other.emitted_, {})),
      kept_(std::exchange(other.kept_, {})) {}

void WindowContent::add(const Batch& batch, std::vector<Row> rows, Effects& effects) {
  if (rows.empty()) return;
  records_ += rows.size();
  if (contents_.gathering_ == WindowContents::Gathering::records) {
    for (const Row row : rows) keep(row);
    return;
  }
  Stage& stage = stage_or_fresh();
  Batch part = batch;
  part.progress.window_events = {};
  part.rows = std::move(rows);
  part.progress.sequence = contents_.sequence_;
  HeldOutput output(emitted_, contents_.held_);
  stage.process(std::move(part), output);
  effects.take(output.effects);
}

GatheringStage& WindowContent::stage_or_fresh() {
  const bool in_parts = contents_.gathering_ == WindowContents::Gathering::parts;
  if (!stage_) stage_ = in_parts ? contents_.prototype_.fresh_part() : contents_.prototype_.fresh();
  return *stage_;
}

void WindowContent::keep(Row row) {
  const std::size_t size = contents_.saved_.room_for(row, {});
  RowBytes bytes = new_row(size);
  contents_.saved_.save(row, {}, size, bytes.get());
  kept_.push_back({contents_.sequence_ + row, std::move(bytes)});
  contents_.held_ += size + sizeof(Kept);
}

void WindowContent::merge(WindowContent& other) {
  records_ += std::exchange(other.records_, 0);
  if (other.stage_ && stage_)
    stage_->absorb(*other.stage_);
  else if (other.stage_)
    stage_ = std::move(other.stage_);
  other.stage_.reset();
  const auto middle = static_cast<std::ptrdiff_t>(kept_.size());
  std::move(other.kept_.begin(), other.kept_.end(), std::back_inserter(kept_));
  other.kept_.clear();
  std::inplace_merge(kept_.begin(), kept_.begin() + middle, kept_.end(),
                     [](const Kept& a, const Kept& b) { return a.sequence < b.sequence; });
}

void WindowContent::emit(ClosedOutput& out, Effects& effects, bool again) {
  contents_.tell_size(records_, out.where(), effects);
  if (contents_.gathering_ == WindowContents::Gathering::records) {
    std::vector<Batch> emitted;
    std::size_t held = 0;
    HeldOutput output(emitted, held);
    const std::unique_ptr<GatheringStage> stage = contents_.prototype_.fresh();
    go_through(*stage, output);
    out.effects.take(output.effects);
    for (Batch& batch : emitted) out.emit(std::move(batch));
    stage->finish(out);
  } else {
    for (Batch& batch : emitted_) {
      contents_.held_ -= batch.memory->size();
      out.emit(std::move(batch));
    }
    emitted_.clear();
    stage_or_fresh().finish(out);
  }
  out.effects.attribute_to(out.where());
  effects.take(out.effects);
  if (!again) clear();
}

// The records that are held, through a stage. What is wrong with one is told once, however often it
// goes.
void WindowContent::go_through(Stage& stage, Output& out) {
  Records& saved = contents_.saved_;
  Effects effects;
  const auto pass = [&](bool again) {
    stage.process(saved.take(), out);
    if (!again) effects.take(out.effects);
    out.effects = {};
  };
  const Kept* last = nullptr;
  for (Kept& kept : kept_) {
    if (last && (last->has_gone != kept.has_gone || !saved.can_add(kept.row.get())))
      pass(last->has_gone);
    saved.add_copy({kept.row.get(), Records::size_of(kept.row.get())});
    last = &kept;
  }
  if (last) pass(last->has_gone);
  for (Kept& kept : kept_) kept.has_gone = true;
  out.effects = std::move(effects);
}

void WindowContent::clear() {
  drop();
  records_ = 0;
  stage_.reset();
  emitted_.clear();
  kept_.clear();
}

void WindowContent::drop() {
  for (const Batch& batch : emitted_) contents_.held_ -= batch.memory->size();
  for (const Kept& kept : kept_) contents_.held_ -= Records::size_of(kept.row.get()) + sizeof(Kept);
}

namespace {

// Batches that a window's stage has emitted: what comes out with the window's bounds is their
// living rows.
void save_batches(const std::vector<Batch>& batches, StateWriter& to) {
  Records rows(0);
  Memory memory;
  std::vector<const char*> saved;
  for (const Batch& batch : batches) {
    rows.start(batch);
    for (const Row row : batch.rows) saved.push_back(rows.save(row, {}, memory));
  }
  rows.save(to);
  to.count(saved.size());
  for (const char* const row : saved) to.text({row, Records::size_of(row)});
}

std::vector<Batch> load_batches(StateReader& from) {
  Records rows(0);
  rows.load(from);
  std::vector<Batch> batches;
  std::size_t added = 0;
  for (std::size_t left = from.count(); left > 0; left--, added++) {
    const std::string_view saved = from.text();
    rows.check_row(saved);
    if (!rows.can_add(saved.data())) batches.push_back(rows.take());
    rows.add_copy(saved);
  }
  if (added > 0) batches.push_back(rows.take());
  return batches;
}

}  // namespace

void WindowContents::save(StateWriter& to) const {
  to.part([&] { prototype_.save(to); });
  to.count(told_of_one_);
  to.number(told_of_more_);
  saved_.save(to);
  to.number(sequence_);
}

void WindowContents::load(StateReader& from) {
  StateReader of_stage = from.part();
  prototype_.load(of_stage);
  of_stage.end();
  told_of_one_ = from.number<std::uint64_t>();
  told_of_more_ = from.number<bool>();
  saved_.load(from);
  sequence_ = from.number<std::uint64_t>();
}

void WindowContent::save(StateWriter& to) const {
  to.count(records_);
  to.number(stage_ != nullptr);
  if (stage_) to.part([&] { stage_->save(to); });
  save_batches(emitted_, to);
  to.count(kept_.size());
  for (const Kept& kept : kept_) {
    to.number(kept.sequence);
    to.number(kept.has_gone);
    to.text({kept.row.get(), Records::size_of(kept.row.get())});
  }
}

void WindowContent::load(StateReader& from) {
  records_ = from.number<std::uint64_t>();
  if (from.number<bool>()) {
    StateReader of_stage = from.part();
    stage_or_fresh().load(of_stage);
    of_stage.end();
  }
  emitted_ = load_batches(from);
  for (const Batch& batch : emitted_) contents_.held_ += batch.memory->size();
  for (std::size_t left = from.count(); left > 0; left--) {
    Kept& kept = kept_.emplace_back();
    kept.sequence = from.number<std::uint64_t>();
    kept.has_gone = from.number<bool>();
    const std::string_view row = from.text();
    kept.row = contents_.saved_.load_row(row);
    contents_.held_ += row.size() + sizeof(Kept);
  }
}

}  // namespace riffle
