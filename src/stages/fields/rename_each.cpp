#include "stages/fields/rename_each.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expression/check.h"
#include "expression/failure.h"
#include "expression/row_lambda.h"
#include "records/record.h"
#include "stages/fields/record_maker.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/name_index.h"

namespace riffle {
namespace {

// The new names of a batch's fields, each computed once: most records have the same names.
class NewNames {
 public:
  NewNames(const Expression& body, Evaluation& evaluation) : body_(body), evaluation_(evaluation) {}

  // The old name where the expression gives none: that is counted as a failed operation for each
  // record. Lives as long as the batch.
  std::string_view of(std::string_view name, Row row) {
    const auto known = names_.find(name);
    if (known != names_.end() && known->second) return *known->second;
    const Value old = text_value(name);
    const Value made = RowLambda(body_, evaluation_, row)({&old, 1});
    const std::optional<std::string_view> text = name_in(made);
    if (!text)
      evaluation_.fail(row, body_.site(), [&] {
        return fmt::format("'{}' would become {}", visible(name), shown(made));
      });
    names_.insert_or_assign(std::string(name), text);
    return text.value_or(name);
  }

 private:
  std::optional<std::string_view> name_in(const Value& made) const {
    const Value value = decode(made, evaluation_.memory());
    if (value.is_nothing() || value.kind == Kind::list || value.kind == Kind::map)
      return std::nullopt;
    return text_of(value, evaluation_.memory());
  }

  const Expression& body_;
  Evaluation& evaluation_;
  TextMap<std::optional<std::string_view>> names_;
};

class RenameEach : public RecordStage {
 public:
  RenameEach(ExpressionPtr body, RecordMaker records)
      : body_(std::move(body)), records_(std::move(records)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    Evaluation evaluation{batch, effects};
    NewNames new_names(*body_, evaluation);
    std::vector<Row> clashing;
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      const auto clash = rename(record, row, new_names);
      if (!clash) return;
      effects.rejects.push_back(rejected(
          batch, row, "rename", fmt::format("two fields would be called '{}'", visible(*clash))));
      clashing.push_back(row);
    });
    std::erase_if(batch.rows, [&](Row row) {
      return std::binary_search(clashing.begin(), clashing.end(), row);
    });
    return batch;
  }

 private:
  // The name that two fields would have.
  static std::optional<std::string_view> rename(std::vector<Member>& record, Row row,
                                                NewNames& new_names) {
    NameIndex seen;
    std::vector<std::string_view> old_names;
    for (Member& member : record) {
      const std::string_view old = member.name;
      member.name = new_names.of(old, row);
      const auto [place, is_new] = seen.add(member.name);
      if (is_new)
        old_names.push_back(old);
      else if (old_names[place] != old)
        return member.name;
    }
    return std::nullopt;
  }

  ExpressionPtr body_;
  RecordMaker records_;
};

}  // namespace

Planned make_rename_each(Setup& setup) {
  Shape names = Shape::of_fields({});
  BindContext binding{names, setup.settings};
  ExpressionPtr body =
      bind_lambda(setup.arguments.expression("--each"), setup.arguments.source("--each"), binding);
  return std::make_unique<RenameEach>(std::move(body),
                                      RecordMaker(setup.shape, RecordMaker::Columns::of_first));
}

}  // namespace riffle
