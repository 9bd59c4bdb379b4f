// What one window has gathered: by a stage of its own, or, where the window fires more than
// once or two windows may become one, and no such stage can do that, as the records
// themselves.
#pragma once

#include <memory>
#include <vector>

#include "engine/windows/window_outputs.h"
#include "stages/stage.h"
#include "state/records.h"

namespace riffle {

// What the windows of one stage have in common. One thread at a time.
class WindowContents {
 public:
  // How a window gathers.
  enum class Gathering {
    stage,  // by a stage; the window fires once
    // By a stage that others of its kind can be added to, and whose results are emitted again.
    parts,
    records,  // the records are held, and go through a stage each time that the window fires
  };

  // `again`: a window may fire more than once, each time with all its results, or windows may
  // merge. `sizes_of`: the stage of which WindowSize effects tell; empty: none are told.
  WindowContents(GatheringStage& prototype, bool again, std::string_view sizes_of)
      : prototype_(prototype),
        sizes_of_(sizes_of),
        gathering_(!again                   ? Gathering::stage
                   : prototype.fresh_part() ? Gathering::parts
                                            : Gathering::records) {}
  WindowContents(const WindowContents&) = delete;
  WindowContents& operator=(const WindowContents&) = delete;

  // The rows of `batch` come next.
  void begin(const Batch& batch);
  void end(const Batch& batch) { sequence_ += batch.size; }
  // Of the first row of the current batch, among all rows that came.
  std::uint64_t sequence() const { return sequence_; }
  // What the windows have in common, and what the stage has for all of them. REQUIRES for load():
  // no batch has come.
  void save(StateWriter& to) const;
  void load(StateReader& from);
  // Bytes, without what stages hold: about, for this many windows.
  std::size_t held(std::size_t windows) const {
    constexpr std::size_t of_a_window = 256, of_a_stage = 2048;  // without what they gather
    return held_ +
           windows * (gathering_ == Gathering::records ? of_a_window : of_a_window + of_a_stage);
  }

 private:
  friend class WindowContent;

  void tell_size(std::size_t records, Position where, Effects& effects);

  GatheringStage& prototype_;
  std::string_view sizes_of_;
  std::size_t told_of_one_ = 0;  // windows
  bool told_of_more_ = false;
  Gathering gathering_;
  Records saved_{0};
  std::uint64_t sequence_ = 0;
  std::size_t held_ = 0;
};

class WindowContent {
 public:
  // `contents` outlives this.
  explicit WindowContent(WindowContents& contents) : contents_(contents) {}
  WindowContent(WindowContent&& other) noexcept;
  WindowContent& operator=(WindowContent&&) = delete;
  ~WindowContent() { drop(); }

  // Some rows of the current batch.
  void add(const Batch& batch, std::vector<Row> rows, Effects& effects);
  // What a part has gathered, where windows gather in parts.
  void add_part(const GatheringStage& part) { stage_or_fresh().absorb(part); }
  // Takes over what another window has gathered, before or after this one's.
  void merge(WindowContent& other);
  // The results of what has been gathered. `again`: the window will fire again.
  void emit(ClosedOutput& out, Effects& effects, bool again);
  // Forgets it all.
  void clear();
  // REQUIRES for load(): nothing has been gathered, and the contents have been loaded.
  void save(StateWriter& to) const;
  void load(StateReader& from);

 private:
  struct Kept {
    std::uint64_t sequence = 0;
    RowBytes row;
    bool has_gone = false;  // through a stage, which told what is wrong with it
  };

  GatheringStage& stage_or_fresh();
  void keep(Row row);
  void go_through(Stage& stage, Output& out);
  void drop();

  WindowContents& contents_;
  std::size_t records_ = 0;                // that have come
  std::unique_ptr<GatheringStage> stage_;  // none before the first row, or where records are held
  std::vector<Batch> emitted_;             // by it, so far
  std::vector<Kept> kept_;                 // in the order in which they came
};

}  // namespace riffle
