#include <fmt/format.h>

#include <optional>
#include <utility>

#include "expression/check.h"
#include "expression/failure.h"
#include "stages/fields/fields.h"
#include "stages/groups/template_miner.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::string_view fields_without_comparison[] = {"template", "count", "example"};
constexpr std::string_view fields_with_comparison[] = {"template", "count", "yes",
                                                       "no",       "ratio", "example"};

struct Bound {
  ExpressionPtr message;
  ExpressionPtr compared;  // null: --compare is not given
  std::vector<Key> keys;
  std::shared_ptr<const Shape> shape;
  Holder holder;
};

class Templates : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Templates(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), miners_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    const Column messages = bound_->message->evaluate(evaluation, batch.rows);
    std::vector<Row> matching = batch.rows;
    if (bound_->compared)
      bound_->compared->keep_true(evaluation, matching);
    else
      matching.clear();
    miners_.find(batch.rows, values_of(bound_->keys, batch, out.effects));
    for (std::size_t i = 0, next = 0; i < batch.rows.size(); i++) {
      const Row row = batch.rows[i];
      const bool matches = next < matching.size() && matching[next] == row;
      next += matches;
      if (const auto text = text_in(messages[row], row, evaluation)) add(i, *text, matches);
    }
    miners_.account();
  }

  void finish(Output& out) override {
    for (std::size_t group = 0; group < miners_.size(); group++) emit(group, out);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Templates>(bound_);
  }

  void save(StateWriter& to) const override {
    to.begin("templates", 1);
    miners_.save(to, [](const TemplateMiner& miner, StateWriter& one) { miner.save(one); });
  }
  void load(StateReader& from) override {
    from.begin("templates", 1);
    miners_.load(from, [this](TemplateMiner& miner, StateReader& one) {
      miner.load(one);
      miners_.hold(miner.held());
    });
    miners_.account();
  }

 private:
  // Nothing: there is no message.
  std::optional<std::string_view> text_in(const Value& message, Row row,
                                          Evaluation& evaluation) const {
    const Value value = decode(message, evaluation.memory());
    if (value.is_nothing()) return std::nullopt;
    if (value.kind != Kind::list && value.kind != Kind::map)
      return text_of(message, evaluation.memory());
    evaluation.fail(row, bound_->message->site(), [&] { return described(value) + ", no text"; });
    return std::nullopt;
  }

  void add(std::size_t found, std::string_view message, bool matches) {
    TemplateMiner& miner = miners_.found(found);
    const std::size_t before = miner.held();
    miner.add(message, matches);
    miners_.hold(miner.held() - before);
  }

  void emit(std::size_t group, Output& out) const {
    const std::vector<TemplateMiner::Template>& templates = miners_[group].templates();
    Batch batch = new_batch(bound_->shape, templates.size());
    Memory& memory = *batch.memory;
    for (std::size_t key = 0; key < bound_->keys.size(); key++) {
      Value* const values = batch.new_column(static_cast<Slot>(key));
      for (std::size_t i = 0; i < templates.size(); i++)
        values[i] = deep_copy(miners_.keys_of(group)[key], memory);
    }
    std::uint64_t matched = 0, all = 0;
    for (const TemplateMiner::Template& one : templates) matched += one.matched, all += one.count;
    auto column = [&, slot = bound_->keys.size()](const auto& value_of) mutable {
      Value* const values = batch.new_column(static_cast<Slot>(slot++));
      for (std::size_t i = 0; i < templates.size(); i++) values[i] = value_of(templates[i]);
    };
    using Template = TemplateMiner::Template;
    column([&](const Template& one) {
      return text_value(memory.copy(fmt::format("{}", fmt::join(one.words, " "))));
    });
    column([](const Template& one) { return natural_value(one.count); });
    if (bound_->compared) {
      column([](const Template& one) { return natural_value(one.matched); });
      column([](const Template& one) { return natural_value(one.count - one.matched); });
      column([&](const Template& one) { return ratio(one, matched, all - matched); });
    }
    column([&](const Template& one) {
      return text_value(memory.copy(std::string_view(one.example)));
    });
    out.emit(std::move(batch));
  }

  // How many times as large a part of the matching messages it is as of the others.
  static Value ratio(const TemplateMiner::Template& one, std::uint64_t matched,
                     std::uint64_t others) {
    const std::uint64_t of_others = one.count - one.matched;
    if (matched == 0 || of_others == 0) return null_value();
    return real_value(static_cast<double>(one.matched) / static_cast<double>(matched) *
                      static_cast<double>(others) / static_cast<double>(of_others));
  }

  std::shared_ptr<const Bound> bound_;
  KeyedState<TemplateMiner> miners_;
};

Planned make(Setup& setup) {
  Bound bound{
      bind_name(setup.arguments.name("FIELD"), setup.arguments.source("FIELD"), setup.shape),
      setup.arguments.has("--compare") ? setup.bind("--compare") : nullptr, keys_of(setup, "--by"),
      nullptr, setup.holder()};
  const std::span<const std::string_view> fields =
      bound.compared ? std::span<const std::string_view>(fields_with_comparison)
                     : std::span<const std::string_view>(fields_without_comparison);
  std::vector<Name> names;
  for (const Key& key : bound.keys) names.push_back(key.name);
  for (const std::string_view field : fields) {
    const auto is_it = [&](const Name& name) { return name.path.front() == field; };
    if (std::any_of(names.begin(), names.end(), is_it))
      throw usage_error(
          fmt::format("templates: it makes a field '{0}'; call the key something else: --by 'k = "
                      "{0}'",
                      field));
    names.push_back(literal_name(std::string(field)));
  }
  setup.shape = Shape::of_fields(names);
  bound.shape = std::make_shared<const Shape>(setup.shape);
  return std::make_unique<Templates>(std::make_shared<const Bound>(std::move(bound)));
}

}  // namespace

StageRow templates_row() {
  StageRow row;
  row.name = "templates";
  row.summary = "the patterns of a log's messages, with how often each came and an example";
  row.details =
      "It finds them by itself (Drain, ICWS 2017): words that differ between messages of one "
      "pattern become <*>, as numbers and addresses always do; blanks between words count as one. "
      "Patterns are emitted in the order in which they began. --compare counts the messages for "
      "which EXPR is true (yes) and the others (no); ratio is how many times as large a part of "
      "the first it is as of the others, and null for a pattern that only the first have: so "
      "--compare 'ts >= \"2026-01-31T10:00\"' then sort ratio desc shows what is new since then.";
  using K = Parameter::Kind;
  row.add_form({.usage = "templates FIELD [--by KEYS] [--compare EXPR]",
                .parameters = {{"FIELD", K::name, "the field with the message", true},
                               group_keys,
                               {"--compare", K::expression,
                                "which messages to hold against the "
                                "others"}}},
               make);
  row.examples = {
      {"templates msg",
       "{\"msg\":\"user ann logged in from 10.0.0.1\"}\n"
       "{\"msg\":\"disk full\"}\n"
       "{\"msg\":\"user bob logged in from 10.0.0.7\"}\n",
       "{\"template\":\"user <*> logged in from <*>\",\"count\":2,\"example\":\"user ann "
       "logged in from 10.0.0.1\"}\n"
       "{\"template\":\"disk full\",\"count\":1,\"example\":\"disk full\"}\n"}};
  row.elsewhere = {"cluster", "patterns", "logmine", "drain"};
  return row;
}

}  // namespace riffle
