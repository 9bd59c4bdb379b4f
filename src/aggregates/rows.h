// The rows of the table of aggregates, by file.
#pragma once

#include "aggregates/aggregate.h"

namespace riffle {

// A row named by what stands before the parenthesis of its usage, with as many arguments as that
// has.
AggregateFunction aggregate_row(std::string_view usage, std::string_view summary,
                                std::vector<AggregateExample> examples,
                                decltype(AggregateFunction::make) make);

AggregateFunction count_aggregate();
AggregateFunction sum_aggregate();
AggregateFunction avg_aggregate();
AggregateFunction min_aggregate();
AggregateFunction max_aggregate();
AggregateFunction first_aggregate();
AggregateFunction last_aggregate();
AggregateFunction median_aggregate();
AggregateFunction percentile_aggregate();
AggregateFunction quantile_aggregate();
AggregateFunction stddev_aggregate();
AggregateFunction var_aggregate();
AggregateFunction distinct_aggregate();
AggregateFunction list_aggregate();
AggregateFunction set_aggregate();
AggregateFunction mode_aggregate();
AggregateFunction entropy_aggregate();
AggregateFunction join_text_aggregate();
AggregateFunction arg_min_aggregate();
AggregateFunction arg_max_aggregate();
AggregateFunction any_aggregate();
AggregateFunction every_aggregate();
AggregateFunction covar_aggregate();
AggregateFunction corr_aggregate();
AggregateFunction slope_aggregate();
AggregateFunction histogram_aggregate();
AggregateFunction approx_distinct_aggregate();
AggregateFunction approx_quantile_aggregate();
AggregateFunction top_values_aggregate();
AggregateFunction rank_aggregate();

}  // namespace riffle
