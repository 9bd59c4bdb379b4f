// The rows of the table of stages, one file each.
#pragma once

#include "stages/stage.h"

namespace riffle {

StageRow filter_row();
StageRow transform_row();
StageRow select_row();
StageRow drop_row();
StageRow rename_row();
StageRow reorder_row();
StageRow aggregate_row();
StageRow annotate_row();
StageRow count_row();
StageRow window_row();
StageRow head_row();
StageRow tail_row();
StageRow skip_row();
StageRow top_row();
StageRow bottom_row();
StageRow sort_row();
StageRow distinct_row();
StageRow join_row();
StageRow match_row();
StageRow assert_row();
StageRow unwrap_row();
StageRow explode_row();
StageRow implode_row();
StageRow flatten_row();
StageRow unflatten_row();
StageRow parse_row();
StageRow pivot_row();
StageRow unpivot_row();
StageRow fill_row();
StageRow sample_row();
StageRow describe_row();
StageRow templates_row();
StageRow histogram_row();
StageRow detect_row();
StageRow since_row();
StageRow tee_row();
StageRow split_row();

}  // namespace riffle
