// sum and avg. Integers are added in 128 bits; reals with Neumaier's compensation
// ("Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974), so that the
// order of magnitudes does not matter.
#include <cmath>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

// Every compiler of ours has it. An accumulator is aligned to 8.
__extension__ typedef __int128 Wide __attribute__((aligned(8)));

// Small, as there is one for each group: a sum of whole numbers, or, once one of them is a real, of
// reals.
struct Total {
  struct Reals {
    double sum, compensation;
  };
  union {
    Wide whole = 0;
    Reals reals;
  };
  std::uint64_t count : 62 = 0;
  std::uint64_t has_real : 1 = false;
  std::uint64_t durations : 1 = false;  // what was added

  void add_whole(Wide n) {
    if (!has_real)
      whole += n;
    else
      add_in_parts(n);
  }
  void add_real(double d) {
    become_real();
    add(d);
  }
  void merge(Total other) {
    if (other.has_real) {
      become_real();
      add(other.reals.sum);
      add(other.reals.compensation);
    } else {
      add_whole(other.whole);
    }
    count += other.count;
    durations = durations || other.durations;
  }
  // The compensation of an infinite sum is no number.
  double real() const {
    return std::isfinite(reals.compensation) ? reals.sum + reals.compensation : reals.sum;
  }

 private:
  void become_real() {
    if (has_real) return;
    const Wide before = whole;
    has_real = true;
    reals = {0, 0};
    if (before != 0) add_in_parts(before);
  }
  // In two parts, as a double may not hold all of it.
  void add_in_parts(Wide n) {
    const double most = static_cast<double>(n);
    add(most);
    add(static_cast<double>(n - static_cast<Wide>(most)));
  }
  void add(double d) {
    const double sum = reals.sum + d;
    reals.compensation +=
        std::abs(reals.sum) >= std::abs(d) ? (reals.sum - sum) + d : (d - sum) + reals.sum;
    reals.sum = sum;
  }
};

static_assert(sizeof(Total) == 24);

bool take_number(Total& total, const Value& value) {
  if (value.kind == Kind::duration) {
    if (!total.durations && total.count > 0) return false;
    total.durations = true;
    total.whole += value.integer;
    total.count++;
    return true;
  }
  const Value number = number_of(value);
  if (number.is_missing() || total.durations) return false;
  if (number.kind == Kind::integer)
    total.add_whole(number.integer);
  else if (number.kind == Kind::natural)
    total.add_whole(number.natural);
  else
    total.add_real(number.real);
  total.count++;
  return true;
}

Value whole_value(Wide whole, bool& failed) {
  if (whole >= INT64_MIN && whole <= INT64_MAX)
    return integer_value(static_cast<std::int64_t>(whole));
  if (whole > 0 && whole <= static_cast<Wide>(UINT64_MAX))
    return natural_value(static_cast<std::uint64_t>(whole));
  failed = true;
  return null_value();
}

template <typename Self>
class TotalOf : public AggregateOf<Self, Total> {
 public:
  bool take(Total& total, const Value& value) const { return take_number(total, value); }
  void merge_states(Total& into, const Total& from) const {
    // Durations and numbers.
    if (into.count > 0 && from.count > 0 && into.durations != from.durations) return;
    into.merge(from);
  }
  void save_state(const Total& total, StateWriter& to) const { to.number(total); }
  void load_state(Total& total, StateReader& from) const { total = from.number<Total>(); }
};

class Sum : public TotalOf<Sum> {
 public:
  Value value(const Total& total, Memory&, bool& failed) const {
    if (total.count == 0) return null_value();
    if (total.has_real) return real_value(total.real());
    const Value sum = whole_value(total.whole, failed);
    return total.durations && sum.kind == Kind::integer ? duration_value(sum.integer) : sum;
  }
};

class Average : public TotalOf<Average> {
 public:
  Value value(const Total& total, Memory&, bool&) const {
    if (total.count == 0) return null_value();
    if (total.durations)
      return duration_value(
          static_cast<std::int64_t>(total.whole / static_cast<Wide>(total.count)));
    const double count = static_cast<double>(total.count);
    if (total.has_real) return real_value(total.real() / count);
    // The quotient's whole part is exact however large the sum is.
    const Wide quotient = total.whole / static_cast<Wide>(total.count);
    const Wide rest = total.whole % static_cast<Wide>(total.count);
    bool never = false;
    if (rest == 0) return whole_value(quotient, never);
    return real_value(static_cast<double>(quotient) + static_cast<double>(rest) / count);
  }
};

}  // namespace

AggregateFunction sum_aggregate() {
  AggregateFunction f;
  f.name = "sum";
  f.usage = "sum(x)";
  f.summary =
      "the sum of numbers or durations; exact for integers, and an overflow past 64 bits is an "
      "error";
  f.examples = {{"sum(x)", "[1, 2, null, 4]", "7"},
                {"sum(x)", "[0.1, 0.2, 0.3]", "0.6"},
                {"sum(x)", "[1e100, 1, -1e100]", "1"},
                {"sum(x)", "[]", "null"}};
  f.make = make_aggregate<Sum>;
  return f;
}

AggregateFunction avg_aggregate() {
  AggregateFunction f;
  f.name = "avg";
  f.usage = "avg(x)";
  f.summary = "the mean of numbers or durations";
  f.examples = {{"avg(x)", "[1, 2, null, 4]", "2.3333333333333335"}, {"avg(x)", "[]", "null"}};
  f.make = make_aggregate<Average>;
  return f;
}

}  // namespace riffle
