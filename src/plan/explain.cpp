#include "plan/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "plan/command_text.h"
#include "plan/continuation.h"
#include "plan/fingerprint.h"
#include "text/shell_word.h"
#include "values/error.h"
#include "values/json_object.h"

namespace riffle {
namespace {

using Words = std::vector<std::string>;

void add_once(Words& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

std::string size_text(std::size_t bytes) {
  const double mebibytes = static_cast<double>(bytes) / (1 << 20);
  return mebibytes < 1024 ? fmt::format("{:.1f} MiB", mebibytes)
                          : fmt::format("{:.1f} GiB", mebibytes / 1024);
}

Words names_of(const std::vector<Name>& names) {
  Words words;
  for (const Name& name : names) add_once(words, name.literal);
  return words;
}

bool is_appending(const Plan& plan) { return continuation_of(plan) == Continuation::appending; }

// Of a run that was killed, and run again. What is on standard output cannot be taken back.
std::string_view promise_of(const Plan& plan) {
  return plan.output_path == "-" ? "at least once" : "exactly once";
}

// What edits do, from `first` on.
struct Changes {
  Words made, moved, taken, renamed;
};

void put_first(Words& words, const std::string& word) { words.insert(words.begin(), word); }

void erase_from(Words& words, const Words& others) {
  std::erase_if(words, [&](const std::string& word) {
    return std::find(others.begin(), others.end(), word) != others.end();
  });
}

Changes changes_of(const std::vector<Edit>& edits, std::size_t first) {
  Changes changes;
  Words in_front;
  for (std::size_t i = first; i < edits.size(); i++) {
    const Edit& edit = edits[i];
    const std::string& name = edit.inside.empty() ? edit.name.literal : edit.inside;
    if (edit.kind == Edit::Kind::rename)
      add_once(changes.renamed, fmt::format("{} to {}", edit.from, edit.name.literal));
    else if (edit.kind == Edit::Kind::first)
      put_first(edit.makes ? in_front : changes.moved, name);
    else if (edit.kind != Edit::Kind::set)
      add_once(changes.taken, name);
    else if (!edit.moved.empty() && edit.moved != name)
      add_once(changes.renamed, fmt::format("{} to {}", edit.moved, name));
    else
      add_once(edit.makes ? changes.made : changes.taken, name);
  }
  changes.made.insert(changes.made.begin(), in_front.begin(), in_front.end());
  erase_from(changes.taken, changes.made);
  return changes;
}

bool same_fields(const Shape& a, const Shape& b) {
  return a.is_open() == b.is_open() && &a.slots() == &b.slots() &&
         std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                    [](const Field& f, const Field& g) {
                      return f.name == g.name && f.pattern == g.pattern && f.slot == g.slot;
                    });
}

// What is told of a step, in text and in JSON.
struct StepFacts {
  Words reads, made, moved, renamed, taken;
  bool makes_all = false;     // the records that go have the fields that it makes alone
  bool makes_unread = false;  // it adds the fields of an input that is not read yet
  std::string_view gathers;   // "window by window", "all records" or nothing
  bool holds = false, spills = false;
};

// How the records that go differ from those that come.
void add_changes(const Shape& before, const Shape& after, StepFacts& facts) {
  facts.makes_all = !same_fields(before, after) || after.edits().size() < before.edits().size();
  facts.makes_unread = after.has_unread_fields && !before.has_unread_fields;
  Changes changes = changes_of(after.edits(), facts.makes_all ? 0 : before.edits().size());
  facts.made = std::move(changes.made);
  if (facts.makes_all) {
    for (const Field& field : after.fields())
      add_once(facts.made, field.pattern.empty() ? field.name.literal : field.pattern);
  }
  if (after.window && !before.window && after.window->start != no_slot)
    facts.made.insert(facts.made.end(), {"window_start", "window_end"});
  facts.moved = std::move(changes.moved);
  facts.renamed = std::move(changes.renamed);
  facts.taken = std::move(changes.taken);
}

StepFacts facts_of(const PlannedStep& step) {
  StepFacts facts;
  facts.reads = names_of(step.reads);
  add_changes(*step.before, *step.after, facts);
  if (step.window)
    facts.gathers = "window by window";
  else if (step.gathers() && !step.row().ends_early)
    facts.gathers = "all records";
  // Open windows hold what their stages do not.
  facts.holds = step.planned.holds != Holds::nothing || step.window;
  facts.spills = step.planned.holds == Holds::spills && !(step.window && step.window->in_parts);
  return facts;
}

Words source_fields(const Plan& plan) {
  Words fields;
  for (const SourceField& field : plan.source->slots().source) add_once(fields, field.name.literal);
  return fields;
}

class TextExplanation {
 public:
  explicit TextExplanation(const Plan& plan) : plan_(plan) {
    explain_reading();
    for (std::size_t i = 0; i < plan.steps.size(); i++) explain_step(plan.steps[i], i);
    text_ += fmt::format("write {} as {}\n", visible(quoted(plan.output_path)), plan.output_format);
    explain_threads(plan.writes_in_parallel);
    if (!plan.state_path.empty()) explain_state(plan);
  }

  std::string text() && { return std::move(text_); }

 private:
  void add(std::string_view what, const std::string& line) {
    text_ += fmt::format("  {:<9} {}\n", what, line);
  }
  void add(std::string_view what, const Words& words) {
    if (!words.empty()) add(what, visible(fmt::format("{}", fmt::join(words, ", "))));
  }

  void explain_reading() {
    for (const PlannedInput& input : plan_.inputs)
      text_ += fmt::format("read {} as {}{}\n", visible(quoted(input.where)), input.format,
                           input.is_assumed ? ", or what its first line says" : "");
    if (plan_.merge)
      add("merges", visible(fmt::format("them by {}: the record with the least comes next",
                                        plan_.merge_text)));
    explain_threads(!plan_.merge);
    const Words fields = source_fields(plan_);
    add("finds", fields);
    add("parses", plan_.source->slots().rest
                      ? "every field: a stage or the output needs them all"
                      : std::string(fields.empty() ? "no field; records pass as they are"
                                                   : "no other field"));
  }

  void explain_step(const PlannedStep& step, std::size_t i) {
    const StepFacts facts = facts_of(step);
    text_ += command_of(step.call) + "\n";
    explain_threads(i < plan_.parallel);
    add("reads", facts.reads);
    add("makes", made_by(facts));
    add("moves", facts.moved);
    add("renames", facts.renamed);
    add("drops", facts.taken);
    if (!facts.gathers.empty()) add("gathers", std::string(facts.gathers));
    if (step.planned.windows) add("closes", step.planned.windows->closing);
    explain_holding(facts);
    for (const std::string& path : step.side_outputs) add("writes", visible(quoted(path)));
  }

  static Words made_by(const StepFacts& facts) {
    Words made = facts.made;
    if (facts.makes_all) made.emplace_back("and nothing else");
    if (facts.makes_unread) made.emplace_back("the fields of its file");
    return made;
  }

  void explain_state(const Plan& plan) {
    add("goes on", fmt::format("with {}: each run {}, {}", visible(quoted(plan.state_path)),
                               is_appending(plan) ? "adds what comes after the last one's"
                                                  : "writes the result over all input so far",
                               promise_of(plan)));
  }

  void explain_threads(bool on_every_thread) {
    if (plan_.threads == 1) return;
    add("runs", on_every_thread ? fmt::format("on {} threads, block by block", plan_.threads)
                                : std::string("on one thread, in the order of the records"));
  }

  void explain_holding(const StepFacts& facts) {
    if (!facts.holds) return add("holds", std::string("nothing"));
    add("holds",
        fmt::format("up to {} (--memory, all stages together), {}", size_text(plan_.memory),
                    facts.spills ? "then on disk" : "or the run fails"));
  }

  const Plan& plan_;
  std::string text_;
};

std::string json_of(const PlannedStep& step) {
  const StepFacts facts = facts_of(step);
  JsonObject arguments;
  for (const Argument& argument : step.call.arguments.all())
    arguments.add(argument.parameter->name, argument.text->text);
  JsonObject object;
  object.add("stage", step.row().name);
  object.add("form", step.call.form->signature.usage);
  object.add_raw("arguments", arguments.text());
  object.add("in_order", step.in_order);
  object.add("reads", facts.reads);
  object.add("makes", facts.made);
  object.add("makes_all", facts.makes_all);
  object.add("makes_unread", facts.makes_unread);
  object.add("moves", facts.moved);
  object.add("renames", facts.renamed);
  object.add("drops", facts.taken);
  object.add("gathers", facts.gathers);
  object.add("closes", step.planned.windows ? step.planned.windows->closing : std::string());
  object.add("holds", facts.holds);
  object.add("spills", facts.spills);
  object.add("writes", step.side_outputs);
  return object.text();
}

}  // namespace

std::string explain(const Plan& plan) { return TextExplanation(plan).text(); }

std::string explain_as_json(const Plan& plan) {
  Words inputs, steps;
  for (const PlannedInput& input : plan.inputs) {
    JsonObject object;
    object.add("name", input.where);
    object.add("format", input.format);
    inputs.push_back(object.text());
  }
  for (const PlannedStep& step : plan.steps) steps.push_back(json_of(step));
  JsonObject output;
  output.add("name", plan.output_path);
  output.add("format", plan.output_format);
  JsonObject object;
  object.add("fingerprint", fingerprint(plan));
  object.add_raw("inputs", json_list(inputs));
  if (plan.merge) object.add("merge", plan.merge_text);
  object.add("finds", source_fields(plan));
  object.add("parses_every_field", plan.source->slots().rest);
  object.add_raw("steps", json_list(steps));
  if (!plan.state_path.empty()) {
    output.add("runs", is_appending(plan) ? "append" : "replace");
    output.add("promise", promise_of(plan));
    object.add("state", plan.state_path);
  }
  object.add_raw("output", output.text());
  object.add("threads", std::uint64_t{plan.threads});
  object.add("memory", std::uint64_t{plan.memory});
  return object.text() + "\n";
}

}  // namespace riffle
