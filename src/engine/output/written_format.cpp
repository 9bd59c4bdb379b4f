#include "engine/output/written_format.h"

#include <algorithm>

namespace riffle {
namespace {

// No record has a field but `line`.
bool are_lines(const Shape& shape) {
  const auto is_line = [](const Name& name) { return name.literal == "line"; };
  const auto leaves_line = [&](const Edit& edit) {
    const bool drops = edit.kind == Edit::Kind::drop || edit.kind == Edit::Kind::drop_pattern;
    return drops || is_line(edit.name);
  };
  const auto is_field = [&](const Field& field) {
    return field.pattern.empty() && is_line(field.name);
  };
  return !shape.has_unread_fields &&
         std::all_of(shape.edits().begin(), shape.edits().end(), leaves_line) &&
         (shape.is_open() || std::all_of(shape.fields().begin(), shape.fields().end(), is_field));
}

}  // namespace

const Format& written_format(const Format& input, const Shape& shape) {
  const bool is_written =
      input.make_writer != nullptr && (input.name != "text" || are_lines(shape));
  return is_written ? input : *find_format("ndjson");
}

}  // namespace riffle
