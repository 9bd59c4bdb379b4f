// Side outputs: the files that `tee`, `split` and their like write. They are made with the stages,
// or at their first record, and closed at the end of the run.
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/output.h"
#include "plan/job.h"
#include "records/sink.h"
#include "text/text_map.h"

namespace riffle {

// One file for each name that records bring, of which few are open at a time: the least recently
// written one is closed, and opened again for what comes later. Folders are made where there are
// none.
class SplitFiles : public SinkSet {
 public:
  // `folder`: how many bytes of each path name a folder that no file may leave; `taken`: the files
  // of the run that have been named, to which it adds. References outlive this.
  SplitFiles(const Format& format, const OutputOptions& options, const Shape& shape,
             std::size_t folder, std::size_t open, TextSet& taken)
      : format_(format),
        options_(options),
        shape_(shape),
        folder_(folder),
        open_(open),
        taken_(taken) {}

  void write(const std::string& path, const Batch& batch, Effects& effects) override;
  void finish(bool will_publish);
  void publish();

 private:
  struct File {
    std::unique_ptr<OutputFile> output;
    std::list<File*>::iterator place;  // among the open ones
    bool is_open = false;
  };

  File& file_at(const std::string& path);
  void make_room();

  const Format& format_;
  const OutputOptions& options_;
  Shape shape_;
  std::size_t folder_;
  std::size_t open_;
  TextSet& taken_;
  TextMap<std::unique_ptr<File>> files_;
  std::vector<File*> in_order_;  // as they were made
  std::list<File*> recent_;      // the open ones, the least recently written first
};

class SideOutputs {
 public:
  // `usual`: the format of files whose names do not tell; null: what written_format() says of
  // records that were read as `input`. All outlive this.
  SideOutputs(const Job& job, const OutputOptions& options, const Format* usual,
              const Format& input);

  // Asks for the fields that such a file needs, of the records that it will get. Throws Error
  // (usage) where no format can write it.
  void request_fields(const std::string& path, Shape& shape);
  // REQUIRES: request_fields() was called for the path.
  std::shared_ptr<Sink> open(const std::string& path, const Shape& shape);
  std::shared_ptr<SinkSet> open_many(const std::string& pattern, const Shape& shape,
                                     std::size_t open);

  template <typename Test>
  bool any_is(const Test& test) const {
    return std::any_of(formats_.begin(), formats_.end(),
                       [&](const Format* format) { return test(*format); });
  }
  // As OutputFile's: all of them are finished before one is published.
  void finish(bool will_publish);
  void publish();

 private:
  // An output, or many of one stage.
  struct Opened {
    std::function<void(bool)> finish;
    std::function<void()> publish;
  };

  const Format& format_of(const std::string& path, const Shape& shape) const;

  const OutputOptions& options_;
  const Format* usual_;
  const Format& input_;
  bool has_format_;  // --to: it is written where the name of a file says no other
  TextSet taken_;
  std::vector<Opened> opened_;  // in the order of the stages
  std::vector<const Format*> formats_;
};

}  // namespace riffle
