// RunState: what a run with --state takes over from the one before, and leaves for the next one:
// how far the input was read, what the stages hold, how long the output is. They are kept together,
// in one generation of the state file, so that a run which is killed has not happened.
#pragma once

#include <optional>
#include <string>

#include "engine/input/file_mark.h"
#include "engine/input/input.h"
#include "engine/output/output.h"
#include "engine/sequencer.h"
#include "plan/continuation.h"
#include "state/state_file.h"

namespace riffle {

class RunState {
 public:
  // Opens the state and locks it. Throws Error: what of the job cannot go on yet (usage), the state
  // is somebody else's, damaged, or finished (failed). REQUIRES: no table whose keys are texts has
  // been filled. `job` outlives this.
  explicit RunState(const Job& job);

  // Finds the input again. REQUIRES: nothing has been read of it. This outlives `inputs`.
  void go_on(Inputs& inputs);
  // Throws Error (usage) where the state is of another pipeline; and (failed) where the output is
  // not the one that it belongs to.
  void check(const Plan& plan, const Format& output_format);
  Continuation continuation() const { return continuation_; }
  // Before the first block: what the stages and the writer held, and the output's length.
  void load(const Pipeline& pipeline, Inputs& inputs, Sequencer& sequencer, OutputFile& output,
            RunReport& report);
  // After the last one: what they hold now. The sequencer's finish() may follow. `is_final`: no run
  // goes on from there.
  void take(Inputs& inputs, const Sequencer& sequencer, OutputFile& output, bool is_final);
  // Makes the generation of what was taken. REQUIRES: the output is on disk.
  void commit();

 private:
  // What a generation says of the run that made it.
  struct Summary {
    std::string fingerprint;
    std::vector<std::string> stages;  // as typed, for messages
    bool is_final = false;
    std::string input, output;
    SourcePosition position;
    FileMark mark;
    std::uint32_t turn = 0;  // Inputs::turn_of_blocks()

    void save(StateWriter& to) const;
    static Summary load(StateReader& from);
  };

  void put_aside() const;

  const Job& job_;
  std::optional<StateFile> file_;
  std::string sealed_;           // of the last generation
  std::string_view held_;        // what is in it
  std::optional<Summary> last_;  // of that one; none: this is the first run
  Summary next_;
  FoundFiles found_;
  Continuation continuation_ = Continuation::appending;
  StateFile::Parts taken_;
};

}  // namespace riffle
