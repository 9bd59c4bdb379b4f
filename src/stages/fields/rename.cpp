#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "arguments/names.h"
#include "expression/syntax.h"
#include "stages/fields/fields.h"
#include "stages/fields/rename_each.h"
#include "stages/rows.h"
#include "values/error.h"

namespace riffle {
namespace {

// A renaming that a path takes part in.
struct Move {
  std::optional<FieldReader> from;  // of a plain name
  // Of a path: what stands under a literal key is renamed where it stands.
  std::shared_ptr<const PathPlaces> places;
  FieldRemover remover;
  FieldSetter to;
};

class Rename : public RecordStage {
 public:
  explicit Rename(std::vector<Move> moves) : moves_(std::move(moves)) {}

  Batch apply(Batch batch, Effects&, const HandOn&) const override {
    for (const Move& move : moves_) {
      const Column values = move.from ? move.from->read(batch) : inside(*move.places, batch);
      move.remover.remove(batch);
      move.to.set(batch, values);
    }
    return batch;
  }

 private:
  static Column inside(const PathPlaces& places, Batch& batch) {
    const PathPlaces::Values found = places.read(batch);
    Value* const values = batch.new_values();
    for (const Row row : batch.rows)
      values[row] =
          found.literal[row].is_missing() ? places.inside(found.top[row], *batch.memory) : Value();
    return {values};
  }

  std::vector<Move> moves_;
};

Move make_move(Shape& shape, const Renaming& renaming) {
  if (!renaming.from.is_path()) {
    FieldReader from(shape, renaming.from, false);
    FieldRemover remover(shape, renaming.from);
    return {std::move(from), nullptr, std::move(remover),
            FieldSetter(shape, renaming.to, renaming.from.literal)};
  }
  auto places = std::make_shared<const PathPlaces>(shape, renaming.from);
  FieldRemover remover(shape, renaming.from, true);
  if (!places->is_never_literal())
    shape.edit(
        {Edit::Kind::rename, literal_name(renaming.to.literal), no_slot, renaming.from.literal});
  return {std::nullopt, std::move(places), std::move(remover),
          FieldSetter(shape, renaming.to, renaming.from.literal)};
}

// A field of a list of fields, to a name that no other has.
bool is_renamed_in_place(const Shape& shape, const Renaming& renaming) {
  if (!is_field_in_place(shape, renaming.from) || is_field_in_place(shape, renaming.to))
    return false;
  return std::none_of(shape.fields().begin(), shape.fields().end(), [&](const Field& field) {
    return field.name.path.front() == renaming.to.path.front() &&
           field.name.literal != renaming.from.literal;
  });
}

void edit(Shape& shape, const Name& to, const Name& from) {
  const auto found = shape.find(from, false);
  shape.edit({Edit::Kind::rename, to, found.empty() ? no_slot : found.front().slot, from.literal});
}

// All take place at once: where a new name is also an old one (`a=b,b=a`), fields get names that no
// record has first.
void edit_through_names_between(Shape& shape, const std::vector<Renaming>& renamings) {
  const auto between = [](const Renaming& renaming) {
    return literal_name("\x1f" + renaming.to.literal);
  };
  for (const Renaming& renaming : renamings) edit(shape, between(renaming), renaming.from);
  for (const Renaming& renaming : renamings)
    shape.edit({Edit::Kind::rename, renaming.to, no_slot, between(renaming).literal});
}

bool is_plain(const Renaming& renaming) {
  return !renaming.to.is_path() && !renaming.from.is_path();
}

bool crosses(const std::vector<Renaming>& renamings) {
  const auto is_old = [&](const Renaming& renaming) {
    return std::any_of(renamings.begin(), renamings.end(),
                       [&](const Renaming& other) { return other.from == renaming.to; });
  };
  return std::any_of(renamings.begin(), renamings.end(), is_old);
}

void check_names(const std::vector<Renaming>& renamings, const Text& text) {
  std::vector<Name> made;
  for (auto renaming = renamings.begin(); renaming != renamings.end(); ++renaming) {
    for (auto other = renamings.begin(); other != renaming; ++other) {
      const auto refuse = [&](std::string_view kind, const Name& name) {
        throw usage_error_at(
            fmt::format("rename: two items have the {} name '{}'", kind, name.literal), text.text,
            renaming->position, renaming->length);
      };
      if (other->to.literal == renaming->to.literal) refuse("new", renaming->to);
      if (other->from.literal == renaming->from.literal) refuse("old", renaming->from);
    }
    if (const std::string reason = clash(renaming->to, made); !reason.empty())
      throw usage_error_at(fmt::format("rename: {}", reason), text.text, renaming->position,
                           renaming->length);
    made.push_back(renaming->to);
  }
}

Planned make(Setup& setup) {
  const auto& text = setup.arguments.source("RENAMINGS");
  const std::span<const Renaming> given = setup.arguments.renamings("RENAMINGS");
  std::vector<Renaming> renamings(given.begin(), given.end());
  check_names(renamings, *text);
  std::erase_if(renamings, [](const Renaming& renaming) { return renaming.to == renaming.from; });
  for (const Renaming& renaming : renamings) setup.shape.find(renaming.from);
  std::vector<Move> moves;
  if (crosses(renamings)) {
    if (!std::all_of(renamings.begin(), renamings.end(), is_plain))
      throw usage_error_at("rename: a name is both new and old; give paths a rename of their own",
                           text->text, 0, text->text.size());
    edit_through_names_between(setup.shape, renamings);
    return std::make_unique<Rename>(std::move(moves));
  }
  for (const Renaming& renaming : renamings) {
    if (is_plain(renaming) || is_renamed_in_place(setup.shape, renaming))
      edit(setup.shape, renaming.to, renaming.from);
    else
      moves.push_back(make_move(setup.shape, renaming));
  }
  return std::make_unique<Rename>(std::move(moves));
}

}  // namespace

StageRow rename_row() {
  StageRow row;
  row.name = "rename";
  row.summary = "gives fields other names; they keep their places";
  row.details =
      "All take place at once: a=b,b=a swaps two fields. Renaming onto a name that the record has "
      "replaces that field. A path (user.id) moves the value out of or into a map, unless the "
      "record has a key of exactly that name: a CSV column keeps its place. --each computes the "
      "new "
      "name of every field of a record, not of those inside maps; a record in which two would have "
      "one name is a bad record.";
  row.add_form({.usage = "rename NEW=OLD,...",
                .parameters = {{"RENAMINGS", Parameter::Kind::renamings,
                                "NEW=OLD, with commas between several", true}}},
               make);
  row.add_form({.usage = "rename --each 'NAME -> EXPR'",
                .parameters = {{"--each", Parameter::Kind::lambda,
                                "the new name, from the old one: name -> snake(name)", true}},
                .flag = "--each"},
               make_rename_each);
  row.examples = {{"rename ms=latency,uid=user.id", "{\"latency\":3,\"user\":{\"id\":7}}\n",
                   "{\"ms\":3,\"user\":{},\"uid\":7}\n"},
                  {"rename --each 'name -> snake(name)'", "{\"Case ID\":7,\"openDate\":null}\n",
                   "{\"case_id\":7,\"open_date\":null}\n"}};
  row.foreign_flags = {{"--snake", "write: rename --each snake"},
                       {"--lower", "write: rename --each lower"},
                       {"--upper", "write: rename --each upper"}};
  return row;
}

}  // namespace riffle
