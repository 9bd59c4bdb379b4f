// Stages: the verbs of a pipeline. One row each, in a table; one file each.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arguments/arguments.h"
#include "expression/expression.h"
#include "records/batch.h"
#include "records/sink.h"
#include "state/budget.h"
#include "time/watermark.h"
#include "time/window_plan.h"
#include "values/saved_state.h"

namespace riffle {

// Where a stage's batches go.
class Output {
 public:
  virtual ~Output() = default;
  virtual void emit(Batch batch) = 0;
  // Further input cannot change the output; the run has used its input up to and including `last`.
  virtual void stop_after(Position last) = 0;

  Effects effects;  // what the stage's evaluations did; the engine takes it from here
};

// One step of a pipeline: batches in, batches out. A stage sees no threads, formats, files or
// windows.
class Stage {
 public:
  virtual ~Stage() = default;
  // Per-record stages are shared by threads: their process changes nothing in the stage.
  virtual void process(Batch batch, Output& out) = 0;
  // The input (or the window) has ended: emit what is still held.
  virtual void finish(Output&) {}
  // Gathering stages: a new one with the same arguments, empty, for another window.
  virtual std::unique_ptr<Stage> fresh() const { return nullptr; }
  // Gathering stages: a new one, for a part of a window's records. Parts can be put together, in
  // any order, and such a stage emits what it has gathered each time that finish() is called: it
  // goes on gathering. Null: the stage needs all records of a window, one after the other.
  virtual std::unique_ptr<Stage> fresh_part() const { return nullptr; }
  // Adds what another part with the same arguments has gathered.
  virtual void absorb(const Stage&) {}
  // What the stage holds between two batches, for another one with the same arguments, which has
  // not been given a batch yet: it loads that, and goes on as this one would. Stages that hold
  // nothing write nothing. load() throws Error where that is the state of something else.
  virtual void save(StateWriter&) const {}
  virtual void load(StateReader&) {}
  // Stages that make windows: what becomes of these. The stage outlives the answer.
  virtual const WindowPlan* window_plan() const { return nullptr; }
  // Stages that make windows that overlap: from now on a record passes once, with the bounds of its
  // slice in place of those of its windows.
  virtual void pass_slices() {}
  // Stages that make windows: when those close, for --explain. Empty: it makes none.
  virtual std::string closing() const { return {}; }
};

// Which records a stage must see together.
enum class Way {
  per_record,  // each alone
  in_order,    // all, one after the other (skip, tee)
  gathers,     // all of the input, or of a window, before it can end
};

// What a stage's maker is given.
struct Setup {
  std::string stage;  // its name, for messages
  const Arguments& arguments;
  const Settings& settings;
  // in: of the records that come; the maker turns it into that of those that go.
  Shape& shape;
  // in: the row's; the arguments may ask for another (a window without --delay).
  Way& way;
  Budget& budget;   // of what is held in memory
  Streams streams;  // of event time that the run reads: one, or one for each input
  // Opens a side output. A `head` after a stage that has one does not stop the run.
  std::function<std::shared_ptr<Sink>(const std::string& path, const Shape& shape)> open_sink;

  // The same for many files, whose names are not known yet; `pattern` has the extension that tells
  // their format. At most `open` of them are open at a time.
  std::function<std::shared_ptr<SinkSet>(const std::string& pattern, const Shape& shape,
                                         std::size_t open)>
      open_sinks;
  // Reads all of a side input (`join`), before any of the run's inputs: `take` is given its
  // batches. `format`: the name of its format; empty: by extension or first byte. `shape`: an open
  // one with the fields that are wanted. False: the pipeline is only checked, and nothing was read.
  std::function<bool(const std::string& where, const std::string& format, const Shape& shape,
                     const std::function<void(Batch&, Effects&)>& take)>
      read_input;
  // The same, read batch by batch while the run goes on, in the ordered part of the run; `rejects`
  // become those of this batch. False: it has ended.
  using NextBatch = std::function<bool(Batch& batch, std::vector<Reject>& rejects)>;
  std::function<NextBatch(const std::string& where, const std::string& format, const Shape& shape)>
      open_input;

  // An argument's expression, or one that is part of it, bound to the records that come.
  ExpressionPtr bind(std::string_view argument) const;
  ExpressionPtr bind(const Syntax& syntax, std::string_view argument) const;
  Holder holder() const { return {budget, stage}; }
};

struct StageExample {
  std::string_view command;  // "filter 'status >= 500'"
  std::string_view input;    // NDJSON
  std::string_view output;
  std::string_view file = {}, content = {};  // a file that must be there, and what it holds
};

// One form of a stage: most stages have one.
struct Form {
  using Make = std::unique_ptr<Stage> (*)(Setup& setup);

  Signature signature;
  Make make = nullptr;
  bool makes_windows = false;
  bool follows_time = false;  // by the watermark: it is told what the inputs have in common
};

struct StageRow {
  std::string_view name;
  std::string_view summary;  // one sentence
  std::string_view details;  // further sentences for the manual; may be empty
  std::vector<Form> forms = {};
  std::vector<StageExample> examples = {};
  Way way = Way::per_record;
  // What it makes of few records: for pipelines in which it could change nothing.
  // It chooses or orders the records that it gathers: a single one passes as it is.
  bool passes_one = false;
  bool makes_one = false;   // without --by it makes one record of all that it gathers
  bool multiplies = false;  // it may make several records of one
  // What SQL, Miller and other tools call it, for those who type that.
  std::vector<std::string_view> elsewhere = {};

  Form& add_form(Signature signature, Form::Make make);
  // The forms' usages, with " | " between them.
  std::string usage() const;
  std::vector<const Signature*> signatures() const;
  // Those of all forms, each once.
  std::vector<const Parameter*> parameters() const;
  const Parameter* find_parameter(std::string_view wanted) const;
};

// A stage as a command calls it.
struct Call {
  const StageRow* row = nullptr;
  const Form* form = nullptr;
  Arguments arguments;
};

std::span<const StageRow> stages();
const StageRow* find_stage(std::string_view name);
// The name of the stage that a word which names none probably stands for; empty: there is none.
std::string stage_meant_by(std::string_view word);

}  // namespace riffle
