#include <atomic>

#include "expression/check.h"
#include "stages/rows.h"

namespace riffle {
namespace {

class Filter : public RecordStage {
 public:
  explicit Filter(ExpressionPtr condition) : condition_(std::move(condition)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    std::vector<Row> rows = std::move(batch.rows);
    const bool any_came = !rows.empty();
    const Row first = any_came ? rows[0] : Row{};
    Evaluation evaluation{batch, effects};
    condition_->keep_true(evaluation, rows);
    if (any_came && !has_kept_.load(std::memory_order_relaxed))
      note_first(batch, first, !rows.empty(), effects);
    batch.rows = std::move(rows);
    return batch;
  }

 private:
  // Until a record has been kept: why those are not that come.
  [[gnu::noinline]] void note_first(Batch& batch, Row first, bool kept, Effects& effects) const {
    if (kept) has_kept_ = true;
    Effects unused;
    Evaluation evaluation{batch, unused, false};
    std::string reason = kept ? std::string() : condition_->why_untrue(evaluation, first);
    if (kept || !reason.empty())
      effects.keepings.push_back({batch.position(first), kept, std::move(reason)});
  }

  ExpressionPtr condition_;
  mutable std::atomic<bool> has_kept_ = false;
};

Planned make(Setup& setup) { return std::make_unique<Filter>(setup.bind("EXPR")); }

}  // namespace

StageRow filter_row() {
  StageRow row;
  row.name = "filter";
  row.summary = "keeps the records for which EXPR is true";
  row.details =
      "Null is not true. A value that is neither boolean nor null is a failed operation: it is "
      "counted and the record dropped.";
  row.add_form({.usage = "filter EXPR",
                .parameters = {{"EXPR", Parameter::Kind::expression, "the condition", true}}},
               make);
  row.examples = {{"filter 'status >= 500 and path =~ \"^/api/\"'",
                   "{\"status\":503,\"path\":\"/api/a\"}\n"
                   "{\"status\":200,\"path\":\"/api/b\"}\n"
                   "{\"status\":500,\"path\":\"/\"}\n",
                   "{\"status\":503,\"path\":\"/api/a\"}\n"}};
  row.elsewhere = {"where", "grep", "query", "search", "having", "dropna"};
  return row;
}

}  // namespace riffle
