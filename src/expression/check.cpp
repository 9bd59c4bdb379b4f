#include "expression/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "expression/binder.h"
#include "expression/escapes.h"
#include "expression/foreign_words.h"
#include "expression/lexer.h"
#include "text/nearest.h"
#include "time/text.h"
#include "values/error.h"

namespace riffle {
namespace {

template <typename T, std::size_t N>
const T* find_named(const std::array<std::pair<std::string_view, T>, N>& table,
                    std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == name; });
  return found == table.end() ? nullptr : &found->second;
}

constexpr std::array<std::pair<std::string_view, Arithmetic>, 7> arithmetic = {
    {{"+", Arithmetic::add},
     {"-", Arithmetic::subtract},
     {"*", Arithmetic::multiply},
     {"/", Arithmetic::divide},
     {"//", Arithmetic::divide_whole},
     {"%", Arithmetic::remainder},
     {"**", Arithmetic::power}}};

constexpr std::array<std::pair<std::string_view, Comparison>, 6> comparisons = {
    {{"==", Comparison::equal},
     {"!=", Comparison::different},
     {"<", Comparison::less},
     {"<=", Comparison::at_most},
     {">", Comparison::greater},
     {">=", Comparison::at_least}}};

bool is_text_literal(const Syntax& tree) {
  return tree.kind == Syntax::Kind::literal && !tree.raw.empty() &&
         (tree.raw[0] == '"' || tree.raw[0] == '\'' || (tree.raw[0] == 'r' && tree.raw.size() > 2));
}

// What stands between the quotes of a text literal.
std::string_view inside_quotes(const Syntax& tree) {
  const std::string_view raw = tree.raw;
  const std::size_t open = raw[0] == 'r' ? 2 : 1;
  return raw.substr(open, raw.size() - open - 1);
}

// The time that a side of < <= > >= is: a text that is written there, or given as an argument.
std::optional<std::int64_t> written_time(const Syntax& tree, const Expression& side,
                                         const Zone& zone) {
  const bool is_written = is_text_literal(tree) || tree.kind == Syntax::Kind::argument;
  const Value* const text = is_written ? constant_of(side) : nullptr;
  return text ? parse_time(text->view(), zone) : std::nullopt;
}

// Whether a field is one that the reader fills.
bool is_of_source(const std::vector<Candidate>& candidates, const Shape& shape) {
  const std::vector<SourceField>& fields = shape.slots().source;
  return candidates.size() == 1 &&
         std::any_of(fields.begin(), fields.end(),
                     [&](const SourceField& f) { return f.slot == candidates[0].slot; });
}

// How the aggregate is called, by the name that was written (p99): "count()", "p99(x)".
std::string spelling_of_call(const AggregateFunction& function, const std::string& name) {
  return name + (function.least == 0
                     ? "()"
                     : std::string(function.usage.substr(function.usage.find('('))));
}

// awk's $1.
bool is_place(std::string_view argument) {
  return argument.find_first_not_of("0123456789") == argument.npos;
}

// What a function's result or an argument of the command line is, where it can have no members;
// empty: it may have some.
std::string_view memberless_result(const Syntax& tree) {
  if (tree.kind == Syntax::Kind::argument) return "text";
  const Function* const function =
      tree.kind == Syntax::Kind::call && !tree.where ? find_function(tree.text) : nullptr;
  if (!function) return {};
  constexpr std::array<std::string_view, 8> scalars = {"text",   "boolean", "integer",  "real",
                                                       "number", "time",    "duration", "list"};
  const auto found = std::find(scalars.begin(), scalars.end(), function->result);
  return found == scalars.end() ? std::string_view() : *found;
}

// A whole number that is written out, with a minus sign or without.
std::optional<std::int64_t> written_position(const Syntax* tree) {
  const bool is_negative = tree && tree->kind == Syntax::Kind::unary && tree->text == "-";
  if (is_negative) tree = tree->children[0].get();
  if (!tree || tree->kind != Syntax::Kind::literal || tree->value.kind != Kind::integer)
    return std::nullopt;
  return is_negative ? -tree->value.integer : tree->value.integer;
}

// Whether nothing is from `start` up to `end`, however long the text is.
bool is_always_empty(std::int64_t start, std::int64_t end) {
  return end == 0 || ((start < 0) == (end < 0) && end <= start);
}

// The operands of a chain of one operator, in order: a and b and c.
void flatten(const Syntax& tree, std::vector<const Syntax*>& operands) {
  for (const auto& child : tree.children) {
    if (child->kind == Syntax::Kind::binary && child->text == tree.text)
      flatten(*child, operands);
    else
      operands.push_back(child.get());
  }
}

}  // namespace

ExpressionPtr Binder::bind(const Syntax& tree) {
  const auto& children = tree.children;
  switch (tree.kind) {
    case Syntax::Kind::literal:
      return literal(tree);
    case Syntax::Kind::name:
      return name(tree);
    case Syntax::Kind::argument:
      return argument(tree);
    case Syntax::Kind::binary:
      return binary(tree);
    case Syntax::Kind::slice:
      return slice(tree);
    case Syntax::Kind::call:
      return call(tree);
    case Syntax::Kind::lambda:
      refuse("a lambda can only be a function's argument: map(list, x -> x + 1)", tree);
    default:
      break;
  }
  const std::vector<ExpressionPtr> parts = each(children);
  switch (tree.kind) {
    case Syntax::Kind::unary:
      return folded_over(
          tree.text == "-" ? make_negative(parts[0], site(tree)) : make_not(parts[0], site(tree)),
          parts);
    case Syntax::Kind::choice:
      return folded_over(make_choice(parts[0], parts[1], parts[2], site(tree)), parts);
    case Syntax::Kind::member:
      check_member(tree);
      return folded_over(make_member(parts[0], tree.text, site(tree)), parts);
    case Syntax::Kind::index:
      return folded_over(make_index(parts[0], parts[1], site(tree)), parts);
    case Syntax::Kind::list:
      return folded_over(make_list(parts, site(tree)), parts);
    default:
      return folded_over(make_map(tree.names, parts, site(tree)), parts);
  }
}

void Binder::check_member(const Syntax& tree) const {
  const Syntax& of = *tree.children[0];
  const bool is_aggregate = aggregates_ && of.kind == Syntax::Kind::call && aggregate_of(of);
  const std::string_view result = memberless_result(of);
  if (result.empty() || is_aggregate) return;
  const std::string hint = find_function(tree.text)
                               ? fmt::format("; {}({}) calls the function", tree.text, written(of))
                               : "";
  refuse(fmt::format("'{}' has no members, its kind is {}{}", written(of), result, hint), tree);
}

ExpressionPtr Binder::literal(const Syntax& tree) {
  Value value = tree.value;
  if (is_text_literal(tree) && value.is_missing()) {
    std::string ignored;
    const Unescaped fault = unescape(inside_quotes(tree), ignored);
    const std::string_view escape = inside_quotes(tree).substr(fault.position, fault.length);
    refuse(fmt::format("unknown escape '{0}' in a text; write '\\{0}' for a backslash, or r\"...\"",
                       escape),
           tree.head + 1 + fault.position, fault.length);
  }
  if (!is_text_literal(tree) && value.kind == Kind::text)
    refuse(
        fmt::format("'{}' has no fixed length; it can stand as the size of a bucket or window only",
                    tree.raw),
        tree);
  if (value.kind == Kind::time && !tree.raw.empty()) {
    const auto time = parse_time(std::string_view(tree.raw).substr(1), settings_.zone);
    if (!time) refuse(fmt::format("'{}' is outside 1677-09-22 to 2262-04-11", tree.raw), tree);
    value = time_value(*time);
  }
  return std::make_shared<Constant>(value, site(tree));
}

ExpressionPtr Binder::name(const Syntax& tree) {
  for (std::size_t outward = 0; outward < lambdas_.size(); outward++) {
    const std::vector<std::string>& names = *lambdas_[lambdas_.size() - 1 - outward];
    const auto found = std::find(names.begin(), names.end(), tree.name.path[0]);
    if (found == names.end()) continue;
    ExpressionPtr value = make_parameter(
        static_cast<int>(outward), static_cast<std::size_t>(found - names.begin()), site(tree));
    for (std::size_t i = 1; i < tree.name.path.size(); i++)
      value = make_member(std::move(value), tree.name.path[i], site(tree));
    return value;
  }
  std::vector<Candidate> candidates = candidates_of(tree);
  const bool untouched = is_of_source(candidates, shape_);
  return make_field(std::move(candidates), untouched, site(tree));
}

std::vector<Candidate> Binder::candidates_of(const Syntax& tree) const {
  try {
    return shape_.find(tree.name);
  } catch (const UnknownField& error) {
    if (aggregates_) refuse_unknown_item(tree);
    const std::string what = error.what();
    const bool is_text = &tree == compared_ && what.find("did you mean") == what.npos;
    refuse(is_text ? fmt::format("{}; a text is written \"{}\"", what, tree.name.literal) : what,
           tree);
  }
}

void Binder::refuse_unknown_item(const Syntax& tree) const {
  std::string hint = did_you_mean(tree.name.literal, shape_.known_names());
  if (const AggregateFunction* const function = find_aggregate(tree.name.literal))
    hint = fmt::format("; did you mean {}?", spelling_of_call(*function, tree.name.literal));
  else if (hint.empty())
    hint = fmt::format("; put it into an aggregate: max({})", print(tree.name));
  refuse(fmt::format("'{}' is neither a key nor an earlier item{}", tree.name.literal, hint), tree);
}

ExpressionPtr Binder::argument(const Syntax& tree) {
  const auto found = settings_.arguments.find(tree.text);
  if (found == settings_.arguments.end()) {
    std::vector<std::string> known;
    for (const auto& [name, value] : settings_.arguments) known.push_back("$" + name);
    std::string hint = did_you_mean("$" + tree.text, known);
    if (is_place(tree.text))
      hint = "; columns have names: those of the header line, or with --no-header c1, c2, ...";
    else if (hint.empty())
      hint = fmt::format("; --arg {0}=VALUE gives it, and a field is written {0}", tree.text);
    refuse(fmt::format("unknown argument '${}'{}", tree.text, hint), tree);
  }
  return std::make_shared<Constant>(cell_value(found->second), site(tree));
}

ExpressionPtr Binder::binary(const Syntax& tree) {
  const std::string& op = tree.text;
  if (op == "and" || op == "or" || op == "??") return junction(tree);
  if (op == "=~" || op == "!~") return match(tree);
  if (find_named(comparisons, op)) compared_ = tree.children[1].get();
  if (op.ends_with("contains"))
    check_plain_part(*tree.children[1], "'contains'",
                     fmt::format("{} {} {}", written(*tree.children[0]),
                                 op == "contains" ? "=~" : "!~", written(*tree.children[1])));
  const std::vector<ExpressionPtr> sides = each(tree.children);
  if (const Arithmetic* const a = find_named(arithmetic, op))
    return folded_over(make_arithmetic(*a, sides[0], sides[1], site(tree)), sides);
  if (const Comparison* const c = find_named(comparisons, op))
    return folded_over(comparison(*c, sides, tree), sides);
  const bool outer_first = op == "contains" || op == "not contains";
  return folded_over(make_containment(sides[outer_first ? 0 : 1], sides[outer_first ? 1 : 0],
                                      op.starts_with("not"), settings_.zone, site(tree)),
                     sides);
}

ExpressionPtr Binder::comparison(Comparison operation, const std::vector<ExpressionPtr>& sides,
                                 const Syntax& tree) const {
  const Zone& zone = settings_.zone;
  const bool orders = operation != Comparison::equal && operation != Comparison::different;
  if (const auto time = orders ? written_time(*tree.children[1], *sides[1], zone) : std::nullopt)
    return make_time_comparison(operation, sides[0], *time, zone, site(tree));
  if (const auto time = orders ? written_time(*tree.children[0], *sides[0], zone) : std::nullopt) {
    Site where = site(tree);
    std::swap(where.operands[0], where.operands[1]);
    return make_time_comparison(mirrored(operation), sides[1], *time, zone, std::move(where));
  }
  return make_comparison(operation, sides[0], sides[1], zone, site(tree));
}

ExpressionPtr Binder::junction(const Syntax& tree) {
  std::vector<const Syntax*> trees;
  flatten(tree, trees);
  std::vector<ExpressionPtr> operands;
  for (const Syntax* operand : trees)
    operands.push_back(bind_handled(*operand, tree.text == "??" && operand != trees.back()));
  Site where = site(tree);
  ExpressionPtr node = tree.text == "??"
                           ? make_coalesce(operands, std::move(where))
                           : make_junction(tree.text == "or", operands, std::move(where));
  return folded_over(std::move(node), operands);
}

ExpressionPtr Binder::match(const Syntax& tree) {
  const ExpressionPtr sides[] = {bind(*tree.children[0]), pattern(*tree.children[1])};
  try {
    return folded_over(make_match(sides[0], sides[1], tree.text == "!~", site(tree)), sides);
  } catch (const std::invalid_argument& reason) {
    refuse(fmt::format("bad regex: {}", reason.what()), *tree.children[1]);
  }
}

ExpressionPtr Binder::pattern(const Syntax& tree) {
  if (!is_text_literal(tree)) return bind(tree);
  return std::make_shared<Constant>(text_value(inside_quotes(tree)), site(tree));
}

ExpressionPtr Binder::slice(const Syntax& tree) {
  std::vector<ExpressionPtr> parts;
  for (const auto& child : tree.children) parts.push_back(child ? bind(*child) : nullptr);
  ExpressionPtr node = make_slice(parts[0], parts[1], parts[2], site(tree));
  std::erase(parts, nullptr);
  return folded_over(std::move(node), parts);
}

void Binder::check_stretch(const Function& function, const Syntax& tree) const {
  if (tree.children.size() < 3) return;
  const auto start = written_position(tree.children[1].get());
  const auto end = written_position(tree.children[2].get());
  if (!start || !end || !is_always_empty(*start, *end)) return;
  std::string instead = fmt::format("; nothing is from {} up to {}", *start, *end);
  if (*start >= 0 && *end > 0)
    instead = fmt::format(": {}({}, {}, {})", function.name, written(*tree.children[0]), *start,
                          *start + *end);
  refuse(fmt::format("{}(): the third argument is an end, not a length{}", function.name, instead),
         *tree.children[2]);
}

void Binder::check_plain_part(const Syntax& part, std::string_view what,
                              std::string_view repair) const {
  if (!is_text_literal(part)) return;
  const bool is_written = part.value.is_missing();
  if (!reads_as_regex(is_written ? inside_quotes(part) : part.text, is_written)) return;
  refuse(fmt::format("{} takes a text as it is, and {} reads as a regex; write: {}", what,
                     written(part), repair),
         part);
}

void Binder::check_plain_argument(const Function& function, const Syntax& tree) const {
  if (function.instead_for_regex.empty() || tree.children.size() < 2) return;
  const std::string_view last = tree.children.size() > 2 ? written(*tree.children[2]) : "";
  const std::string repair =
      fmt::format(fmt::runtime(function.instead_for_regex), written(*tree.children[0]),
                  written(*tree.children[1]), last);
  check_plain_part(*tree.children[1], fmt::format("{}()", function.name), repair);
}

std::vector<ExpressionPtr> Binder::each(std::span<const std::unique_ptr<Syntax>> trees) {
  std::vector<ExpressionPtr> bound;
  bound.reserve(trees.size());
  for (const auto& tree : trees) bound.push_back(bind(*tree));
  return bound;
}

ExpressionPtr Binder::folded_over(ExpressionPtr node,
                                  std::span<const ExpressionPtr> operands) const {
  const bool constant = std::all_of(operands.begin(), operands.end(),
                                    [](const ExpressionPtr& e) { return constant_of(*e); });
  return constant ? folded(std::move(node)) : node;
}

Site Binder::site(const Syntax& tree) const {
  Site site{text_, {tree.position, tree.length}};
  for (const auto& child : tree.children)
    site.operands.push_back(child ? Site::Span{child->position, child->length} : Site::Span{});
  return site;
}

std::string_view Binder::written(const Syntax& tree) const {
  return std::string_view(text_->text).substr(tree.position, tree.length);
}

void Binder::refuse(std::string_view message, std::size_t position, std::size_t length) const {
  throw usage_error_at(fmt::format("{}: {}", text_->stage, message), text_->text, position, length);
}

void Binder::refuse(std::string_view message, const Syntax& tree) const {
  refuse(message, tree.position, tree.length);
}

ExpressionPtr bind(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                   BindContext& binding) {
  return Binder(text, binding, Binder::Place::record).bind(syntax);
}

ExpressionPtr bind_lambda(const Syntax& lambda, const std::shared_ptr<const Text>& text,
                          BindContext& binding) {
  return Binder(text, binding, Binder::Place::record).bind_lambda(lambda);
}

ExpressionPtr bind_name(const Name& name, const std::shared_ptr<const Text>& text, Shape& shape) {
  std::vector<Candidate> candidates = shape.find(name);
  const bool untouched = is_of_source(candidates, shape);
  return make_field(std::move(candidates), untouched,
                    {.text = text, .span = {}, .name = name.literal});
}

}  // namespace riffle
