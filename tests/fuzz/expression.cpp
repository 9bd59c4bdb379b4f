// An expression's text: it is refused with a message, or it can be printed and read again as the
// same tree, bound and evaluated.
#include <cstdint>
#include <cstdlib>

#include "expression/check.h"
#include "values/error.h"

namespace {

using namespace riffle;

void evaluate(const Syntax& syntax, const std::shared_ptr<const Text>& text) {
  static const Settings settings;
  Shape shape = Shape::of_fields(
      {literal_name("a"), literal_name("b"), literal_name("c"), literal_name("d")});
  BindContext binding{shape, settings};
  const ExpressionPtr expression = riffle::bind(syntax, text, binding);
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = std::make_shared<const Shape>(shape);
  batch.size = 2;
  batch.rows = {0, 1};
  static const std::vector<std::vector<Value>> columns = {
      {integer_value(7), text_value("x")},
      {real_value(0.5), null_value()},
      {json_value(R"({"k":[1,"\u00e9"],"l":null})"), json_value("\"2026-01-31T10:00:00Z\"")},
      {boolean_value(true), Value()}};
  batch.columns.resize(static_cast<std::size_t>(shape.slots().count));
  for (std::size_t i = 0; i < columns.size(); i++) batch.columns[i] = {columns[i].data()};
  Effects effects;
  Evaluation evaluation{batch, effects};
  expression->evaluate(evaluation, batch.rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = std::make_shared<const Text>(
      Text{"filter", std::string(reinterpret_cast<const char*>(data), size)});
  try {
    const auto syntax = parse_expression(text);
    const auto printed = std::make_shared<const Text>(Text{"filter", print(*syntax)});
    std::string again;
    try {
      again = print(*parse_expression(printed));
    } catch (const Error&) {
      std::abort();
    }
    if (again != printed->text) std::abort();
    evaluate(*syntax, text);
  } catch (const Error& error) {
    if (error.status() != ExitStatus::usage) std::abort();
  }
  return 0;
}
