#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "expression/check.h"
#include "expression/failure.h"
#include "stages/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::uint64_t default_bins = 10, most_bins = 10'000;
constexpr std::size_t longest_bar = 40;

struct Bound {
  ExpressionPtr value;
  std::size_t bins = default_bins;
  bool logarithmic = false, bars = false;
  std::shared_ptr<const Shape> shape;
  Holder holder;
};

struct Bin {
  double low = 0, high = 0;
  std::uint64_t count = 0;
};

// A bar of eighths of a character. What is not nothing has at least one.
std::string bar_of(std::uint64_t count, std::uint64_t most) {
  constexpr std::string_view eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (count == 0) return {};
  const double part = static_cast<double>(count) / static_cast<double>(most);
  const auto length =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(part * longest_bar * 8)));
  std::string bar;
  for (std::size_t i = 0; i < length / 8; i++) bar += "█";
  return bar.append(eighths[length % 8]);
}

// The values stay in memory: where the bins are is known when the last of them has come.
class Histogram : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Histogram(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), holding_(bound_->holder) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    const Column values = bound_->value->evaluate(evaluation, batch.rows);
    const Site& site = bound_->value->site();
    for (const Row row : batch.rows)
      if (!is_nothing(values[row]) && !take(values[row]))
        evaluation.fail(row, site, [&] { return why_not_taken(site, values[row]); });
    holding_.set(values_.capacity() * sizeof(double));
  }

  void finish(Output& out) override {
    if (!values_.empty()) emit(counted(), out);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Histogram>(bound_);
  }

  void save(StateWriter& to) const override {
    to.begin("histogram", 1);
    to.number(kind_);
    to.count(values_.size());
    for (const double value : values_) to.number(value);
  }
  void load(StateReader& from) override {
    from.begin("histogram", 1);
    kind_ = from.number<Kind>();
    for (std::size_t left = from.count(sizeof(double)); left > 0; left--)
      values_.push_back(from.number<double>());
    holding_.set(values_.capacity() * sizeof(double));
  }

 private:
  // False: it has no place in a bin.
  bool take(const Value& value) {
    const Kind kind = value.kind == Kind::duration ? Kind::duration : Kind::real;
    const Value number = kind == Kind::duration ? integer_value(value.integer) : number_of(value);
    const double x = number.is_missing() ? NAN : as_real(number);
    if (!std::isfinite(x) || (bound_->logarithmic && x <= 0) || (!values_.empty() && kind != kind_))
      return false;
    kind_ = kind;
    values_.push_back(x);
    return true;
  }

  std::string why_not_taken(const Site& site, const Value& value) const {
    if (number_of(value).is_missing() && value.kind != Kind::duration)
      return why_numbers_failed(site, {&value, 1});
    const bool other_kind = (value.kind == Kind::duration) != (kind_ == Kind::duration);
    return fmt::format("{}{}", described(value),
                       other_kind            ? ", others are not"
                       : bound_->logarithmic ? ", not above 0"
                                             : "");
  }

  // Each bin has its low end, and not its high one; the last has both.
  std::vector<Bin> counted() const {
    const auto [least, greatest] = std::minmax_element(values_.begin(), values_.end());
    std::vector<Bin> bins(*least == *greatest ? 1 : bound_->bins);
    for (std::size_t i = 0; i < bins.size(); i++)
      bins[i].low = edge(*least, *greatest, i, bins.size());
    for (std::size_t i = 0; i + 1 < bins.size(); i++) bins[i].high = bins[i + 1].low;
    bins.back().high = *greatest;
    for (const double x : values_) {
      const auto above = std::upper_bound(bins.begin() + 1, bins.end(), x,
                                          [](double v, const Bin& bin) { return v < bin.low; });
      (above - 1)->count++;
    }
    return bins;
  }

  double edge(double least, double greatest, std::size_t i, std::size_t bins) const {
    if (i == 0) return least;
    const auto part = static_cast<double>(i), all = static_cast<double>(bins);
    if (bound_->logarithmic) {
      // Of decimal logarithms: from 1 to 1,000 the bins begin at powers of ten.
      const double first = std::log10(least), last = std::log10(greatest);
      return std::pow(10, first + (last - first) * part / all);
    }
    // Multiplied first: from 1 to 11 the bins begin at whole numbers.
    const double before = (greatest - least) * part;
    return std::isfinite(before) ? least + before / all : std::lerp(least, greatest, part / all);
  }

  Value value_at(double x) const {
    return kind_ == Kind::duration ? duration_value(std::llround(x)) : real_value(x);
  }

  void emit(const std::vector<Bin>& bins, Output& out) const {
    Batch result = new_batch(bound_->shape, bins.size());
    Value* const low = result.new_column(0);
    Value* const high = result.new_column(1);
    Value* const count = result.new_column(2);
    Value* const bar = bound_->bars ? result.new_column(3) : nullptr;
    std::uint64_t most = 0;
    for (const Bin& bin : bins) most = std::max(most, bin.count);
    for (std::size_t i = 0; i < bins.size(); i++) {
      low[i] = value_at(bins[i].low);
      high[i] = value_at(bins[i].high);
      count[i] = natural_value(bins[i].count);
      if (!bar) continue;
      bar[i] = text_value(result.memory->copy(std::string_view(bar_of(bins[i].count, most))));
    }
    out.emit(std::move(result));
  }

  std::shared_ptr<const Bound> bound_;
  std::vector<double> values_;
  Kind kind_ = Kind::real;  // or duration: what all of them are
  Holding holding_;
};

Planned make(Setup& setup) {
  const std::uint64_t bins = setup.arguments.count("--bins", default_bins);
  auto bound =
      std::make_shared<Bound>(Bound{setup.bind("EXPR"), bins, setup.arguments.has("--log"),
                                    setup.arguments.has("--bars"), nullptr, setup.holder()});
  std::vector<Name> names = {literal_name("low"), literal_name("high"), literal_name("count")};
  if (bound->bars) names.push_back(literal_name("bar"));
  setup.shape = Shape::of_fields(names);
  bound->shape = std::make_shared<const Shape>(setup.shape);
  return std::make_unique<Histogram>(std::move(bound));
}

}  // namespace

StageRow histogram_row() {
  StageRow row;
  row.name = "histogram";
  row.summary = "how many values there are in each of N bins between the least and the greatest";
  row.details =
      "One record per bin: low, high, count. A bin has its low end and not its high one; the last "
      "has both. The bins are equally wide, or with --log each reaches as many times its low end "
      "as the others. Null and missing values are left out; what is neither number nor duration "
      "(with --log: or not positive) is a failed operation. Of equal values alone there is one "
      "bin; of none, no record. The values stay in memory, 8 bytes each. For times: count --by 't "
      "= bucket(ts, 1h)'.";
  row.add_form({.usage = "histogram EXPR [--bins N] [--log] [--bars]",
                .parameters = {{"EXPR", Parameter::Kind::expression, "the value", true},
                               {.name = "--bins",
                                .kind = Parameter::Kind::count,
                                .summary = "how many bins (default 10)",
                                .least = 1,
                                .most = most_bins},
                               {"--log", Parameter::Kind::flag, "bins that grow by a factor"},
                               {"--bars", Parameter::Kind::flag,
                                "adds `bar`, to be looked at in a table: -t table"}}},
               make);
  row.examples = {{"histogram ms --bins 2", "{\"ms\":0}\n{\"ms\":1}\n{\"ms\":5}\n{\"ms\":10}\n",
                   "{\"low\":0,\"high\":5,\"count\":2}\n{\"low\":5,\"high\":10,\"count\":2}\n"},
                  {"histogram ms --bins 2 --log", "{\"ms\":1}\n{\"ms\":5}\n{\"ms\":100}\n",
                   "{\"low\":1,\"high\":10,\"count\":2}\n{\"low\":10,\"high\":100,\"count\":1}\n"}};
  return row;
}

}  // namespace riffle
