// Shape: what is known of the records between two stages before any is read: their base, and what
// earlier stages changed.
//
// A shape is *open* when a record's base is its own bytes (Batch::source): whatever members stand
// there. It is *closed* after `select` and `aggregate`: its base is `fields`, in order. In both
// cases `edits` are applied to the base's members, one after the other; a writer that can splice
// does so, members() in record.h is the definition.
//
// Slots number the columns of a Batch. All shapes from one source (a reader, an `aggregate`) to the
// next share one Slots.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "records/name.h"
#include "values/error.h"

namespace riffle {

// The command names a field that no record can have: a usage error without the place, which the
// caller adds where it knows it.
class UnknownField : public Error {
 public:
  explicit UnknownField(std::string message) : Error(ExitStatus::usage, std::move(message)) {}
};

class Shape;

using Slot = int;
constexpr Slot no_slot = -1;

// A field that the pipeline reads from the source's records: the reader fills column `slot` with
// untouched values.
struct SourceField {
  Name name;
  bool literal_only = false;  // look for the literal key alone, not the path
  Slot slot = no_slot;
  bool expected = false;  // the pipeline's user named it: that no record has it is worth a word
};

// Where a name's value is, record by record: the first candidate whose slot is not missing decides.
struct Candidate {
  Slot slot = no_slot;
  std::vector<std::string> members;  // to go down from the slot's value
  // When a member on the way is missing, the next candidate decides.
  bool or_next = false;
  // Instead of a slot: the whole record of this shape, put together. Slow, for names that cut
  // across the fields.
  std::shared_ptr<const Shape> record = nullptr;
  bool is_literal_key = false;  // the member bears the whole dotted name
};

// A name, or a pattern, of which only the records can tell whether one has it: it is looked for in
// those that come to the stage, and reported at the end when none had it.
struct Watch {
  Name name;
  bool is_pattern = false;
  std::vector<Slot> slots = {};  // of a name: the columns that it may be found in
};

// The columns of one stretch of the pipeline.
struct Slots {
  int count = 0;
  std::vector<SourceField> source;  // empty after an `aggregate`
  bool rest = false;                // some stage or the writer needs members that no field names
  // Literal names whose place in the record's bytes a writer would like to know, to splice there. A
  // reader that cannot tell leaves their columns empty.
  std::vector<SourceField> places;
  bool reads_window = false;  // whether find() was asked for a bound of the current window
  // What find() was asked for by the user's names, in that order: for --explain.
  std::vector<Name> named;

  // What the stages' arguments name, and only the records can tell.
  std::vector<Watch> watched;

  Slot add() { return count++; }
};

// A member of a closed base.
struct Field {
  Name name;
  Slot slot = no_slot;
  // Not empty: the slot holds maps whose members, matching this (`cpu_*`), stand here.
  std::string pattern;
  // Of a pattern: the shape whose members it takes, but for those that match `others`.
  std::shared_ptr<const Shape> from = nullptr;
  std::vector<std::string> others = {};
};

struct Edit {
  enum class Kind {
    // Every member `name` gets the slot's value; when there is none it is added at the end. A
    // missing value: nothing.
    set,
    // Members `name` are taken away and the slot's value is put in front. A missing value: nothing.
    first,
    drop,          // members `name` are taken away
    drop_pattern,  // members whose names match `name` (`cpu_*`) are taken away
    // If there is a member `from`: members `name` are taken away, and those called `from` get that
    // name.
    rename,
  };
  Kind kind = Kind::set;
  Name name;
  // Set, first: the value; drop, rename: the column of the field itself, if the reader fills it.
  Slot slot = no_slot;
  std::string from;
  // What the columns of a table need to know of it.
  // Set, first: makes a field, which is there even when no record has a value for it.
  bool makes = true;
  // set: the field is not the member itself but in it (`user.id`): made, or else taken away.
  std::string inside = {};
  // set: the field whose value this is, under another name: without it none is made.
  std::string moved = {};
  bool adds = false;  // set: records that have such a field keep it
};

// The fields of the window that a record is in, after `window`.
struct WindowFields {
  // A session's are known once it is closed: after the first stage that gathers.
  Slot start = no_slot, end = no_slot;
  // Of windows that are one key's: a number that tells them apart, and the key.
  Slot number = no_slot;
  struct Key {
    Name name;
    Slot slot = no_slot;
  };
  std::vector<Key> keys = {};
  bool may_merge = false;        // sessions: two may turn out to be one
  bool bounds_are_times = true;  // or else positions among the key's records
  Slot pane = no_slot;           // if windows fire more than once: which pane this is
  bool fills = false;            // empty windows fire, too

  bool have_numbers() const { return number != no_slot; }
};

class Shape {
 public:
  // The shape of a source's records: open, no edits.
  static Shape of_source();
  // A closed shape with columns of its own: fields[i] is in slot i.
  static Shape of_fields(const std::vector<Name>& names);

  bool is_open() const { return open_; }
  const std::vector<Field>& fields() const { return fields_; }
  const std::vector<Edit>& edits() const { return edits_; }
  // Asking for fields changes the slots of all shapes from one source to the next: while a pipeline
  // is planned. What runs has const shapes.
  Slots& slots() { return *slots_; }
  const Slots& slots() const { return *slots_; }

  // Where `name` is; see find() in record.h. On an open shape this asks the reader for the field.
  // `expected`: the user named the field, rather than a stage that looks whether it is there.
  // Empty: no record can have it; throws UnknownField instead where it is expected.
  std::vector<Candidate> find(const Name& name, bool expected = true);

  // The user names the members that match `pattern`.
  void watch(const Name& pattern) { slots_->watched.push_back({pattern, true}); }

  // The names of the fields that the command itself tells, in their order: of a closed shape.
  std::vector<std::string> known_names() const;

  // The whole record, as a map: on an open shape this asks the reader for all members.
  std::vector<Candidate> find_all();

  // By slot: whether a name, or a writer, may find a value of a record there. The others are those
  // of fields that are gone.
  std::vector<bool> reached_slots() const;

  // Closes the shape: its base is now `fields` (their slots are this stretch's), no edits.
  void close(std::vector<Field> fields);
  // The shape before its edits.
  Shape base() const;
  // Appends an edit (a closed shape without edits is changed in place where that means the same).
  void edit(Edit edit);

  // A stage adds fields whose names it does not know yet: no name is unknown any more.
  bool has_unread_fields = false;

  // After `window`: the window's fields. `name` window_start and window_end find these slots
  // first.
  std::optional<WindowFields> window;

 private:
  using Candidates = std::vector<Candidate>;

  // What `name` was before the last edits: only the first `edits` of them have happened.
  void find_before(std::size_t edits, const Name& name, bool expected, Candidates& found);
  bool cuts_across_fields(const Name& name) const;
  bool is_settled_by_records(const Candidate& candidate) const;
  [[noreturn]] void refuse_unknown(const Name& name) const;
  bool find_in_edit(std::size_t edit, const Name& name, bool expected, Candidates& found);
  void find_in_base(const Name& name, bool expected, Candidates& found);
  bool edit_in_place(const Edit& edit);
  Slot source_slot(const Name& name, bool expected);

  bool open_ = true;
  std::vector<Field> fields_;
  std::vector<Edit> edits_;
  std::shared_ptr<Slots> slots_;
};

// Whether `name` matches a pattern with `*` (any run of characters).
bool matches(std::string_view pattern, std::string_view name);
// Whether a pattern takes members called `name`, or some that are inside them (`user.*` of `user`).
bool reaches(std::string_view pattern, std::string_view name);

}  // namespace riffle
