// var and stddev of a sample (n - 1), by Welford's update and the merge of Chan, Golub and LeVeque
// ("Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979), of the
// distances from the first value.
#include <cmath>

#include "aggregates/aggregate_of.h"
#include "aggregates/distance.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

struct Spread {
  std::uint64_t count = 0;
  Value first;
  // Of the distances from it; the sum of their squared distances from the mean.
  double mean = 0, squares = 0;
};

class Variance : public AggregateOf<Variance, Spread> {
 public:
  explicit Variance(bool root) : root_(root) {}

  bool take(Spread& spread, const Value& value) const {
    const Value number = number_of(value);
    if (number.is_missing()) return false;
    if (spread.count == 0) spread.first = number;
    const double x = distance_between(spread.first, number), distance = x - spread.mean;
    spread.mean += distance / static_cast<double>(++spread.count);
    spread.squares += distance * (x - spread.mean);
    return true;
  }
  void merge_states(Spread& into, const Spread& from) const {
    if (from.count == 0) return;
    if (into.count == 0) into.first = from.first;
    const double a = static_cast<double>(into.count), b = static_cast<double>(from.count);
    const double distance = from.mean + distance_between(into.first, from.first) - into.mean;
    into.count += from.count;
    into.mean += distance * b / (a + b);
    into.squares += from.squares + distance * distance * a * b / (a + b);
  }
  Value value(const Spread& spread, Memory&, bool&) const {
    if (spread.count < 2) return null_value();
    const double variance = spread.squares / static_cast<double>(spread.count - 1);
    return real_value(root_ ? std::sqrt(variance) : variance);
  }
  void save_state(const Spread& spread, StateWriter& to) const { to.number(spread); }
  void load_state(Spread& spread, StateReader& from) const { spread = from.number<Spread>(); }

 private:
  bool root_;
};

}  // namespace

AggregateFunction stddev_aggregate() {
  AggregateFunction f;
  f.name = "stddev";
  f.usage = "stddev(x)";
  f.summary = "the standard deviation of a sample (n - 1); null for fewer than two values";
  f.examples = {{"stddev(x)", "[2, 4, 4, 4, 5, 5, 7, 9]", "2.138089935299395"},
                {"stddev(x)", "[1]", "null"}};
  f.make = make_aggregate<Variance, true>;
  return f;
}

AggregateFunction var_aggregate() {
  AggregateFunction f;
  f.name = "var";
  f.usage = "var(x)";
  f.summary = "the variance of a sample (n - 1); null for fewer than two values";
  f.examples = {{"var(x)", "[1, 2, 3, 4]", "1.6666666666666667"},
                {"var(x)", "[10000000000000000, 10000000000000002, 10000000000000004]", "4"}};
  f.make = make_aggregate<Variance, false>;
  return f;
}

}  // namespace riffle
