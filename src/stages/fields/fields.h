// Fields by name, paths included, for the stages that change them: each says at the making which
// edits the shape needs, and fills their columns batch by batch. All are immutable: threads share
// them.
//
// A path (`user.name`) means a literal key of the whole name where the record has one, and
// otherwise the member inside.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "records/batch.h"
#include "records/record.h"
#include "stages/fields/record_maker.h"

namespace riffle {

// The value of a field, in a column.
class FieldReader {
 public:
  // `expected`: see Shape::find.
  FieldReader(Shape& shape, const Name& name, bool expected = true);
  Column read(Batch& batch) const;
  // The slot that holds the value in every batch, computed by read() where it is not simply a
  // source's.
  Slot slot() const { return slot_; }
  // The field has been set to `values`, where they are not missing: what it was is not looked at
  // again, and no longer held. REQUIRES: the batch's columns are its own.
  void forget(Batch& batch, const Value* values) const;

 private:
  std::vector<Candidate> candidates_;
  Slot slot_ = no_slot;
  bool computed_ = false, is_path_ = false;
};

// The two places where a path's value may stand, before a stage has changed anything.
class PathPlaces {
 public:
  PathPlaces(Shape& shape, const Name& path);

  struct Values {
    Column literal;  // under a key of the whole name
    Column top;      // of the path's first step
  };
  Values read(Batch& batch) const;
  // The value at the path's end inside its first step's.
  Value inside(const Value& top, Memory& memory) const;
  // No record can have a literal key of the whole name.
  bool is_never_literal() const { return literal_.empty(); }

  const std::vector<std::string>& below() const { return below_; }  // the path's further steps

 private:
  Name path_;
  std::vector<std::string> below_;
  std::vector<Candidate> literal_, top_;
  // Of a closed shape: the places must be looked for in the record as it is put together.
  std::shared_ptr<const Shape> closed_;
};

// Sets a field. A missing value adds no field, and leaves one that is there.
class FieldSetter {
 public:
  // `moved`: the field whose value it gets and that it takes the place of; no record without that
  // one gets it. `makes`: a table has a column for it, whether the first record has a value or not.
  FieldSetter(Shape& shape, const Name& name, const std::string& moved = {}, bool makes = true);
  void set(Batch& batch, const Column& values) const;

 private:
  void set_name(Batch& batch, const Column& values) const;
  void set_path(Batch& batch, const Column& values) const;

  Slot slot_ = no_slot;         // the new values; of a path: of its first step
  std::vector<Candidate> old_;  // of a closed shape's field: what it was
  bool is_path_ = false;
  std::shared_ptr<const PathPlaces> places_;  // null: the field is set as a whole
  Slot literal_slot_ = no_slot;
};

// Gives a field to the records that have none of its name: those that have one keep it.
class FieldAdder {
 public:
  // `text`: the whole name of a member, dots included.
  FieldAdder(Shape& shape, const std::string& text);
  // `values`: of the living rows; they are changed.
  void add(Batch& batch, Value* values) const;

 private:
  std::vector<Candidate> old_;
  Slot slot_ = no_slot;
  bool in_place_ = false;  // the slot is the field's own
  bool is_dotted_ = false;
};

// Takes a field away. Whether it is one is not asked: see Shape::find.
class FieldRemover {
 public:
  // `inside_only`: a literal key of a path's whole name stays.
  FieldRemover(Shape& shape, const Name& name, bool inside_only = false);
  void remove(Batch& batch) const;

 private:
  std::shared_ptr<const PathPlaces> places_;  // null: the edits alone do it
  Slot slot_ = no_slot;                       // of the path's first step
};

// Takes away what patterns match, inside maps too: to be made and used after what else a stage
// takes away.
class PatternRemover {
 public:
  PatternRemover(Shape& shape, const std::vector<Name>& patterns);
  void remove(Batch& batch) const;

 private:
  // Those that reach into maps: what they take, only the record tells.
  std::vector<std::string> inside_;
  std::optional<RecordMaker> records_;
};

// Whether a path is a field of a closed shape that can be changed in its place.
bool is_field_in_place(const Shape& shape, const Name& path);

}  // namespace riffle
