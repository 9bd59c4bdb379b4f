#include "engine/report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/report/command_text.h"
#include "text/shell_word.h"
#include "values/error.h"

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

class Explanation {
 public:
  Explanation(const Worker::Plan& plan, const Inputs& inputs, const Budget& budget)
      : plan_(plan), inputs_(inputs), budget_(budget) {
    explain_reading();
    for (std::size_t i = 0; i < plan.pipeline.steps.size(); i++) explain_step(i);
    text_ += fmt::format("write {} as {}\n", visible(quoted(plan.job.output)), plan.output.name);
    explain_threads(plan.writes);
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
    for (std::size_t i = 0; i < plan_.job.inputs.size(); i++)
      text_ += fmt::format("read {} as {}{}\n", visible(quoted(plan_.job.inputs[i])),
                           inputs_.format_of(i).name,
                           inputs_.is_assumed(i) ? ", or what its first byte says" : "");
    if (plan_.pipeline.merge)
      add("merges", visible(fmt::format("them by {}: the record with the least comes next",
                                        plan_.job.merge.text("--merge"))));
    explain_threads(!plan_.pipeline.merge);
    const Slots& slots = plan_.pipeline.source->slots();
    Words fields;
    for (const SourceField& field : slots.source) add_once(fields, field.name.literal);
    add("finds", fields);
    add("parses", slots.rest ? "every field: a stage or the output needs them all"
                             : std::string(fields.empty() ? "no field; records pass as they are"
                                                          : "no other field"));
  }

  void explain_step(std::size_t i) {
    const Pipeline& pipeline = plan_.pipeline;
    const Step& step = pipeline.steps[i];
    text_ += command_of(plan_.job.stages[i]) + "\n";
    explain_threads(i < pipeline.parallel);
    add("reads", names_of(step.reads));
    explain_changes(i == 0 ? *pipeline.source : *pipeline.steps[i - 1].shape, *step.shape);
    if (step.by_window)
      add("gathers", std::string("window by window"));
    else if (step.way == Way::gathers && step.row->name != "head")
      add("gathers", std::string("all records"));
    if (const std::string closing = step.stage->closing(); !closing.empty()) add("closes", closing);
    explain_holding(step);
    for (const std::string& path : step.side_outputs) add("writes", visible(quoted(path)));
  }

  void explain_threads(bool on_every_thread) {
    if (plan_.job.threads == 1) return;
    add("runs", on_every_thread ? fmt::format("on {} threads, block by block", plan_.job.threads)
                                : std::string("on one thread, in the order of the records"));
  }

  // How the records that go differ from those that come.
  void explain_changes(const Shape& before, const Shape& after) {
    const bool anew = !same_fields(before, after) || after.edits().size() < before.edits().size();
    const Changes changes = changes_of(after.edits(), anew ? 0 : before.edits().size());
    Words made = changes.made;
    if (anew) {
      for (const Field& field : after.fields())
        add_once(made, field.pattern.empty() ? field.name.literal : field.pattern);
      made.emplace_back("and nothing else");
    }
    if (after.window && !before.window && after.window->start != no_slot)
      made.insert(made.end(), {"window_start", "window_end"});
    add("makes", made);
    add("moves", changes.moved);
    add("renames", changes.renamed);
    add("drops", changes.taken);
  }

  void explain_holding(const Step& step) {
    if (step.holds.empty()) return add("holds", std::string("nothing"));
    std::size_t bytes = 0;
    bool spills = false;
    for (const Budget::Held& held : step.holds) bytes += held.bytes, spills |= held.spills;
    const std::string now =
        bytes > 0 ? fmt::format("{} already, ", size_text(bytes)) : std::string();
    add("holds", fmt::format("{}up to {} (--memory, all stages together), {}", now,
                             size_text(budget_.limit()),
                             spills && !step.in_parts ? "then on disk" : "or the run fails"));
  }

  const Worker::Plan& plan_;
  const Inputs& inputs_;
  const Budget& budget_;
  std::string text_;
};

}  // namespace

std::string explain(const Worker::Plan& plan, const Inputs& inputs, const Budget& budget) {
  return Explanation(plan, inputs, budget).text();
}

}  // namespace riffle
