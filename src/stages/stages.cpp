#include <algorithm>
#include <utility>

#include "stages/rows.h"
#include "text/letter_case.h"
#include "text/nearest.h"

namespace riffle {
namespace {

// In the order in which the manual lists them.
const std::vector<StageRow>& table() {
  static const std::vector<StageRow> rows = {
      filter_row(),   transform_row(), select_row(),    drop_row(),    rename_row(),
      reorder_row(),  aggregate_row(), annotate_row(),  count_row(),   window_row(),
      since_row(),    head_row(),      tail_row(),      skip_row(),    top_row(),
      bottom_row(),   sort_row(),      distinct_row(),  join_row(),    match_row(),
      unwrap_row(),   explode_row(),   implode_row(),   flatten_row(), unflatten_row(),
      pivot_row(),    unpivot_row(),   fill_row(),      parse_row(),   sample_row(),
      describe_row(), templates_row(), histogram_row(), detect_row(),  assert_row(),
      tee_row(),      split_row()};
  return rows;
}

}  // namespace

Form& StageRow::add_form(Signature signature, Form::Make make) {
  return forms.emplace_back(Form{std::move(signature), make});
}

std::string StageRow::usage() const {
  std::string all;
  for (const Form& form : forms) all.append(all.empty() ? "" : " | ").append(form.signature.usage);
  return all;
}

std::vector<const Signature*> StageRow::signatures() const {
  std::vector<const Signature*> all;
  for (const Form& form : forms) all.push_back(&form.signature);
  return all;
}

std::vector<const Parameter*> StageRow::parameters() const {
  std::vector<const Parameter*> all;
  for (const Form& form : forms)
    for (const Parameter& parameter : form.signature.parameters)
      if (std::none_of(all.begin(), all.end(), [&](const Parameter* other) {
            return other->name == parameter.name && other->summary == parameter.summary;
          }))
        all.push_back(&parameter);
  return all;
}

const Parameter* StageRow::find_parameter(std::string_view wanted) const {
  for (const Form& form : forms)
    if (const Parameter* const parameter = form.signature.find(wanted)) return parameter;
  return nullptr;
}

std::span<const StageRow> stages() { return table(); }

const StageRow* find_stage(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const StageRow& row) { return row.name == name; });
  return found == table().end() ? nullptr : &*found;
}

std::string_view format_flag() {
  for (const StageRow& row : stages())
    for (const Parameter* const parameter : row.parameters())
      if (parameter->kind == Parameter::Kind::format) return parameter->name;
  return {};
}

const StageRow* stage_called_elsewhere(std::string_view word) {
  const std::string small = lower_ascii(word);
  const auto found = std::find_if(table().begin(), table().end(), [&](const StageRow& row) {
    return std::find(row.elsewhere.begin(), row.elsewhere.end(), small) != row.elsewhere.end();
  });
  return found == table().end() ? nullptr : &*found;
}

std::string stage_meant_by(std::string_view word) {
  if (const StageRow* const row = stage_called_elsewhere(word)) return std::string(row->name);
  std::vector<std::string> names;
  for (const StageRow& row : stages()) names.emplace_back(row.name);
  return nearest(word, names);
}

}  // namespace riffle
