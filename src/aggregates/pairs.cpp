// covar, corr and slope of two numbers a record, by Welford's update and the merge of Chan, Golub
// and LeVeque, of the distances from the first ones, as variance.cpp does for one.
#include <algorithm>
#include <cmath>

#include "aggregates/aggregate_of.h"
#include "aggregates/distance.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

struct Pairs {
  std::uint64_t count = 0;
  Value first_x, first_y;
  double mean_x = 0, mean_y = 0;  // of the distances from them
  double xx = 0, yy = 0, xy = 0;  // the sums of the products of their distances from the means
};

enum class Asked { covariance, correlation, slope };

// Null where one of the two is the same throughout.
Value correlation_of(const Pairs& pairs) {
  if (pairs.xx == 0 || pairs.yy == 0) return null_value();
  const double product = pairs.xx * pairs.yy;
  const double scale =
      std::isnormal(product) ? std::sqrt(product) : std::sqrt(pairs.xx) * std::sqrt(pairs.yy);
  return real_value(std::clamp(pairs.xy / scale, -1.0, 1.0));
}

template <Asked asked>
class OfPairs : public PairAggregateOf<OfPairs<asked>, Pairs> {
 public:
  bool take(Pairs& pairs, const Value& first, const Value& second) const {
    const Value x = number_of(first), y = number_of(second);
    if (x.is_missing() || y.is_missing()) return false;
    if (pairs.count == 0) pairs.first_x = x, pairs.first_y = y;
    const double count = static_cast<double>(++pairs.count);
    const double from_x = distance_between(pairs.first_x, x),
                 from_y = distance_between(pairs.first_y, y);
    const double distance_x = from_x - pairs.mean_x, distance_y = from_y - pairs.mean_y;
    pairs.mean_x += distance_x / count;
    pairs.mean_y += distance_y / count;
    pairs.xx += distance_x * (from_x - pairs.mean_x);
    pairs.yy += distance_y * (from_y - pairs.mean_y);
    pairs.xy += distance_x * (from_y - pairs.mean_y);
    return true;
  }
  void merge_states(Pairs& into, const Pairs& from) const {
    if (from.count == 0) return;
    if (into.count == 0) into.first_x = from.first_x, into.first_y = from.first_y;
    const double a = static_cast<double>(into.count), b = static_cast<double>(from.count);
    const double distance_x =
        from.mean_x + distance_between(into.first_x, from.first_x) - into.mean_x;
    const double distance_y =
        from.mean_y + distance_between(into.first_y, from.first_y) - into.mean_y;
    const double weight = a / (a + b) * b;
    into.count += from.count;
    into.mean_x += distance_x * b / (a + b);
    into.mean_y += distance_y * b / (a + b);
    into.xx += from.xx + distance_x * distance_x * weight;
    into.yy += from.yy + distance_y * distance_y * weight;
    into.xy += from.xy + distance_x * distance_y * weight;
  }
  Value value(const Pairs& pairs, Memory&, bool& failed) const {
    if (pairs.count < 2) return null_value();
    // Divided by one that is past a double's range, the others would seem to be nothing.
    failed = !std::isfinite(pairs.xx) || !std::isfinite(pairs.yy) || !std::isfinite(pairs.xy);
    if (failed) return null_value();
    if (asked == Asked::covariance)
      return real_value(pairs.xy / static_cast<double>(pairs.count - 1));
    if (asked == Asked::correlation) return correlation_of(pairs);
    return pairs.yy == 0 ? null_value() : real_value(pairs.xy / pairs.yy);
  }
  void save_state(const Pairs& pairs, StateWriter& to) const { to.number(pairs); }
  void load_state(Pairs& pairs, StateReader& from) const { pairs = from.number<Pairs>(); }
};

}  // namespace

AggregateFunction covar_aggregate() {
  return aggregate_row(
      "covar(x, y)",
      "the covariance of a sample (n - 1, SQL's covar_samp), of the records where neither "
      "is null; null for fewer than two",
      {{"covar(x, 2 * x)", "[1, 2, null, 3]", "2"}, {"covar(x, x)", "[1]", "null"}},
      make_aggregate<OfPairs<Asked::covariance>>);
}

AggregateFunction corr_aggregate() {
  return aggregate_row(
      "corr(x, y)",
      "Pearson's correlation, from -1 to 1, of the records where neither is null; null for "
      "fewer than two, or when one of the two never changes",
      {{"corr(x, -x)", "[1, 2, null, 4]", "-1"}, {"corr(x, 1)", "[1, 2]", "null"}},
      make_aggregate<OfPairs<Asked::correlation>>);
}

AggregateFunction slope_aggregate() {
  return aggregate_row(
      "slope(y, x)",
      "by how much y rises with each unit of x on the line of least squares (SQL's "
      "regr_slope); null when x never changes",
      {{"slope(3 * x + 1, x)", "[1, 2, null, 4]", "3"}, {"slope(x, 1)", "[1, 2]", "null"}},
      make_aggregate<OfPairs<Asked::slope>>);
}

}  // namespace riffle
