#include <algorithm>

#include "aggregates/rows.h"

namespace riffle {
namespace {

const std::vector<AggregateFunction>& table() {
  static const std::vector<AggregateFunction> rows = {
      count_aggregate(),
      sum_aggregate(),
      avg_aggregate(),
      min_aggregate(),
      max_aggregate(),
      first_aggregate(),
      last_aggregate(),
      median_aggregate(),
      percentile_aggregate(),
      quantile_aggregate(),
      stddev_aggregate(),
      var_aggregate(),
      distinct_aggregate(),
      list_aggregate(),
      set_aggregate(),
      mode_aggregate(),
      entropy_aggregate(),
      join_text_aggregate(),
      arg_min_aggregate(),
      arg_max_aggregate(),
      any_aggregate(),
      every_aggregate(),
      covar_aggregate(),
      corr_aggregate(),
      slope_aggregate(),
      histogram_aggregate(),
      approx_distinct_aggregate(),
      approx_quantile_aggregate(),
      top_values_aggregate(),
      rank_aggregate(),
  };
  return rows;
}

// p50, p99, p99_9: a `p`, digits, and perhaps an underscore for the point.
bool is_percentile(std::string_view name) {
  if (name.size() < 2 || name[0] != 'p' || name.back() == '_' || name[1] == '_') return false;
  return std::all_of(name.begin() + 1, name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '_'; }) &&
         std::count(name.begin(), name.end(), '_') <= 1;
}

}  // namespace

AggregateFunction aggregate_row(std::string_view usage, std::string_view summary,
                                std::vector<AggregateExample> examples,
                                decltype(AggregateFunction::make) make) {
  AggregateFunction f;
  f.name = usage.substr(0, usage.find('('));
  f.usage = usage;
  f.summary = summary;
  f.examples = std::move(examples);
  f.least = f.most = 1 + static_cast<int>(std::count(usage.begin(), usage.end(), ','));
  f.make = make;
  return f;
}

std::span<const AggregateFunction> aggregate_functions() { return table(); }

const AggregateFunction* find_aggregate(std::string_view name) {
  constexpr std::string_view percentile = "pNN";
  if (name == percentile) return nullptr;  // it stands for p50, p99
  const std::string_view wanted = is_percentile(name) ? percentile : name;
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const AggregateFunction& f) { return f.name == wanted; });
  return found == table().end() ? nullptr : &*found;
}

}  // namespace riffle
