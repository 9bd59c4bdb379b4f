// Lists, maps and the parts of them: [a, b], {a: 1}, x.name, x[i], x[a:b].
#include <algorithm>
#include <cmath>
#include <optional>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "functions/lambda_scope.h"
#include "records/record.h"
#include "values/decode.h"

namespace riffle {
namespace {

// A position is a whole number, 2.0 included; nothing when the value is none.
std::optional<std::int64_t> position_of(const Value& value) {
  const Value number = number_of(value);
  if (number.kind == Kind::integer) return number.integer;
  if (number.kind == Kind::natural) return INT64_MAX;
  if (number.kind != Kind::real || number.real != std::floor(number.real)) return std::nullopt;
  return number.real >= 0x1p63   ? INT64_MAX
         : number.real < -0x1p63 ? INT64_MIN
                                 : static_cast<std::int64_t>(number.real);
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::int64_t code_points(std::string_view text) {
  return static_cast<std::int64_t>(text.size()) -
         std::count_if(text.begin(), text.end(), continues);
}

// The byte at which code point `n` begins; n is at most the text's length.
std::size_t byte_of(std::string_view text, std::int64_t n) {
  std::size_t at = 0;
  for (; n > 0; n--) {
    at++;
    while (at < text.size() && continues(text[at])) at++;
  }
  return at;
}

std::string_view text_between(std::string_view text, std::int64_t from, std::int64_t to) {
  const std::size_t begin = byte_of(text, from);
  return text.substr(begin, byte_of(text.substr(begin), to - from));
}

bool is_text(const Value& value) { return value.kind == Kind::text; }

class MemberOf : public Expression {
 public:
  MemberOf(ExpressionPtr of, std::string name, Site site)
      : Expression(std::move(site)), of_(std::move(of)), name_(std::move(name)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    return computed(evaluation, rows,
                    [&](Row row) { return member_of(of[row], name_, evaluation.memory()); });
  }

 private:
  ExpressionPtr of_;
  std::string name_;
};

class Index : public Expression {
 public:
  Index(ExpressionPtr of, ExpressionPtr at, Site site)
      : Expression(std::move(site)), of_(std::move(of)), at_(std::move(at)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows), at = at_->evaluate(evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      const auto part = part_of(of[row], at[row], evaluation.memory());
      if (part) return *part;
      const Value values[] = {of[row], at[row]};
      return evaluation.fail(row, site(), [&] { return why_part_failed(values); });
    });
  }

 private:
  static std::optional<Value> part_of(const Value& of, const Value& at, Memory& memory) {
    if (is_nothing(of) || is_nothing(at)) return null_value();
    const Value whole = LambdaScope::decoded(of, memory);
    if (whole.kind == Kind::map) {
      const Member* const member = LambdaScope::find(whole.map(), text_of(at, memory));
      return member ? member->value : Value{};
    }
    std::optional<std::int64_t> position = position_of(at);
    if (!position || (whole.kind != Kind::list && !is_text(whole))) return std::nullopt;
    const std::int64_t length = is_text(whole) ? code_points(whole.view()) : whole.size;
    if (*position < 0) *position += length;
    if (*position < 0 || *position >= length) return null_value();
    return is_text(whole) ? text_value(text_between(whole.view(), *position, *position + 1))
                          : whole.items[*position];
  }

  ExpressionPtr of_, at_;
};

class Slice : public Expression {
 public:
  Slice(ExpressionPtr of, ExpressionPtr from, ExpressionPtr to, Site site)
      : Expression(std::move(site)),
        of_(std::move(of)),
        from_(std::move(from)),
        to_(std::move(to)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    const Value first = integer_value(0), last = integer_value(INT64_MAX);
    const Column from = from_ ? from_->evaluate(evaluation, rows) : Column{&first, 0};
    const Column to = to_ ? to_->evaluate(evaluation, rows) : Column{&last, 0};
    return computed(evaluation, rows, [&](Row row) {
      const auto part = part_of(of[row], from[row], to[row], evaluation.memory());
      if (part) return *part;
      const Value values[] = {of[row], from[row], to[row]};
      return evaluation.fail(row, site(), [&] { return why_part_failed(values); });
    });
  }

 private:
  static std::optional<Value> part_of(const Value& of, const Value& from, const Value& to,
                                      Memory& memory) {
    if (is_nothing(of) || is_nothing(from) || is_nothing(to)) return null_value();
    const Value whole = LambdaScope::decoded(of, memory);
    const auto first = position_of(from), last = position_of(to);
    if (!first || !last || (whole.kind != Kind::list && !is_text(whole))) return std::nullopt;
    const std::int64_t length = is_text(whole) ? code_points(whole.view()) : whole.size;
    const auto bounded = [&](std::int64_t n) {
      return std::clamp<std::int64_t>(n < 0 ? n + length : n, 0, length);
    };
    const std::int64_t begin = bounded(*first), end = std::max(begin, bounded(*last));
    if (is_text(whole)) return text_value(text_between(whole.view(), begin, end));
    return list_value(whole.list().subspan(static_cast<std::size_t>(begin),
                                           static_cast<std::size_t>(end - begin)));
  }

  ExpressionPtr of_, from_, to_;
};

class List : public Expression {
 public:
  List(std::vector<ExpressionPtr> items, Site site)
      : Expression(std::move(site)), items_(std::move(items)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const std::vector<Column> columns = riffle::evaluate(items_, evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      Value* const items = evaluation.memory().allocate<Value>(columns.size());
      for (std::size_t i = 0; i < columns.size(); i++)
        items[i] = columns[i][row].is_missing() ? null_value() : columns[i][row];
      return list_value({items, columns.size()});
    });
  }

 private:
  std::vector<ExpressionPtr> items_;
};

// A missing value makes no member, as in an assignment.
class Map : public Expression {
 public:
  Map(std::vector<std::string> names, std::vector<ExpressionPtr> values, Site site)
      : Expression(std::move(site)), names_(std::move(names)), values_(std::move(values)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const std::vector<Column> columns = riffle::evaluate(values_, evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      Member* const members = evaluation.memory().allocate<Member>(columns.size());
      std::size_t count = 0;
      for (std::size_t i = 0; i < columns.size(); i++)
        if (!columns[i][row].is_missing()) members[count++] = {names_[i], columns[i][row]};
      return map_value({members, count});
    });
  }

 private:
  std::vector<std::string> names_;
  std::vector<ExpressionPtr> values_;
};

}  // namespace

ExpressionPtr make_member(ExpressionPtr of, std::string name, Site site) {
  return std::make_shared<MemberOf>(std::move(of), std::move(name), std::move(site));
}

ExpressionPtr make_index(ExpressionPtr of, ExpressionPtr at, Site site) {
  return std::make_shared<Index>(std::move(of), std::move(at), std::move(site));
}

ExpressionPtr make_slice(ExpressionPtr of, ExpressionPtr from, ExpressionPtr to, Site site) {
  return std::make_shared<Slice>(std::move(of), std::move(from), std::move(to), std::move(site));
}

ExpressionPtr make_list(std::vector<ExpressionPtr> items, Site site) {
  return std::make_shared<List>(std::move(items), std::move(site));
}

ExpressionPtr make_map(std::vector<std::string> names, std::vector<ExpressionPtr> values,
                       Site site) {
  return std::make_shared<Map>(std::move(names), std::move(values), std::move(site));
}

}  // namespace riffle
