#include "engine/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "connectors/messages.h"
#include "connectors/status_line.h"
#include "engine/input/merge.h"
#include "engine/input/side_inputs.h"
#include "engine/output/destinations.h"
#include "engine/output/side_outputs.h"
#include "engine/output/written_format.h"
#include "engine/parallel.h"
#include "engine/report/machine_memory.h"
#include "engine/run_state.h"
#include "engine/sequencer.h"
#include "plan/explain.h"
#include "values/memory.h"
#include "values/stop_request.h"

namespace riffle {
namespace {

Interrupt* signalled = nullptr;

// SIGINT and SIGTERM end the input, and what takes long; a second one kills.
class SignalsEndInput {
 public:
  explicit SignalsEndInput(Interrupt& interrupt) {
    signalled = &interrupt;
    StopRequest::withdraw();
    struct sigaction action = {};
    action.sa_handler = [](int) {
      std::signal(SIGINT, SIG_DFL);
      std::signal(SIGTERM, SIG_DFL);
      StopRequest::ask();
      signalled->raise();
      StatusLine::end_in_signal();
    };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
  }
  ~SignalsEndInput() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
  SignalsEndInput(const SignalsEndInput&) = delete;
  SignalsEndInput& operator=(const SignalsEndInput&) = delete;
};

// Before anything waits for a person who does not know that something waits.
void say_if_terminal(const Job& job) {
  if (!job.quiet && !job.explain && isatty(STDIN_FILENO) &&
      job.inputs == std::vector<std::string>{"-"})
    say({.kind = "note", .message = "reading records from the terminal"});
}

// On a terminal, what the first input was taken for. Where nothing is to be waited for that the run
// would not wait for.
void say_what_is_read(const Job& job, Inputs& inputs) {
  const std::string& first = job.inputs[0];
  const bool holds_up_others =
      job.inputs.size() > 1 && connector_of(first).is_live({first, job.live.follow});
  if (job.quiet || holds_up_others || !isatty(STDERR_FILENO)) return;
  const Format& format = inputs.first_format();
  if (inputs.was_sniffed(0))
    say({.kind = "note",
         .message = fmt::format("{} is read as {}", first == "-" ? "standard input" : first,
                                format.name)});
}

void look_up_inputs(const Job& job) {
  for (const std::string& input : job.inputs)
    if (!job.live.follow) connector_of(input).check_exists({input});
}

// Nothing may wait for what an explained run does not read: what only the first line would tell is
// taken for ndjson.
void assume_formats(const Job& job, Inputs& inputs) {
  if (job.inputs[0] != "-") inputs.first_format();
  inputs.assume(*find_format(job.input_options.multiline.empty() ? "ndjson" : "text"));
}

// The output's, as the command names it; null: nothing does.
const Format* named_output_format(const Job& job) {
  const Format* format = job.to;
  if (!format && job.output != "-") format = format_of_written_file(job.output);
  if (format) check_direction(*format, Direction::out);
  return format;
}

// Whether records reach a writer with the bytes that they came in, in its own format. Of several
// inputs each has a header of its own, and only the first one's is sure to be the output's.
bool writes_source(const Job& job, const Shape& shape, const Format& format, Inputs& inputs) {
  return format.writes_source_of_own_kind && shape.edits().empty() && !shape.has_unread_fields &&
         inputs.all_of(format) && job.inputs.size() == 1 && job.input_options.keeps_rows() &&
         job.output_options.keeps_rows() &&
         job.output_options.delimiter == job.input_options.delimiter &&
         job.output_options.columns.empty();
}

// An option that no format of the run listens to is a mistake. Formats that are only known once
// they are read pass.
void check_format_options(const Job& job, Inputs& inputs, const Format& output,
                          const SideOutputs& side_outputs) {
  for (const FormatOption& option : job.format_options) {
    const auto listens = [&](const Format& format) {
      return option.formats.find(format.name) != option.formats.npos;
    };
    if (option.of_input && job.inputs.size() == 1) inputs.first_format();
    if (option.of_input && inputs.any_may_be(listens)) continue;
    if (option.of_output && (listens(output) || side_outputs.any_is(listens))) continue;
    const Format& found = option.of_input && !option.of_output ? inputs.first_format() : output;
    throw usage_error(fmt::format("{} concerns {}; {} is {}", option.name, option.formats,
                                  option.of_input && !option.of_output ? "the input" : "the output",
                                  found.name));
  }
}

// What the planning asks for is opened at once, unless the plan is only explained.
PlanningServices services_of(const Job& job, SideOutputs& side_outputs, SideInputs& side_inputs) {
  PlanningServices services;
  services.turns = turns_of(job.inputs, job.live);
  services.open_sink = [&](const std::string& path, Shape& written) -> std::shared_ptr<Sink> {
    side_outputs.request_fields(path, written);
    return job.explain ? nullptr : side_outputs.open(path, written);
  };
  services.open_sinks = [&](const std::string& pattern, Shape& written,
                            std::size_t open) -> std::shared_ptr<SinkSet> {
    side_outputs.request_fields(pattern, written);
    return job.explain ? nullptr : side_outputs.open_many(pattern, written, open);
  };
  services.read_input = [&](const std::string& where, const std::string& from, const Shape& read,
                            const std::function<void(Batch&, Effects&)>& take) {
    if (!job.explain) side_inputs.read(where, from, read, take);
    return !job.explain;
  };
  services.open_input = [&](const std::string& where, const std::string& from, const Shape& read) {
    return side_inputs.opener(where, from, read);
  };
  return services;
}

ExitStatus print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw system_error("standard output", errno);
  return ExitStatus::ok;
}

void note_doubtful_inputs(const Job& job, const Inputs& inputs, const Sequencer& sequencer,
                          RunReport& report) {
  for (std::uint32_t i = 0; i < job.inputs.size(); i++) {
    const std::string name = job.inputs[i] == "-" ? "standard input" : job.inputs[i];
    const InputContent content = sequencer.content_of(i);
    const std::string guess = note_on_format(name, inputs, i, job.input_options, content, false);
    const std::string header =
        job.input_options.header ? note_on_header(name, content) : std::string();
    if (!guess.empty())
      report.note(guess);
    else if (!header.empty())
      report.note(header);
  }
}

void read_all(const Worker::Context& context, Inputs& inputs, Interrupt& interrupt,
              Sequencer& sequencer) {
  if (context.plan.merge) return read_merged(context, inputs, sequencer);
  if (context.job.threads > 1)
    return run_parallel(context, inputs, interrupt, context.job.threads, sequencer);
  Worker worker(context);
  const auto accept = [&](Work piece) { return sequencer.accept(std::move(piece)); };
  for (bool more = true; more;) {
    const auto block = std::make_shared<Block>();
    if (!inputs.next(*block)) return;
    std::optional<Work> work = worker.work(block, inputs.format_of(*block), accept);
    more = work && accept(*std::move(work));
  }
}

// What of the files themselves belongs to a plan.
void add_files(const Job& job, const Inputs& inputs, const Format& format, Plan& plan) {
  for (std::size_t i = 0; i < job.inputs.size(); i++)
    plan.inputs.push_back({job.inputs[i], inputs.format_of(i).name, inputs.is_assumed(i)});
  plan.output_format = format.name;
  plan.state_path = job.state;
  const bool all_parallel = plan.parallel == plan.steps.size();
  // --max-rejects P% judges in the middle of blocks: what is written must be known by record.
  plan.writes_in_parallel =
      all_parallel && format.writes_in_parallel && !job.reject_limit.percent.has_value();
}

// `format`: the output's; null: it becomes what the planned records are written as.
Plan plan_of(const Job& job, Inputs& inputs, const Format*& format, SideOutputs& side_outputs,
             SideInputs& side_inputs, Budget& budget, Restart& restart) {
  PlanningServices services = services_of(job, side_outputs, side_inputs);
  services.request_output = [&](Shape& shape) {
    if (!format) format = &written_format(inputs.first_format(), shape);
    if (shape.is_open() && !writes_source(job, shape, *format, inputs)) shape.slots().rest = true;
    if (format->request_fields) format->request_fields(shape);
  };
  return make_plan(job, budget, restart.keeping(services));
}

// A run that another one goes on with has come to a pause: only what it replaces in whole, or no
// run adds to, is ended.
void pause(const Job& job, Inputs& inputs, Sequencer& sequencer, OutputFile& output,
           RunState& state) {
  state.take(inputs, sequencer, output, job.is_final);
  if (state.continuation() == Continuation::appending && !job.is_final) return;
  sequencer.finish();
  output.finish(true);
}

ExitStatus run_plan(const Job& job, const Plan& plan, Inputs& inputs, const Format& format,
                    const OutputOptions& options, SideInputs& side_inputs,
                    SideOutputs& side_outputs, Interrupt& interrupt, Restart& restart,
                    RunState* state) {
  const Pipeline pipeline(plan);
  RunReport report(job);
  side_inputs.enter(report);
  const bool adds = state && state->continuation() == Continuation::appending;
  OutputFile output({job.output, adds}, format, options, plan.output());
  Sequencer sequencer(job, pipeline, format, output, report, restart);
  const Worker::Context context{
      plan, pipeline, job, format, plan.writes_in_parallel, job.reject_limit.percent.has_value()};
  if (state) state->load(pipeline, inputs, sequencer, output, report);
  try {
    if (!report.stopped()) read_all(context, inputs, interrupt, sequencer);
  } catch (const Error&) {
    output.flush();  // what came before an input failed is delivered
    throw;
  }
  if (state && sequencer.has_ended_within_block())
    throw failure(job.state + ": the run ended within a block, and leaves the state as it was");
  const bool pauses = state && !report.stopped();
  if (pauses)
    pause(job, inputs, sequencer, output, *state);
  else
    sequencer.finish();
  const bool complete = !report.stopped();
  if (!pauses) output.finish(complete);
  side_outputs.finish(complete);
  if (complete) side_outputs.publish();
  sequencer.report_fields();
  note_doubtful_inputs(job, inputs, sequencer, report);
  report.close();
  // Last: an output that appears says that nothing failed.
  if (complete) output.publish();
  if (complete && state) state->commit();
  return report.status();
}

}  // namespace

ExitStatus run(const Job& job) {
  Interrupt interrupt;
  Inputs inputs(job.inputs, job.from, job.input_options, interrupt, job.live);
  look_up_inputs(job);
  look_up_side_inputs(job);
  check_destinations(job);
  std::optional<RunState> state;
  if (!job.state.empty() && !job.explain) state.emplace(job);
  if (state) state->go_on(inputs);
  const SignalsEndInput signals(interrupt);
  say_if_terminal(job);
  if (job.explain) assume_formats(job, inputs);
  const Format* named = named_output_format(job);
  const Format& input_format = named ? *named : inputs.first_format();
  Budget budget(job.memory > 0 ? job.memory : machine_memory() / 4 * 3);
  Memory::set_limit(budget.limit());
  OutputOptions output_options = job.output_options;
  output_options.budget = &budget;
  SideOutputs side_outputs(job, output_options, named, input_format);
  SideInputs side_inputs(job, interrupt);
  side_inputs.check_plan();
  Restart restart(job, interrupt, [&](const std::string& path, Shape& written) {
    side_outputs.request_fields(path, written);
  });
  Plan plan = plan_of(job, inputs, named, side_outputs, side_inputs, budget, restart);
  const Format& format = *named;
  check_format_options(job, inputs, format, side_outputs);
  add_files(job, inputs, format, plan);
  if (state) state->check(plan, format);
  if (job.explain) return print(format.name == "json" ? explain_as_json(plan) : explain(plan));
  say_what_is_read(job, inputs);
  return run_plan(job, plan, inputs, format, output_options, side_inputs, side_outputs, interrupt,
                  restart, state ? &*state : nullptr);
}

}  // namespace riffle
