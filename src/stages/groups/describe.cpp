#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "aggregates/aggregate.h"
#include "records/record.h"
#include "stages/rows.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/kinds.h"

namespace riffle {
namespace {

bool is_quoted_number(const Value& value) {
  return value.kind == Kind::cell && value.flags & Value::quoted && !number_of(value).is_missing();
}

// A column of the result that an aggregate makes.
struct Measure {
  std::string name;
  std::unique_ptr<const Aggregate> aggregate;
  bool of_numbers = false;  // it gets numbers and durations alone
  std::size_t offset = 0;   // of its state in a field's block
};

struct Bound {
  std::vector<Measure> measures;
  AccumulatorBlocks states;  // what a field has gathered, measure by measure
  std::shared_ptr<const Shape> shape;
  Holder holder;

  void add(std::string name, std::string_view aggregate, bool of_numbers,
           std::span<const Value> constants = {}) {
    measures.push_back(
        {std::move(name), find_aggregate(aggregate)->make(aggregate, constants), of_numbers, 0});
    measures.back().offset = states.add(*measures.back().aggregate);
  }
};

// What is known of a field, and its values in the current batch.
class Described {
 public:
  Described(std::string name, const Bound& bound)
      : name_(std::move(name)), bound_(bound), states_(bound.states) {}

  const std::string& name() const { return name_; }
  std::uint64_t count() const { return count_; }
  const std::string& types() const { return types_; }
  Value result(const Measure& measure, Memory& memory) const {
    bool failed = false;
    const Value result = measure.aggregate->result(states_.at() + measure.offset, memory, failed);
    // An estimate: there are no more different values than values.
    if (measure.name == "distinct" && result.integer > static_cast<std::int64_t>(count_))
      return natural_value(count_);
    return result;
  }

  // Whether nothing was asked of it yet in the current batch.
  bool is_first_of_batch() { return !std::exchange(is_in_batch_, true); }
  // A value that is not null, of the record so numbered. Of a member that stands twice in it the
  // last one counts. It is decoded, but for a quoted cell that is a number: a text whose place is
  // among the numbers.
  void add(const Value& value, std::uint64_t record) {
    if (record == last_record_ && !values_.empty())
      values_.back() = value;
    else
      values_.push_back(value);
    last_record_ = record;
  }
  // The batch has ended. By how many bytes more is held than before (less: modulo 2^64).
  std::size_t settle(const Batch& batch) {
    std::vector<Value> numbers;
    for (const Value& value : values_) {
      const bool is_quoted_number = value.kind == Kind::cell;
      const std::string_view type = type_name(is_quoted_number ? Kind::text : value.kind);
      if (!has_type(type)) types_.append(types_.empty() ? "" : ",").append(type);
      const bool is_number = value.is_number() || value.kind == Kind::duration;
      if (is_number || is_quoted_number) numbers.push_back(value);
    }
    for (const Measure& measure : bound_.measures)
      add_to(measure, measure.of_numbers ? numbers : values_, batch);
    count_ += values_.size();
    values_.clear();
    is_in_batch_ = false;
    const std::size_t before = std::exchange(held_, held());
    return held_ - before;
  }

  void save(StateWriter& to) const {
    to.text(name_);
    to.text(types_);
    to.number(count_);
    states_.save(to);
  }
  // The rest of what save() writes, after the name; and how many bytes are held.
  std::size_t load(StateReader& from) {
    types_ = from.text();
    count_ = from.number<std::uint64_t>();
    states_.load(from);
    return held_ = held();
  }

 private:
  std::size_t held() const {
    return sizeof *this + name_.capacity() + bound_.states.size() +
           bound_.states.held(states_.at());
  }

  bool has_type(std::string_view type) const {
    for (std::size_t begin = 0; begin < types_.size();) {
      const std::size_t end = std::min(types_.find(',', begin), types_.size());
      if (std::string_view(types_).substr(begin, end - begin) == type) return true;
      begin = end + 1;
    }
    return false;
  }

  void add_to(const Measure& measure, const std::vector<Value>& values, const Batch& batch) {
    if (values.empty()) return;
    std::vector<Row> rows(values.size());
    std::iota(rows.begin(), rows.end(), Row{0});
    const std::vector<std::byte*> blocks(values.size(), states_.at());
    const Column column{values.data()};
    std::vector<Row> failed;  // it describes what there is: a value that has no mean is no failure
    measure.aggregate->add({batch, rows, blocks, measure.offset, {&column, 1}, failed});
  }

  std::string name_, types_;
  const Bound& bound_;
  OwnedState<AccumulatorBlocks> states_;
  std::uint64_t count_ = 0, last_record_ = 0;
  std::vector<Value> values_;
  bool is_in_batch_ = false;
  std::size_t held_ = 0;
};

class Describe : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Describe(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), holding_(bound_->holder) {}

  void process(Batch batch, Output&) override {
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      records_++;
      visited_ = 0;
      members(batch, row, *batch.memory, record);
      path_.clear();
      visit(record, *batch.memory);
    }
    for (Described* const field : touched_) held_ += field->settle(batch);
    touched_.clear();
    holding_.set(held_);
  }

  void finish(Output& out) override {
    if (!fields_.empty()) emit(out);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<Describe>(bound_);
  }

  void save(StateWriter& to) const override {
    to.begin("describe", 1);
    to.number(records_);
    to.count(fields_.size());
    for (const auto& field : fields_) field->save(to);
  }
  void load(StateReader& from) override {
    from.begin("describe", 1);
    records_ = from.number<std::uint64_t>();
    for (std::size_t left = from.count(); left > 0; left--) {
      path_ = from.text();
      if (!by_name_.try_emplace(path_, fields_.size()).second) throw StateReader::damaged();
      held_ += fields_.emplace_back(std::make_unique<Described>(path_, *bound_))->load(from);
    }
    path_.clear();
    holding_.set(held_);
  }

 private:
  void visit(std::span<const Member> members, Memory& memory) {
    const std::size_t size = path_.size();
    for (const Member& member : members) {
      path_.append(member.name);
      const Value value = decode(member.value, memory);
      if (value.kind == Kind::map && value.size > 0) {
        path_ += '.';
        visit(value.map(), memory);
      } else {
        Described& field = field_of_path();
        if (field.is_first_of_batch()) touched_.push_back(&field);
        if (is_quoted_number(member.value))
          field.add(member.value, records_);
        else if (!value.is_nothing())
          field.add(value, records_);
      }
      path_.resize(size);
    }
  }

  // Most records have the same fields in the same order.
  Described& field_of_path() {
    const std::size_t place = visited_++;
    if (place < order_.size() && order_[place]->name() == path_) return *order_[place];
    const auto [found, is_new] = by_name_.try_emplace(path_, fields_.size());
    if (is_new) fields_.push_back(std::make_unique<Described>(path_, *bound_));
    Described& field = *fields_[found->second];
    if (place < order_.size())
      order_[place] = &field;
    else if (place == order_.size())
      order_.push_back(&field);
    return field;
  }

  void emit(Output& out) const {
    Batch result = new_batch(bound_->shape, fields_.size());
    Memory& memory = *result.memory;
    Slot slot = 0;
    const auto add_column = [&](const auto& value_of) {
      Value* const values = result.new_column(slot++);
      for (std::size_t i = 0; i < fields_.size(); i++) values[i] = value_of(*fields_[i]);
    };
    add_column([&](const Described& field) {
      return text_value(memory.copy(std::string_view(field.name())));
    });
    add_column([&](const Described& field) {
      return field.types().empty() ? null_value()
                                   : text_value(memory.copy(std::string_view(field.types())));
    });
    add_column([&](const Described& field) { return natural_value(field.count()); });
    add_column([&](const Described& field) { return natural_value(records_ - field.count()); });
    for (const Measure& measure : bound_->measures)
      add_column([&](const Described& field) { return field.result(measure, memory); });
    out.emit(std::move(result));
  }

  std::shared_ptr<const Bound> bound_;
  std::vector<std::unique_ptr<Described>> fields_;  // in the order of their first appearance
  TextMap<std::size_t> by_name_;
  std::vector<Described*> order_;    // of the last record's fields
  std::vector<Described*> touched_;  // by the current batch
  std::size_t held_ = 0;
  std::uint64_t records_ = 0;
  std::string path_;         // of the current member
  std::size_t visited_ = 0;  // fields of the current record
  Holding holding_;
};

Planned make(Setup& setup) {
  auto bound = std::make_shared<Bound>(Bound{{}, {}, nullptr, setup.holder()});
  bound->add("distinct", "approx_distinct", false);
  bound->add("min", "min", false);
  bound->add("max", "max", false);
  bound->add("mean", "avg", true);
  for (const auto& [name, q] :
       {std::pair{"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p99", 0.99}}) {
    const Value constant = real_value(q);
    bound->add(name, "approx_quantile", true, {&constant, 1});
  }
  std::vector<Name> names;
  for (const char* const name : {"field", "types", "count", "nulls"})
    names.push_back(literal_name(name));
  for (const Measure& measure : bound->measures) names.push_back(literal_name(measure.name));
  setup.shape.slots().rest = true;
  setup.shape = Shape::of_fields(names);
  bound->shape = std::make_shared<const Shape>(setup.shape);
  return std::make_unique<Describe>(std::move(bound));
}

}  // namespace

StageRow describe_row() {
  StageRow row;
  row.name = "describe";
  row.summary = "one record per field: types, count, nulls, distinct, min, max, mean and quantiles";
  row.details =
      "Fields come in the order in which they first appeared; what is in a map is a field of its "
      "own, user.id; a list is one value. count is how many values are not null, nulls how many "
      "records have null there or nothing. distinct (as approx_distinct: standard error 0.81 %) "
      "and the quantiles p25, p50, p75 and p99 (as approx_quantile: within 1 %) are approximate, "
      "so that memory does not grow with the records. min and max are over all types, in the order "
      "of sort; mean and quantiles over numbers alone. A quoted CSV cell that is JSON's number is "
      "text to types and a number to min, max, mean and the quantiles. For some fields: select a,b "
      "then describe.";
  row.examples = {{"select a,u then describe then drop 'p*'",
                   "{\"a\":1,\"u\":{\"id\":\"x\"}}\n"
                   "{\"a\":3}\n",
                   "{\"field\":\"a\",\"types\":\"integer\",\"count\":2,\"nulls\":0,\"distinct\":2,"
                   "\"min\":1,\"max\":3,\"mean\":2}\n"
                   "{\"field\":\"u.id\",\"types\":\"text\",\"count\":1,\"nulls\":1,\"distinct\":1,"
                   "\"min\":\"x\",\"max\":\"x\",\"mean\":null}\n"}};
  row.add_form({.usage = "describe", .parameters = {}}, make);
  row.elsewhere = {"summary", "info", "profile"};
  return row;
}

}  // namespace riffle
