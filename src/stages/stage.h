// Stages: the verbs of a pipeline. One row each, in a table; one file each.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "arguments/arguments.h"
#include "expression/check.h"
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
  // The next stage takes the batch before this returns.
  virtual void emit(Batch batch) = 0;
  // The same of what is made of some of a batch's records, where few become many: `effects` has
  // all that happens up to there. Throws Abandoned when the run was asked to stop a while ago.
  virtual void emit_piece(Batch piece) { emit(std::move(piece)); }
  // Further input cannot change the output; the run has used its input up to and including `last`.
  virtual void stop_after(Position last) = 0;

  Effects effects;  // what the stage's evaluations did; the engine takes it from here
};

// What a stage holds beyond the current batch: up to --memory, and, where it spills, more on disk.
enum class Holds { nothing, in_memory, spills };

// A stage that looks at each record alone. Classes of these that hold anything declare `holds`.
//
// Thread safety: all workers share one; nothing in it changes after its construction.
class RecordStage {
 public:
  static constexpr Holds holds = Holds::nothing;

  // Where pieces go. It takes one before it returns, and may throw.
  using HandOn = std::function<void(Batch)>;

  virtual ~RecordStage() = default;
  // One batch for each that comes: its living rows as the stage leaves them, or others made of
  // them. A batch without living rows is passed on, too: it carries the header, the watermark,
  // window events and the input's status. Values of the result live as long as `batch.memory`.
  //
  // A stage that makes several records of one makes pieces of bounded size (records/pieces.h): all
  // but the last go to `hand_on`, with the effects up to there in `effects`.
  virtual Batch apply(Batch batch, Effects& effects, const HandOn& hand_on) const = 0;
  // What the stage depends on besides its arguments (a table that it has read), for another one
  // that goes on in its place. verify() throws Error where that depends on something else.
  virtual void save(StateWriter&) const {}
  virtual void verify(StateReader&) const {}
};

// A stage that sees all records in order, windows or not. Its class declares `holds`, as
// RecordStage does.
//
// Thread safety: none; the ordered part of the run calls it, one call at a time.
class Stage {
 public:
  virtual ~Stage() = default;
  // REQUIRES: finish() was not called. Emits any number of batches; one without living rows is
  // passed on all the same (see RecordStage::apply), unless the stage gathers. What is kept beyond
  // the call must be copied out of the batch.
  virtual void process(Batch batch, Output& out) = 0;
  // The input (or the window) has ended: emit what is still held.
  virtual void finish(Output&) {}
  // What the stage holds between two batches, for another one with the same arguments, which has
  // not been given a batch yet: it loads that, and goes on as this one would. Stages that hold
  // nothing write nothing. load() throws Error where that is the state of something else.
  virtual void save(StateWriter&) const {}
  virtual void load(StateReader&) {}
};

// A stage that needs all records of the input, or, after `window`, of a window, before it can end.
// Each window has one of its own.
class GatheringStage : public Stage {
 public:
  // A new one with the same arguments, which holds nothing.
  virtual std::unique_ptr<GatheringStage> fresh() const = 0;
  // Whether what it emits it emits as records come, and not when they have ended.
  virtual bool emits_at_once() const { return false; }
  // A new one, for a part of a window's records. Parts can be added together, in any order, and
  // emit all that they have gathered each time that finish() is called, after which they go on
  // gathering. Null: the stage needs all records of a window, one after the other.
  virtual std::unique_ptr<GatheringStage> fresh_part() const { return nullptr; }
  // Adds what another part with the same arguments has gathered. REQUIRES: both come from
  // fresh_part().
  virtual void absorb(const GatheringStage&) {}
};

// The windows that a stage makes.
struct MadeWindows {
  WindowPlan plan;
  std::string closing;  // when they close, for --explain
  // Makes the stage whose records pass once, with the bounds of their slices in place of those of
  // their windows. Null: the windows have no slices.
  std::function<std::unique_ptr<Stage>()> make_slicing = nullptr;
};

// What becomes of a stage's arguments, bound to the records that reach it. A value: it can make any
// number of stages. Exactly one of record_stage and make is set.
struct Planned {
  // A RecordStage or a GatheringStage, which is not run itself.
  template <typename T>
  Planned(std::unique_ptr<T> made) : holds(T::holds) {  // NOLINT: makers return what they made
    if constexpr (std::is_base_of_v<RecordStage, T>) {
      record_stage = std::move(made);
    } else {
      gathers = std::move(made);
      make = [prototype = gathers] { return prototype->fresh(); };
    }
  }
  Planned(Holds what, std::function<std::unique_ptr<Stage>()> make_stage)
      : holds(what), make(std::move(make_stage)) {}

  Holds holds;
  std::shared_ptr<const RecordStage> record_stage = nullptr;
  std::function<std::unique_ptr<Stage>()> make = nullptr;
  std::shared_ptr<const GatheringStage> gathers = nullptr;  // works window by window
  std::optional<MadeWindows> windows = std::nullopt;
  bool fails_on_late = false;  // a late record stops the run
};

// A stage that sees all records in order, made with these arguments.
template <typename S, typename... Arguments>
Planned in_order(Arguments... arguments) {
  return {S::holds, [... arguments = std::move(arguments)]() -> std::unique_ptr<Stage> {
            return std::make_unique<S>(arguments...);
          }};
}

// What a stage is planned with.
struct Setup {
  std::string stage;  // its name, for messages
  const Arguments& arguments;
  const Settings& settings;
  BindContext& binding;  // of expressions: to `shape`, with `settings`
  // in: of the records that come; the planning turns it into that of those that go.
  Shape& shape;
  Budget& budget;   // of what is held in memory
  Streams streams;  // of event time that the run reads: one, or one for each input
  // Opens a side output. A `head` after a stage that has one does not stop the run.
  std::function<std::shared_ptr<Sink>(const std::string& path, Shape& shape)> open_sink;

  // The same for many files, whose names are not known yet; `pattern` has the extension that tells
  // their format. At most `open` of them are open at a time.
  std::function<std::shared_ptr<SinkSet>(const std::string& pattern, Shape& shape,
                                         std::size_t open)>
      open_sinks;
  // Reads all of a side input (`join`), before any of the run's inputs: `take` is given its
  // batches. `format`: the name of its format; empty: by extension or first line. `shape`: an open
  // one with the fields that are wanted. False: the pipeline is only checked, and nothing was read.
  std::function<bool(const std::string& where, const std::string& format, const Shape& shape,
                     const std::function<void(Batch&, Effects&)>& take)>
      read_input;
  // The same, read batch by batch while the run goes on, in the ordered part of the run; `rejects`
  // become those of this batch. False: it has ended.
  using NextBatch = std::function<bool(Batch& batch, std::vector<Reject>& rejects)>;
  // Opens it, when the stage is made.
  using OpenInput = std::function<NextBatch()>;
  std::function<OpenInput(const std::string& where, const std::string& format, const Shape& shape)>
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
  using Make = Planned (*)(Setup& setup);

  Signature signature;
  Make make = nullptr;
  bool makes_windows = false;
  bool follows_time = false;  // by the watermark: it is told what the inputs have in common
  bool ends_windows = false;
};

// A flag that other tools have for the same, and what riffle's users write instead: "write: drop".
struct ForeignFlag {
  std::string_view flag, instead;
};

struct StageRow {
  std::string_view name;
  std::string_view summary;  // one sentence
  std::string_view details;  // further sentences for the manual; may be empty
  std::vector<Form> forms = {};
  std::vector<StageExample> examples = {};
  // What it makes of few records: for pipelines in which it could change nothing.
  // It chooses or orders the records that it gathers: a single one passes as it is.
  bool passes_one = false;
  bool ends_early = false;  // it may have enough before the input ends, and holds nothing for it
  bool makes_one = false;   // without --by it makes one record of all that it gathers
  bool multiplies = false;  // it may make several records of one
  // What SQL, Miller and other tools call it, for those who type that.
  std::vector<std::string_view> elsewhere = {};
  std::vector<ForeignFlag> foreign_flags = {};

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
// The stage that other programs call so, in any letter case ("where": filter); null: there is none.
const StageRow* stage_called_elsewhere(std::string_view word);
// The name of the stage that a word which names none probably stands for; empty: there is none.
std::string stage_meant_by(std::string_view word);
// The flag with which stages take the format of what they read besides their records.
std::string_view format_flag();

}  // namespace riffle
