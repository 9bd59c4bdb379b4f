// == != < <= > >=. A field against a constant, what filters mostly are, is compared in the bytes of
// the record.
#include <algorithm>
#include <cstring>
#include <functional>
#include <string>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "functions/arguments.h"
#include "time/text.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/kinds.h"
#include "values/number.h"

namespace riffle {
namespace {

// A number of up to 18 digits, without fraction, exponent or leading zeros, in untouched bytes; or
// an integer.
bool plain_integer(const Value& value, std::int64_t& n) {
  if (value.kind == Kind::integer) {
    n = value.integer;
    return true;
  }
  if (!value.is_untouched() ||
      (value.flags & (Value::quoted | Value::escaped | Value::all_text)) != 0)
    return false;
  const bool minus = value.size > 0 && value.text[0] == '-';
  const std::uint32_t digits = value.size - (minus ? 1 : 0);
  const char* const first = value.text + (minus ? 1 : 0);
  if (digits == 0 || digits > 18 || (*first == '0' && digits > 1)) return false;
  std::int64_t sum = 0;
  for (std::uint32_t i = 0; i < digits; i++) {
    const unsigned digit = static_cast<unsigned char>(first[i]) - unsigned{'0'};
    if (digit > 9) return false;
    sum = sum * 10 + digit;
  }
  n = minus ? -sum : sum;
  return true;
}

// Anything against a constant number.
template <typename Holds>
class AgainstNumber : public Condition {
 public:
  AgainstNumber(Comparison operation, ExpressionPtr of, const Value& number, const Zone& zone,
                Site site)
      : Condition(std::move(site)),
        operation_(operation),
        of_(std::move(of)),
        number_(number),
        zone_(zone) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], number_); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], number_); });
  }

  std::string why_untrue(Evaluation& evaluation, Row row) const override {
    if (operation_ != Comparison::equal) return {};
    const Column of = of_->evaluate(evaluation, {&row, 1});
    return why_never_equal(site().operand(0), of[row], number_);
  }

  std::optional<int> safe_cost() const override {
    const bool asks_equality =
        operation_ == Comparison::equal || operation_ == Comparison::different;
    return asks_equality && is_untouched_field(*of_) ? std::optional(5) : std::nullopt;
  }

 private:
  Verdict test(const Value& value, Memory& memory) const {
    std::int64_t n = 0;
    if (number_.kind == Kind::integer && plain_integer(value, n))
      return verdict(Holds()(n, number_.integer));
    const Value number = number_of(value);
    if (number.is_number()) return verdict(holds(operation_, compare_numbers(number, number_)));
    return compare(operation_, value, number_, memory, zone_);
  }

  Comparison operation_;
  ExpressionPtr of_;
  Value number_;
  const Zone& zone_;
};

// Bytes that others are compared with, over and over; up to 16 of them without a branch, which
// would often guess wrong.
class FixedBytes {
 public:
  explicit FixedBytes(std::string bytes) : bytes_(std::move(bytes)) {}

  std::size_t size() const { return bytes_.size(); }
  bool are(std::string_view other) const {
    const bool fits = other.size() == size();
    return static_cast<int>(fits) & static_cast<int>(are(fits ? other.data() : bytes_.data()));
  }

  // `other` has size() bytes.
  bool are(const char* other) const {
    const char* const own = bytes_.data();
    const std::size_t n = bytes_.size();
    if (n >= 8)
      return ends_differ<std::uint64_t>(own, other, n) == 0 &&
             (n <= 16 || std::memcmp(own + 8, other + 8, n - 16) == 0);
    if (n >= 4) return ends_differ<std::uint32_t>(own, other, n) == 0;
    return std::memcmp(own, other, n) == 0;
  }

 private:
  // Of the first and the last bytes, as many as a word has.
  template <typename T>
  static T ends_differ(const char* a, const char* b, std::size_t n) {
    return (load<T>(a) ^ load<T>(b)) | (load<T>(a + n - sizeof(T)) ^ load<T>(b + n - sizeof(T)));
  }
  template <typename T>
  static T load(const char* from) {
    T word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  std::string bytes_;
};

// Whether a text can stand in a JSON string only as it is: no other bytes say the same without an
// escape.
bool needs_no_escape(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
  });
}

// == and != of anything with a constant text.
class TextConstantComparison : public Condition {
 public:
  TextConstantComparison(bool asks_equal, ExpressionPtr of, std::string_view text, const Zone& zone,
                         Site site)
      : Condition(std::move(site)),
        asks_equal_(asks_equal),
        of_(std::move(of)),
        text_(text),
        plain_(text_),
        quoted_('"' + text_ + '"'),
        quoted_decides_(needs_no_escape(text)),
        zone_(zone) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], text_value(text_)); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], text_value(text_)); });
  }

  std::string why_untrue(Evaluation& evaluation, Row row) const override {
    if (!asks_equal_) return {};
    const Column of = of_->evaluate(evaluation, {&row, 1});
    return why_never_equal(site().operand(0), of[row], text_value(text_));
  }

  std::optional<int> safe_cost() const override {
    return is_untouched_field(*of_) ? std::optional(1) : std::nullopt;
  }

 private:
  Verdict test(const Value& value, Memory& memory) const {
    if (value.kind == Kind::json && quoted_decides_) {
      if (value.size == quoted_.size()) return verdict(quoted_.are(value.text) == asks_equal_);
      return verdict(longer_is_equal(value, memory) == asks_equal_);
    }
    if (value.kind == Kind::text ||
        (value.kind == Kind::cell && (value.flags & Value::escaped) == 0))
      if (value.size != 0) return verdict(is_text(value) == asks_equal_);
    return compare(asks_equal_ ? Comparison::equal : Comparison::different, value,
                   text_value(text_), memory, zone_);
  }

  // Escapes make a string longer than its text.
  bool longer_is_equal(const Value& json, Memory& memory) const {
    if (json.size < quoted_.size() || json.text[0] != '"') return false;
    const std::string_view raw = json.view().substr(1, json.size - 2);
    return raw.find('\\') != raw.npos && decode_string(json.view(), memory) == text_;
  }

  bool is_text(const Value& value) const {
    return plain_.are(value.flags & Value::quoted ? value.view().substr(1, value.size - 2)
                                                  : value.view());
  }

  bool asks_equal_;
  ExpressionPtr of_;
  std::string text_;
  FixedBytes plain_, quoted_;  // as a cell has it, and as an untouched JSON string without escapes
  bool quoted_decides_;
  const Zone& zone_;
};

// < <= > >= of anything with a time that is written as a text.
class AgainstTime : public Expression {
 public:
  AgainstTime(Comparison operation, ExpressionPtr of, std::int64_t time, const Zone& zone,
              Site site)
      : Expression(std::move(site)),
        operation_(operation),
        of_(std::move(of)),
        time_(time),
        zone_(zone) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], time_value(time_)); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(), [&](Row row) { return test(of[row], evaluation.memory()); },
        [&](Row row) { return why_comparison_failed(site(), of[row], time_value(time_)); });
  }

 private:
  Verdict test(const Value& value, Memory& memory) const {
    if (is_nothing(value)) return Verdict::unknown;
    // Mostly it is a text: looked at before it is taken for a number.
    auto time = is_textual(value) ? parse_time(text_of(value, memory), zone_) : std::nullopt;
    if (!time) time = time_of(value, zone_, memory);
    return time ? verdict(holds(operation_, *time <=> time_)) : Verdict::failed;
  }

  Comparison operation_;
  ExpressionPtr of_;
  std::int64_t time_;
  const Zone& zone_;
};

class GenericComparison : public Expression {
 public:
  GenericComparison(Comparison operation, ExpressionPtr left, ExpressionPtr right, const Zone& zone,
                    Site site)
      : Expression(std::move(site)),
        operation_(operation),
        left_(std::move(left)),
        right_(std::move(right)),
        zone_(zone) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column left = left_->evaluate(evaluation, rows),
                 right = right_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(),
        [&](Row row) {
          return compare(operation_, left[row], right[row], evaluation.memory(), zone_);
        },
        [&](Row row) { return why_comparison_failed(site(), left[row], right[row]); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column left = left_->evaluate(evaluation, rows),
                 right = right_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(),
        [&](Row row) {
          return compare(operation_, left[row], right[row], evaluation.memory(), zone_);
        },
        [&](Row row) { return why_comparison_failed(site(), left[row], right[row]); });
  }

 private:
  Comparison operation_;
  ExpressionPtr left_, right_;
  const Zone& zone_;
};

template <typename Holds>
ExpressionPtr against_number(Comparison operation, ExpressionPtr of, const Value& number,
                             const Zone& zone, Site site) {
  return std::make_shared<AgainstNumber<Holds>>(operation, std::move(of), number, zone,
                                                std::move(site));
}

ExpressionPtr make_against_number(Comparison operation, ExpressionPtr of, const Value& number,
                                  const Zone& zone, Site site) {
  const auto make = [operation] {
    switch (operation) {
      case Comparison::equal:
        return against_number<std::equal_to<>>;
      case Comparison::different:
        return against_number<std::not_equal_to<>>;
      case Comparison::less:
        return against_number<std::less<>>;
      case Comparison::at_most:
        return against_number<std::less_equal<>>;
      case Comparison::greater:
        return against_number<std::greater<>>;
      default:
        return against_number<std::greater_equal<>>;
    }
  }();
  return make(operation, std::move(of), number, zone, std::move(site));
}

}  // namespace

// The operation with its sides exchanged.
Comparison mirrored(Comparison operation) {
  switch (operation) {
    case Comparison::less:
      return Comparison::greater;
    case Comparison::at_most:
      return Comparison::at_least;
    case Comparison::greater:
      return Comparison::less;
    case Comparison::at_least:
      return Comparison::at_most;
    default:
      return operation;
  }
}

ExpressionPtr make_time_comparison(Comparison operation, ExpressionPtr of, std::int64_t time,
                                   const Zone& zone, Site site) {
  return std::make_shared<AgainstTime>(operation, std::move(of), time, zone, std::move(site));
}

ExpressionPtr make_comparison(Comparison operation, ExpressionPtr left, ExpressionPtr right,
                              const Zone& zone, Site site) {
  if (constant_of(*left) && !constant_of(*right)) {
    std::swap(left, right);
    if (site.operands.size() == 2) std::swap(site.operands[0], site.operands[1]);
    operation = mirrored(operation);
  }
  const Value* const constant = constant_of(*right);
  if (constant && constant->is_number())
    return make_against_number(operation, std::move(left), *constant, zone, std::move(site));
  const bool asks_equality = operation == Comparison::equal || operation == Comparison::different;
  if (constant && constant->kind == Kind::text && asks_equality)
    return std::make_shared<TextConstantComparison>(operation == Comparison::equal, std::move(left),
                                                    constant->view(), zone, std::move(site));
  return std::make_shared<GenericComparison>(operation, std::move(left), std::move(right), zone,
                                             std::move(site));
}

}  // namespace riffle
