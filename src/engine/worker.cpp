#include "engine/worker.h"

#include <algorithm>

#include "engine/report/member_names.h"
#include "records/record.h"

namespace riffle {
namespace {

constexpr std::size_t first_bytes_kept = 100;

void note_first(const std::vector<Reject>& rejects, Work& work) {
  const auto first =
      std::min_element(rejects.begin(), rejects.end(),
                       [](const Reject& a, const Reject& b) { return a.position < b.position; });
  if (first == rejects.end()) return;
  work.first_reject = first->position;
  work.first_rejected = first->raw.substr(0, first_bytes_kept);
}

// Whether lines of text may be JSON: of those after the first, which tells the format.
void note_braced(const Batch& batch, Work& work) {
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
             [this](Batch b, Effects&) { emitted_.push_back(std::move(b)); }) {
  if (context_.writes)
    writer_ = context_.output.make_writer(context_.job.output_options, context_.plan.output());
}

RecordReader& Worker::reader_of(const Format& format) {
  auto& reader = readers_[&format];
  if (!reader) reader = format.make_reader(context_.job.input_options, context_.plan.source);
  return *reader;
}

Work Worker::work(const std::shared_ptr<const Block>& block, const Format& format) {
  Work work;
  work.number = block->number;
  work.input = block->input;
  work.flush = block->flush;
  work.status = block->status;
  work.format = format.name;
  if (block->size == 0) return tell(*block, std::move(work));
  Batch batch = reader_of(format).read(block, work.effects);
  batch.progress.arrival = block->arrival;
  return work_on(std::move(batch), std::move(work));
}

Work Worker::work_on(Batch batch, Work work) {
  if (batch.size > 0) work.first_record = batch.origin.positions[0];
  note_first(work.effects.rejects, work);
  note_braced(batch, work);
  work.header = batch.dialect.header;
  note_fields(batch, work);
  if (!has_named_ && (batch.dialect.header || batch.size > 0)) {
    work.names = names_of_first(batch);
    has_named_ = true;
  }
  if (context_.keeps_positions) {
    work.positions.assign(batch.origin.positions, batch.origin.positions + batch.size);
    for (const Reject& reject : work.effects.rejects) work.positions.push_back(reject.position);
    std::sort(work.positions.begin(), work.positions.end());
  }
  chain_.process(std::move(batch));
  Effects more = chain_.take_effects();
  work.effects.take(more);
  work.batch = std::move(emitted_.front());
  emitted_.clear();
  // What may have to be cut off at a limit is written by whoever knows the limit.
  if (context_.writes && work.effects.empty()) {
    if (context_.plan.counts) note_arrivals(work.batch, context_.plan.steps.size(), work.effects);
    work.text.reserve(last_text_ + last_text_ / 8);
    writer_->write(work.batch, work.text, work.effects);
    last_text_ = work.text.size();
    note_step(work.effects.rejects, context_.plan.steps.size());
    work.written = true;
    work.batch = {};
  }
  return work;
}

// What became of an input goes through the steps like its records.
Work Worker::tell(const Block& block, Work work) {
  Batch batch = new_batch(context_.plan.source);
  batch.origin = origin_of(block);
  batch.progress.input = block.status;
  batch.progress.arrival = block.arrival;
  chain_.process(std::move(batch));
  work.effects = chain_.take_effects();
  work.batch = std::move(emitted_.front());
  emitted_.clear();
  return work;
}

void Worker::note_fields(const Batch& batch, Work& work) const {
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
