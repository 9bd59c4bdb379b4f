#include <limits>
#include <stdexcept>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/kinds.h"

namespace riffle {
namespace {

struct Joined {
  std::string text;
  bool has_any = false;  // one text that is empty is not none
};

class JoinText : public AggregateOf<JoinText, Joined> {
 public:
  explicit JoinText(std::string separator) : separator_(std::move(separator)) {}

  bool take(Joined& joined, const Value& value) const {
    if (!is_scalar(value)) return false;
    Memory scratch;
    append(joined, text_of(value, scratch));
    return true;
  }
  void merge_states(Joined& into, const Joined& from) const {
    if (from.has_any) append(into, from.text);
  }
  Value value(const Joined& joined, Memory& memory, bool& failed) const {
    failed = joined.text.size() > std::numeric_limits<decltype(Value::size)>::max();
    return failed || !joined.has_any ? null_value() : text_value(memory.copy(joined.text));
  }
  void save_state(const Joined& joined, StateWriter& to) const {
    to.number(joined.has_any);
    to.text(joined.text);
  }
  void load_state(Joined& joined, StateReader& from) const {
    joined.has_any = from.number<bool>();
    joined.text = from.text();
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return state(accumulator).text.capacity();
  }

 private:
  void append(Joined& joined, std::string_view text) const {
    if (joined.has_any) joined.text += separator_;
    joined.text += text;
    joined.has_any = true;
  }

  std::string separator_;
};

}  // namespace

AggregateFunction join_text_aggregate() {
  AggregateFunction f;
  f.name = "join_text";
  f.in_order = true;
  f.usage = "join_text(x[, separator])";
  f.takes = AggregateFunction::Takes::scalars;
  f.summary =
      "the texts of all values one after the other, with a comma or the separator between them";
  f.least = 1;
  f.most = 2;
  f.constants = 1;
  f.examples = {{"join_text(x)", "[\"a\", null, 1.50]", "\"a,1.50\""},
                {"join_text(x, \" or \")", "[\"a\", \"b\"]", "\"a or b\""},
                {"join_text(x)", "[]", "null"}};
  f.make = [](std::string_view, std::span<const Value> constants) -> std::unique_ptr<Aggregate> {
    if (constants.empty()) return std::make_unique<JoinText>(",");
    if (!is_scalar(constants[0]) || is_nothing(constants[0]))
      throw std::invalid_argument("the separator must be a text");
    Memory scratch;
    return std::make_unique<JoinText>(std::string(text_of(constants[0], scratch)));
  };
  return f;
}

}  // namespace riffle
