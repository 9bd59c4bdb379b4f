#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/kinds.h"

namespace riffle {
namespace {

struct Seen {
  bool yes = false, no = false;
};

template <bool every>
class Quantified : public AggregateOf<Quantified<every>, Seen> {
 public:
  bool take(Seen& seen, const Value& value) const {
    if (!is_scalar(value)) return false;
    Memory scratch;
    const Value decoded = decode(value, scratch);
    if (decoded.kind != Kind::boolean) return false;
    (decoded.boolean ? seen.yes : seen.no) = true;
    return true;
  }
  void merge_states(Seen& into, Seen from) const {
    into.yes = into.yes || from.yes;
    into.no = into.no || from.no;
  }
  Value value(Seen seen, Memory&, bool&) const {
    if (!seen.yes && !seen.no) return null_value();
    return boolean_value(every ? !seen.no : seen.yes);
  }
  void save_state(Seen seen, StateWriter& to) const { to.number(seen); }
  void load_state(Seen& seen, StateReader& from) const { seen = from.number<Seen>(); }
};

}  // namespace

AggregateFunction any_aggregate() {
  AggregateFunction f;
  f.name = "any";
  f.usage = "any(x)";
  f.takes = AggregateFunction::Takes::conditions;
  f.summary = "whether one of the values is true (SQL's bool_or); null when there is none";
  f.examples = {{"any(x > 2)", "[1, null, 3]", "true"},
                {"any(x)", "[false, null]", "false"},
                {"any(x)", "[null]", "null"}};
  f.make = make_aggregate<Quantified<false>>;
  return f;
}

AggregateFunction every_aggregate() {
  AggregateFunction f;
  f.name = "every";
  f.usage = "every(x)";
  f.takes = AggregateFunction::Takes::conditions;
  f.summary =
      "whether all of the values are true, those aside that are null (SQL's bool_and); null when "
      "there is none";
  f.examples = {{"every(x > 2)", "[1, null, 3]", "false"},
                {"every(x)", "[true, null]", "true"},
                {"every(x)", "[]", "null"}};
  f.make = make_aggregate<Quantified<true>>;
  return f;
}

}  // namespace riffle
