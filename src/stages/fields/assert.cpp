#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expression/check.h"
#include "expression/failure.h"
#include "records/record.h"
#include "stages/rows.h"
#include "values/decode.h"

namespace riffle {
namespace {

// A field that the condition names: what it is there explains a failure.
struct NamedField {
  std::string name;
  std::vector<Candidate> candidates;
};

class Assert : public RecordStage {
 public:
  Assert(ExpressionPtr condition, std::vector<NamedField> fields, std::string message)
      : condition_(std::move(condition)),
        fields_(std::move(fields)),
        message_(std::move(message)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    Evaluation evaluation{batch, effects};
    const Column values = condition_->evaluate(evaluation, batch.rows);
    for (const Row row : batch.rows) {
      const Value value = decode(values[row], *batch.memory);
      if (value.kind == Kind::boolean && value.boolean) continue;
      evaluation.fail(row, condition_->site(), [&] { return why_failed(batch, row); });
    }
    return batch;
  }

 private:
  std::string why_failed(const Batch& batch, Row row) const {
    std::string fields;
    for (const NamedField& field : fields_)
      fields += fmt::format("{}{} is {}", fields.empty() ? "" : ", ", field.name,
                            shown(find(batch, row, field.candidates, *batch.memory)));
    return message_.empty() ? fields
                            : message_ + (fields.empty() ? "" : fmt::format(" ({})", fields));
  }

  ExpressionPtr condition_;
  std::vector<NamedField> fields_;
  std::string message_;
};

constexpr std::size_t most_fields = 4;  // that a message shows

Planned make(Setup& setup) {
  const std::size_t before = setup.shape.slots().named.size();
  ExpressionPtr condition = setup.bind("EXPR");
  const std::vector<Name> named(
      setup.shape.slots().named.begin() + static_cast<std::ptrdiff_t>(before),
      setup.shape.slots().named.end());
  std::vector<NamedField> fields;
  for (const Name& name : named) {
    const auto is_it = [&](const NamedField& field) { return field.name == name.literal; };
    if (fields.size() < most_fields && std::none_of(fields.begin(), fields.end(), is_it))
      fields.push_back({name.literal, setup.shape.find(name, false)});
  }
  return std::make_unique<Assert>(std::move(condition), std::move(fields),
                                  setup.arguments.text("--message"));
}

}  // namespace

StageRow assert_row() {
  StageRow row;
  row.name = "assert";
  row.summary = "passes every record; one for which EXPR is not true makes the status 1";
  row.details =
      "At the end the run says for how many it was not true, and what the first one holds; "
      "--message adds the reason. Null is not true. With --strict the run stops at the first.";
  row.add_form({.usage = "assert EXPR [--message TEXT]",
                .parameters = {{"EXPR", Parameter::Kind::expression, "what must hold", true},
                               {"--message", Parameter::Kind::word, "why it must"}}},
               make);
  row.examples = {{"assert 'n >= 0'", "{\"n\":1}\n{\"n\":2}\n", "{\"n\":1}\n{\"n\":2}\n"}};
  row.elsewhere = {"check", "expect", "validate"};
  return row;
}

}  // namespace riffle
