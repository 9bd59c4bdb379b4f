// Worker: what can be done to a block without knowing the ones before it: reading its records, the
// steps that look at one record at a time, and, where nothing else follows, writing. Each thread
// has one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/chain.h"
#include "engine/input/input.h"

namespace riffle {

// A block, worked on.
struct Work {
  std::uint64_t number = 0;  // the block's
  std::uint32_t input = 0;
  bool flush = false;                        // the block's
  InputStatus status = InputStatus::active;  // the block's
  Batch batch;
  Effects effects;
  // `text` is the batch as the output's format writes it; the batch is gone.
  bool written = false;
  TextBuffer text;
  Position first_record, first_reject;  // of the reader's (line 0: none)
  Position first_braced;  // of a text's first lines, the first that looks like an object of JSON
  std::shared_ptr<const Header> header;  // of a format that has one
  std::string first_rejected;            // what the first reject of the reader holds
  std::vector<Position> positions;       // of all records, rejects included; only when asked for
  // For each source field of the pipeline the first record that had it (line 0: none).
  std::vector<Position> first_seen;
  std::vector<std::string> names;  // of the first record of those that a worker has read
  std::string_view format;         // that it was read as
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

  explicit Worker(const Context& context);

  Work work(const std::shared_ptr<const Block>& block, const Format& format);
  // The same of records that have been read; `work` says of what, and has the effects of reading.
  Work work_on(Batch batch, Work work);

 private:
  RecordReader& reader_of(const Format& format);
  Work tell(const Block& block, Work work);
  void note_fields(const Batch& batch, Work& work) const;

  Context context_;
  std::map<const Format*, std::unique_ptr<RecordReader>> readers_;
  std::unique_ptr<RecordWriter> writer_;
  std::vector<Batch> emitted_;
  // Its size: the next one will be much like it, and need not grow step by step.
  std::size_t last_text_ = 0;
  bool has_named_ = false;  // the names in its first records
  Chain chain_;
};

}  // namespace riffle
