#include "engine/worker.h"

#include <algorithm>

#include "engine/report/member_names.h"
#include "records/record.h"

namespace riffle {
namespace {

constexpr std::size_t first_bytes_kept = 100;

void note_first(const std::vector<Reject>& rejects, BlockNotes& work) {
  const auto first =
      std::min_element(rejects.begin(), rejects.end(),
                       [](const Reject& a, const Reject& b) { return a.position < b.position; });
  if (first == rejects.end()) return;
  work.first_reject = first->position;
  work.first_rejected = first->raw.substr(0, first_bytes_kept);
}

// Whether lines of text may be JSON: of those after the first, which tells the format.
void note_braced(const Batch& batch, BlockNotes& work) {
  constexpr std::uint64_t last_line = 20;
  if (batch.dialect.format != "text") return;
  for (Row row = 0; row < batch.size && batch.origin.positions[row].line <= last_line; row++) {
    if (!batch.source.text[row].starts_with('{')) continue;
    work.first_braced = batch.origin.positions[row];
    return;
  }
}

}  // namespace

std::vector<std::string> names_of_first(Batch& batch) {
  if (batch.dialect.header) return batch.dialect.header->names;
  std::vector<Member> found;
  members(batch, 0, *batch.memory, found);
  MemberNames names;
  names.add(found, *batch.memory);
  return names.take();
}

Worker::Worker(const Context& context)
    : context_(context),
      chain_(context.pipeline, 0, context.plan.parallel,
             [this](Batch b, Effects& effects) { take_piece(std::move(b), effects); }) {
  if (context_.writes)
    writer_ = context_.output.make_writer(context_.job.output_options, context_.plan.output());
}

RecordReader& Worker::reader_of(const Format& format) {
  auto& reader = readers_[&format];
  if (!reader) reader = format.make_reader(context_.job.input_options, context_.plan.source);
  return *reader;
}

std::optional<Work> Worker::work(const std::shared_ptr<const Block>& block, const Format& format,
                                 const HandOn& hand_on) {
  Work work;
  work.input = block->input;
  work.flush = block->flush;
  work.status = block->status;
  work.format = format.name;
  if (block->size == 0) return tell(*block, std::move(work), hand_on);
  Batch batch = reader_of(format).read(block, work.effects);
  batch.progress.arrival = block->arrival;
  return work_on(std::move(batch), std::move(work), hand_on);
}

std::optional<Work> Worker::work_on(Batch batch, Work work, const HandOn& hand_on) {
  if (batch.size > 0) work.first_record = batch.origin.positions[0];
  note_first(work.effects.rejects, work);
  note_braced(batch, work);
  work.header = batch.dialect.header;
  note_fields(batch, work);
  if (batch.dialect.header || batch.size > 0) work.names = names_of_first(batch);
  if (context_.keeps_positions) {
    work.positions.assign(batch.origin.positions, batch.origin.positions + batch.size);
    for (const Reject& reject : work.effects.rejects) work.positions.push_back(reject.position);
    std::sort(work.positions.begin(), work.positions.end());
  }
  Effects effects = std::move(work.effects);
  Current current{std::move(work), hand_on, std::move(effects)};
  return process(std::move(batch), current);
}

// What became of an input goes through the steps like its records.
std::optional<Work> Worker::tell(const Block& block, Work work, const HandOn& hand_on) {
  Batch batch = new_batch(context_.plan.source);
  batch.origin = origin_of(block);
  batch.progress.input = block.status;
  batch.progress.arrival = block.arrival;
  Current current{std::move(work), hand_on};
  return process(std::move(batch), current);
}

std::optional<Work> Worker::process(Batch batch, Current& current) {
  current_ = &current;
  try {
    chain_.process(std::move(batch));
  } catch (const Abandoned& where) {
    chain_.take_effects();
    return abandoned(where, current);
  } catch (const NoMoreIsWanted&) {
    return std::nullopt;
  }
  Effects more = chain_.take_effects();
  current.effects.take(more);
  return piece_of(current.notes, std::move(*current.batch), std::move(current.effects));
}

// One piece is kept back: the last one is handed on by process().
void Worker::take_piece(Batch batch, Effects& effects) {
  Current& current = *current_;
  current.effects.take(effects);
  if (current.batch && !current.batch->rows.empty()) {
    const Position last = current.batch->position(current.batch->rows.back());
    Effects until = current.effects.until(last);
    Work piece = piece_of(current.notes, *std::move(current.batch), std::move(until));
    piece.has_more = true;
    current.handed = last;
    current.batch.reset();
    if (!current.hand_on(std::move(piece))) throw NoMoreIsWanted();
    const bool is_new_record = batch.rows.empty() || batch.position(batch.rows.front()) != last;
    if (is_new_record && StopRequest::is_older_than(StopRequest::patience)) {
      current.batch = std::move(batch);
      throw Abandoned();
    }
  }
  current.batch = std::move(batch);
}

// Where the last record that was handed on may be only a part of itself, its stage has failed.
Work Worker::abandoned(const Abandoned& where, const Current& current) {
  Work work;
  work.ends_run = true;
  if (!current.handed) {
    work.input = current.notes.input;
    return work;
  }
  const bool is_whole = current.batch && !current.batch->rows.empty() &&
                        current.batch->position(current.batch->rows.front()) != *current.handed;
  if (!is_whole) throw stopped_within(where.stage);
  static_cast<BlockNotes&>(work) = current.notes;
  work.last = current.handed;
  return work;
}

Work Worker::piece_of(const BlockNotes& notes, Batch batch, Effects effects) {
  Work work;
  static_cast<BlockNotes&>(work) = notes;
  work.batch = std::move(batch);
  work.effects = std::move(effects);
  // What may have to be cut off at a limit is written by whoever knows the limit.
  if (!context_.writes || !work.effects.empty()) return work;
  if (context_.plan.counts) note_arrivals(work.batch, context_.plan.steps.size(), work.effects);
  work.text.reserve(last_text_ + last_text_ / 8);
  writer_->write(work.batch, work.text, work.effects);
  last_text_ = work.text.size();
  note_step(work.effects.rejects, context_.plan.steps.size());
  work.written = true;
  work.batch = {};
  return work;
}

void Worker::note_fields(const Batch& batch, BlockNotes& work) const {
  const auto& fields = context_.plan.source->slots().source;
  work.first_seen.assign(fields.size(), {});
  for (std::size_t i = 0; i < fields.size(); i++) {
    const Column& column = batch.columns[fields[i].slot];
    for (const Row row : batch.rows)
      if (!column[row].is_missing()) {
        work.first_seen[i] = batch.origin.positions[row];
        break;
      }
  }
}

}  // namespace riffle
