// Worker: what can be done to a block without knowing the ones before it: reading its records, the
// steps that look at one record at a time, and, where nothing else follows, writing. Each thread
// has one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/chain.h"
#include "engine/input/input.h"
#include "values/stop_request.h"

namespace riffle {

// What there is to say of a block.
struct BlockNotes {
  std::uint32_t input = 0;
  bool flush = false;                        // the block's
  InputStatus status = InputStatus::active;  // the block's
  Position first_record, first_reject;       // of the reader's (line 0: none)
  Position first_braced;  // of a text's first lines, the first that looks like an object of JSON
  std::shared_ptr<const Header> header;  // of a format that has one
  std::string first_rejected;            // what the first reject of the reader holds
  std::vector<Position> positions;       // of all records, rejects included; only when asked for
  // For each source field of the pipeline the first record that had it (line 0: none).
  std::vector<Position> first_seen;
  std::vector<std::string> names;  // of the first record
  std::string_view format;         // that it was read as
};

// A block, worked on, or a piece of what few records have become. All pieces of a block have its
// notes.
struct Work : BlockNotes {
  Batch batch;
  Effects effects;
  // `text` is the batch as the output's format writes it; the batch is gone.
  bool written = false;
  TextBuffer text;
  bool has_more = false;  // pieces of the block follow
  // The run was asked to stop, and what follows takes long: it ends after the record `last`, or
  // (none) before the block. Nothing else is here.
  bool ends_run = false;
  std::optional<Position> last = {};
};

// The names that the first record has, for "did you mean": how many more a block holds would depend
// on its size.
std::vector<std::string> names_of_first(Batch& batch);

class Worker {
 public:
  // What the workers of a run share. All outlive them.
  struct Context {
    const Plan& plan;
    const Pipeline& pipeline;
    const Job& job;
    const Format& output;  // of the run's output
    bool writes = false;   // nothing in order follows: the worker writes
    bool keeps_positions = false;
  };

  // Takes a piece of a block's work that others follow. False: no more is wanted.
  using HandOn = std::function<bool(Work)>;

  explicit Worker(const Context& context);

  // What is left, once `hand_on` has taken the pieces before it; nothing: no more is wanted.
  std::optional<Work> work(const std::shared_ptr<const Block>& block, const Format& format,
                           const HandOn& hand_on);
  // The same of records that have been read; `work` says of what, and has the effects of reading.
  std::optional<Work> work_on(Batch batch, Work work, const HandOn& hand_on);

 private:
  // A block's work, as far as it has come.
  struct Current {
    BlockNotes notes;
    const HandOn& hand_on;
    Effects effects = {};                 // not yet handed on
    std::optional<Batch> batch = {};      // the same
    std::optional<Position> handed = {};  // the last record of what was
  };
  struct NoMoreIsWanted {};

  RecordReader& reader_of(const Format& format);
  std::optional<Work> tell(const Block& block, Work work, const HandOn& hand_on);
  void note_fields(const Batch& batch, BlockNotes& notes) const;
  std::optional<Work> process(Batch batch, Current& current);
  void take_piece(Batch batch, Effects& effects);
  Work piece_of(const BlockNotes& notes, Batch batch, Effects effects);
  static Work abandoned(const Abandoned& where, const Current& current);

  Context context_;
  std::map<const Format*, std::unique_ptr<RecordReader>> readers_;
  std::unique_ptr<RecordWriter> writer_;
  Current* current_ = nullptr;  // while the chain works on it
  // Its size: the next one will be much like it, and need not grow step by step.
  std::size_t last_text_ = 0;
  Chain chain_;
};

}  // namespace riffle
