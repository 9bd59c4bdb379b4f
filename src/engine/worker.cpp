#include "engine/worker.h"

#include <algorithm>

#include "data/record.h"

namespace riffle {
namespace {

constexpr Row records_for_names = 1;  // more might not stand in the first block

// The names that the first records have, for "did you mean".
std::vector<std::string> names_in(Batch& batch) {
  std::vector<std::string> names;
  if (batch.header) return batch.header->names;
  std::vector<Member> found;
  for (Row row = 0; row < std::min(batch.size, records_for_names); row++) {
    members(batch, row, *batch.memory, found);
    for (const Member& member : found)
      if (std::find(names.begin(), names.end(), member.name) == names.end()) names.emplace_back(member.name);
  }
  return names;
}

}  // namespace

Worker::Worker(const Plan& plan)
    : plan_(plan), chain_(plan.pipeline, 0, plan.pipeline.parallel, [this](Batch b) { emitted_.push_back(std::move(b)); }) {
  if (plan_.writes) writer_ = plan_.output.make_writer(plan_.job.output_options, plan_.pipeline.output());
}

RecordReader& Worker::reader_of(const Format& format) {
  auto& reader = readers_[&format];
  if (!reader) reader = format.make_reader(plan_.job.input_options, plan_.pipeline.source);
  return *reader;
}

Work Worker::work(const std::shared_ptr<const Block>& block, const Format& format) {
  Work work;
  work.number = block->number;
  work.input = block->input;
  work.idle = block->idle;
  Batch batch = reader_of(format).read(block, work.effects);
  work.records = batch.size;
  work.rejects = work.effects.rejects.size();
  work.columns = batch.header ? batch.header->names.size() : 0;
  note_fields(batch, work);
  if (work.number == 0) work.names = names_in(batch);
  if (plan_.keeps_lines) {
    work.lines.assign(batch.lines, batch.lines + batch.size);
    for (const Reject& reject : work.effects.rejects) work.lines.push_back(reject.position.line);
    std::sort(work.lines.begin(), work.lines.end());
  }
  chain_.process(std::move(batch));
  Effects more = chain_.take_effects();
  work.effects.take(more);
  work.batch = std::move(emitted_.front());
  emitted_.clear();
  // What may have to be cut off at a limit is written by whoever knows the limit.
  if (plan_.writes && work.effects.empty()) {
    writer_->write(work.batch, work.text, work.effects);
    work.written = true;
    work.batch = {};
  }
  return work;
}

void Worker::note_fields(const Batch& batch, Work& work) const {
  const auto& fields = plan_.pipeline.source->slots().source;
  work.first_seen.assign(fields.size(), 0);
  for (std::size_t i = 0; i < fields.size(); i++) {
    const Column& column = batch.columns[fields[i].slot];
    for (const Row row : batch.rows)
      if (!column[row].is_missing()) {
        work.first_seen[i] = batch.lines[row];
        break;
      }
  }
}

}  // namespace riffle
