// top and bottom: the records with the greatest or least values, in memory for N of each group.
#include <algorithm>

#include "expression/check.h"
#include "stages/groups/kept.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "state/sort_key.h"
#include "values/order.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Bound {
  std::uint64_t count = 0;
  bool greatest = true;
  ExpressionPtr value;
  std::vector<Key> keys;
  Holder holder;
};

struct Candidate {
  std::uint64_t number = 0;    // see sort_number
  std::uint64_t sequence = 0;  // of equals the first seen comes first
  OwnedValue value;
  KeptRecords::Handle record = 0;
};

class Top : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Top(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), best_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    const Column values = bound_->value->evaluate(evaluation, batch.rows);
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    best_.find(batch.rows, keys);
    records_.start(batch);
    for (std::size_t i = 0; i < best_.found_count(); i++) {
      const Value value = decode_for_order(values[batch.rows[i]], *batch.memory);
      if (!value.is_nothing()) offer(value, batch.rows[i], best_.found(i));
    }
    best_.account(records_.held());
  }

  void finish(Output& out) override {
    std::vector<KeptRecords::Handle> handles;
    for (std::size_t group = 0; group < best_.size(); group++) {
      Best& best = best_[group];
      std::sort_heap(best.begin(), best.end(),
                     [this](const Candidate& a, const Candidate& b) { return is_better(a, b); });
      for (const Candidate& candidate : best) handles.push_back(candidate.record);
    }
    records_.emit(handles, out);
  }

  std::unique_ptr<GatheringStage> fresh() const override { return std::make_unique<Top>(bound_); }

  void save(StateWriter& to) const override {
    to.begin("top", 1);
    to.number(sequence_);
    records_.save(to);
    best_.save(to, [](const Best& best, StateWriter& one) {
      one.count(best.size());
      for (const Candidate& candidate : best) {
        one.number(candidate.sequence);
        candidate.value.save(one);
        one.number(candidate.record);
      }
    });
  }
  void load(StateReader& from) override {
    from.begin("top", 1);
    sequence_ = from.number<std::uint64_t>();
    records_.load(from);
    best_.load(from, [this](Best& best, StateReader& one) {
      for (std::size_t left = one.count(sizeof(Value)); left > 0; left--) {
        Candidate& candidate = best.emplace_back();
        candidate.sequence = one.number<std::uint64_t>();
        candidate.value.load(one);
        candidate.number = sort_number(candidate.value.get(), bound_->greatest);
        candidate.record = records_.load_handle(one);
      }
    });
    best_.account(records_.held());
  }

 private:
  using Best = std::vector<Candidate>;  // a heap, the worst in front

  std::weak_ordering order(std::uint64_t number, const Value& value, const Candidate& other) const {
    Memory scratch;
    return order_by_number(number, value, other.number, other.value.get(), bound_->greatest,
                           scratch);
  }
  bool is_better(const Candidate& a, const Candidate& b) const {
    const auto o = order(a.number, a.value.get(), b);
    return o != 0 ? o < 0 : a.sequence < b.sequence;
  }

  void offer(const Value& value, Row row, Best& best) {
    const auto better = [this](const Candidate& a, const Candidate& b) { return is_better(a, b); };
    const std::uint64_t number = sort_number(value, bound_->greatest);
    if (best.size() == bound_->count) {
      // What comes later must be better than the worst: of equals the first stays.
      if (best.empty() || order(number, value, best.front()) >= 0) return;
      std::pop_heap(best.begin(), best.end(), better);
      records_.release(best.back().record);
      best.pop_back();
    }
    best.push_back({number, sequence_++, OwnedValue(value), records_.keep(row)});
    std::push_heap(best.begin(), best.end(), better);
  }

  std::shared_ptr<const Bound> bound_;
  KeyedState<Best> best_;
  KeptRecords records_;
  std::uint64_t sequence_ = 0;
};

Planned make(Setup& setup, bool greatest) {
  Bound bound{setup.arguments.count("N"), greatest, setup.bind("EXPR"), keys_of(setup, "--by"),
              setup.holder()};
  return std::make_unique<Top>(std::make_shared<const Bound>(std::move(bound)));
}

StageRow row_of(std::string_view name, std::string_view usage, std::string_view summary,
                Form::Make make) {
  StageRow row;
  row.name = name;
  row.summary = summary;
  row.details =
      "Records whose EXPR is null or missing are left out; of equals the first seen comes first. "
      "With --by, groups are emitted in the order in which they first appeared. It holds N "
      "records, "
      "or N a group.";
  row.add_form({.usage = usage,
                .parameters = {{"N", Parameter::Kind::count, "how many", true},
                               {"EXPR", Parameter::Kind::expression,
                                "what is compared, in the order of sort", true},
                               group_keys}},
               make);
  row.passes_one = true;
  return row;
}

}  // namespace

StageRow top_row() {
  StageRow row = row_of("top", "top N EXPR [--by KEYS]",
                        "the N records with the greatest values, the greatest first",
                        [](Setup& setup) { return make(setup, true); });
  row.examples = {{"top 2 ms",
                   "{\"ms\":3}\n"
                   "{\"ms\":9}\n"
                   "{\"ms\":null}\n"
                   "{\"ms\":5}\n",
                   "{\"ms\":9}\n"
                   "{\"ms\":5}\n"},
                  {"top 1 ms --by s",
                   "{\"s\":\"a\",\"ms\":3}\n"
                   "{\"s\":\"b\",\"ms\":9}\n"
                   "{\"s\":\"a\",\"ms\":4}\n",
                   "{\"s\":\"a\",\"ms\":4}\n{\"s\":\"b\",\"ms\":9}\n"}};
  return row;
}

StageRow bottom_row() {
  StageRow row = row_of("bottom", "bottom N EXPR [--by KEYS]",
                        "the N records with the least values, the least first",
                        [](Setup& setup) { return make(setup, false); });
  row.examples = {{"bottom 2 ms",
                   "{\"ms\":3}\n"
                   "{\"ms\":9}\n"
                   "{\"ms\":null}\n"
                   "{\"ms\":1}\n",
                   "{\"ms\":1}\n"
                   "{\"ms\":3}\n"}};
  return row;
}

}  // namespace riffle
