#include "engine/input/side_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connectors/endpoint.h"
#include "engine/input/guessed_format.h"
#include "engine/worker.h"
#include "values/error.h"

namespace riffle {
namespace {

std::string shown(const std::string& where) {
  return where == "-" ? "standard input" : fmt::format("'{}'", visible(where));
}

}  // namespace

std::vector<std::string> side_inputs_of(const Job& job) {
  std::vector<std::string> names;
  for (const Call& call : job.stages)
    for (const Argument& argument : call.arguments.all())
      if (argument.parameter->kind == Parameter::Kind::input) names.push_back(argument.text->text);
  return names;
}

void look_up_side_inputs(const Job& job) {
  std::vector<std::string> all = job.inputs;
  for (const std::string& name : side_inputs_of(job)) {
    connector_of(name).check_exists({name});
    const int descriptor = input_endpoint(name).descriptor;
    const auto reads_the_same = [&](const std::string& other) {
      return input_endpoint(other).descriptor == descriptor;
    };
    if (descriptor >= 0 && std::any_of(all.begin(), all.end(), reads_the_same))
      throw usage_error(
          fmt::format("'{}' would be read twice: it is another input already", visible(name)));
    all.push_back(name);
  }
}

void SideInputs::check_plan() const {
  if (side_inputs_of(job_).empty()) return;
  Budget budget(SIZE_MAX);
  PlanningServices nothing_there;
  nothing_there.turns = turns_of(job_.inputs, job_.live);
  nothing_there.open_input = [](const std::string&, const std::string&, const Shape&) {
    return Setup::OpenInput();  // no stage is made of this plan
  };
  make_plan(job_, budget, nothing_there);
}

SideFormat SideInputs::format_of(const std::string& text) const {
  const auto found = job_.side_formats.find(text);
  SideFormat format = found == job_.side_formats.end() ? SideFormat() : found->second;
  format.options.max_record = job_.input_options.max_record;
  format.options.logs = job_.input_options.logs;
  return format;
}

void SideInputs::read(const std::string& where, const std::string& format_name, const Shape& shape,
                      const std::function<void(Batch&, Effects&)>& take) {
  const auto input = static_cast<std::uint32_t>(job_.inputs.size() + names_.size());
  names_.push_back(where);
  const auto [named, options] = format_of(format_name);
  Inputs inputs({where}, named, options, interrupt_);
  const auto source = std::make_shared<const Shape>(shape);
  const std::vector<SourceField>& fields = source->slots().source;
  std::vector<bool> seen(fields.size());
  ReadFields read;
  std::unique_ptr<RecordReader> reader;
  std::uint64_t records = 0;
  const std::size_t rejects = effects_.rejects.size();
  InputContent content;
  for (auto block = std::make_shared<Block>(); inputs.next(*block);
       block = std::make_shared<Block>()) {
    const Format& format = inputs.format_of(*block);
    block->input = input;
    if (!reader) reader = format.make_reader(options, source);
    Batch batch = reader->read(block, effects_);
    records += batch.size;
    if (read.names.empty() && (batch.dialect.header || batch.size > 0))
      read = {names_of_first(batch), format.name, !options.header, true};
    if (!content.header) content.header = batch.dialect.header;
    for (std::size_t i = 0; i < fields.size(); i++) {
      const Column& column = batch.columns[static_cast<std::size_t>(fields[i].slot)];
      for (std::size_t row = 0; row < batch.rows.size() && !seen[i]; row++)
        seen[i] = !column[batch.rows[row]].is_missing();
    }
    take(batch, effects_);
  }
  records_ += records;
  for (std::size_t i = 0; i < fields.size(); i++) {
    if (records > 0 && fields[i].expected && !seen[i])
      unseen_.push_back({fields[i].name.literal, shown(where), read});
  }
  content.has_records = records > 0;
  content.has_rejects = effects_.rejects.size() > rejects;
  if (content.has_rejects) content.first_rejected = effects_.rejects[rejects].raw.substr(0, 100);
  if (std::string note = note_on_format(shown(where), inputs, 0, options, content, true);
      !note.empty())
    notes_.push_back(std::move(note));
}

Setup::OpenInput SideInputs::opener(const std::string& where, const std::string& format_name,
                                    const Shape& shape) {
  const auto input = static_cast<std::uint32_t>(job_.inputs.size() + names_.size());
  names_.push_back(where);
  struct Open {
    Open(const std::string& where, const Format* format, const InputOptions& options,
         const Interrupt& interrupt, const Shape& shape)
        : inputs({where}, format, options, interrupt),
          source(std::make_shared<const Shape>(shape)) {}

    Inputs inputs;
    std::shared_ptr<const Shape> source;
    std::unique_ptr<RecordReader> reader;
  };
  const SideFormat written = format_of(format_name);
  return [=, &interrupt = interrupt_]() -> Setup::NextBatch {
    const auto open =
        std::make_shared<Open>(where, written.format, written.options, interrupt, shape);
    return [open, options = written.options, input](Batch& batch, std::vector<Reject>& rejects) {
      const auto block = std::make_shared<Block>();
      if (!open->inputs.next(*block)) return false;
      if (!open->reader)
        open->reader = open->inputs.format_of(*block).make_reader(options, open->source);
      block->input = input;
      Effects read;
      batch = open->reader->read(block, read);
      rejects = std::move(read.rejects);
      return true;
    };
  };
}

void SideInputs::enter(RunReport& report) {
  for (std::string& name : names_) report.add_input(std::move(name));
  report.count_records(records_ + effects_.rejects.size());
  const auto limit = report.limit(effects_);
  Position last{UINT32_MAX, UINT32_MAX, UINT64_MAX, 0};
  if (limit) last = *limit;
  report.enter(std::move(effects_), last);
  if (limit) report.stop();
  for (const Unseen& unseen : unseen_)
    report.report_unseen_field(unseen.field, unseen.read, unseen.file);
  for (const std::string& note : notes_) report.note(note);
}

}  // namespace riffle
