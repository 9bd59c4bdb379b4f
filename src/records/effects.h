// Effects: what a run does besides its output (rejects, errors of evaluation, late records). They
// are gathered where the work is done, each with the position of the record that caused it, and
// applied in order by the engine alone: whoever reads ahead of a `head` leaves no trace.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riffle {

// Where a record came from. Positions of one run are ordered: input by input, byte by byte; of
// inputs that are read together turn by turn.
struct Position {
  std::uint32_t turn = 0;    // 0: its input is read alone, before all that are read together
  std::uint32_t input = 0;   // position in the list of inputs
  std::uint64_t offset = 0;  // of the record's first byte in its input, after decompression
  std::uint64_t line = 0;    // 1-based; 0: no record (the input's end)

  auto operator<=>(const Position&) const = default;
};

// The number of a step of the pipeline, which the engine puts on what a stage did, or (after the
// last one) the writer: of neither, but of reading.
constexpr std::uint32_t no_step = ~std::uint32_t{0};

// A record that could not be read, or that a stage refused.
struct Reject {
  Position position;
  std::string stage;  // "read", or the stage's name
  std::string reason;
  std::string raw;  // the record's bytes, without the line end
  std::uint32_t step = no_step;
  // Where the record stands, when `position` is that of the one with which this was found.
  std::optional<Position> place = {};

  Position record() const { return place.value_or(position); }
};

// An operation that could not be done, and gave null.
struct EvaluationError {
  Position position;
  // The place in the pipeline's text: one of these is counted and reported once.
  const void* site = nullptr;
  std::optional<Position> place = {};  // as a Reject has it
  // Only the first of its site has one: see Effects::fail.
  std::unique_ptr<const std::string> reason = {};

  Position record() const { return place.value_or(position); }
};

// A record that came after all its windows were gone, or after what it would have been joined with.
struct Late {
  Position position;
  bool fails = false;           // it stops the run (--on-late fail)
  std::string_view stage = {};  // not a window: the stage for which it was too late
  std::uint32_t step = no_step;
};

// A table in memory that the records of a stage are looked up in, for the message when none of them
// is found.
struct LookupTable {
  std::string stage, file;
  std::string key;       // one of its keys
  bool by_time = false;  // it has to fit in time, too
};

// What came of looking records up: of a batch the first one that was found, and the first that was
// not.
struct Lookup {
  Position position;
  const LookupTable* table = nullptr;
  bool found = false;
  std::string key = {};  // that was not found
  // What was found has values for these fields, and the record has them already, and keeps its own.
  std::vector<std::string> clashes = {};
};

// Whether records that came to a step had a field that it watches for: of a batch the first that
// had, and the first that had not.
struct Sighting {
  Position position;
  const void* watch = nullptr;  // the step's
  bool found = false;
  std::vector<std::string> names = {};  // that the record has, where it was not found
};

// A window's results came out of a stage that chooses or orders records; told of the first windows,
// as far as it takes to see whether all of them had one record.
struct WindowSize {
  Position position;
  std::string_view stage;
  bool is_one = false;
  std::uint32_t step = no_step;
};

// What a stage that keeps records by a condition made of a batch, until it has kept one.
struct Keeping {
  Position position;        // of the batch's first record
  bool kept = false;        // one at least
  std::string reason = {};  // why that record was not kept, where no record like it can be
  std::uint32_t step = no_step;
};

// Records of one position that came to a step, or (after the last one) were handed to the writer.
// Only of runs that count them.
struct Arrival {
  Position position;
  std::uint32_t step = 0;
  std::uint64_t count = 1;
};

struct Effects {
  std::vector<Reject> rejects;
  std::vector<EvaluationError> errors;
  std::vector<Late> late;
  std::vector<Lookup> lookups;
  std::vector<Sighting> sightings;
  std::vector<WindowSize> window_sizes;
  std::vector<Keeping> keepings;
  std::vector<Arrival> arrivals;
  std::uint64_t left_out = 0;  // fields that a writer had no column for, and was told to leave out

  // An operation failed at a site. `reason()` says why in a text; it is called only where this may
  // be the site's first failure, so that a column of failures costs no texts.
  template <typename Reason>
  [[gnu::noinline, gnu::cold]] void fail(Position position, const void* site,
                                         const Reason& reason) {
    errors.push_back({position, site});
    if (precedes_explained(position, site))
      errors.back().reason = std::make_unique<const std::string>(reason());
  }

  // Whether nothing happened that a limit counts, or that changes the output.
  bool empty() const { return rejects.empty() && errors.empty() && late.empty() && left_out == 0; }
  // The rejects and errors were found with the record at `where`, later than the records that they
  // are about.
  void attribute_to(Position where);
  // Takes over what `other` has, after its own.
  void take(Effects& other);
  // Gives away what happened at `last` or before it, but for what a writer left out.
  Effects until(Position last);

 private:
  // Whether no failure of the site at `position` or before it has a reason here. Then this one
  // will.
  bool precedes_explained(Position position, const void* site);

  // By site: the least position of a failure here that has a reason. The site that failed last is
  // at the end.
  std::vector<std::pair<const void*, Position>> explained_;
};

}  // namespace riffle
