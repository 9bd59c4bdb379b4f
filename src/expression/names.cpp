// Lists of names, as `select`, KEYS, `rename` and `transform` take them: a name is literal up to
// the comma or '='.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "aggregates/aggregate.h"
#include "expression/lexer.h"
#include "expression/parser.h"
#include "expression/syntax.h"
#include "functions/function.h"
#include "values/error.h"
#include "values/json.h"

namespace riffle {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// A name as it stands in the text, blanks around it left out.
struct Written {
  Name name;
  std::size_t position = 0, length = 0;
  bool pattern = false;
};

class NameReader {
 public:
  explicit NameReader(const Text& text) : text_(text) {}

  bool at_end() const { return at_ >= text_.text.size(); }
  char here() const { return at_end() ? '\0' : text_.text[at_]; }
  void move_to(std::size_t position) { at_ = position; }
  std::size_t position() const { return at_; }

  // Where the name that begins here ends: before a comma or '=' outside backquotes, or at the end
  // of the text.
  std::size_t end_of_name() const {
    std::size_t end = at_;
    while (end < text_.text.size() && text_.text[end] != ',' && text_.text[end] != '=') {
      if (text_.text[end] != '`') {
        end++;
        continue;
      }
      const std::size_t length = length_of_backquoted(text_.text, end);
      if (length == 0) refuse("a name in backquotes is not closed", end, 1);
      end += length;
    }
    return end;
  }

  // Reads the name and moves after it.
  Written name() {
    const std::size_t end = end_of_name();
    const std::size_t first = std::min(text_.text.find_first_not_of(blanks, at_), end);
    std::size_t last = end;
    while (last > first && blanks.find(text_.text[last - 1]) != blanks.npos) last--;
    at_ = end;
    if (first == last) refuse_missing(end);
    Written written = taken_apart(first, last);
    written.position = first;
    written.length = last - first;
    return written;
  }

  // `==`, `<=`, `!=`, `=~`: no sign of a name.
  bool is_comparison(std::size_t equals) const {
    const char before = equals > 0 ? text_.text[equals - 1] : '\0',
               after = equals + 1 < text_.text.size() ? text_.text[equals + 1] : '\0';
    return after == '=' || after == '~' || before == '<' || before == '>' || before == '!';
  }

  // The expression that begins here, up to a comma or the end; moves after it.
  std::unique_ptr<Syntax> expression() {
    Parser parser(text_, at_);
    std::unique_ptr<Syntax> tree = parser.expression();
    at_ = parser.end_of_expression().position;
    return tree;
  }

  // Refuses what other languages put before or in place of the '=' of an assignment, which would
  // become part of the name.
  void check_assigned(const Written& written) const {
    const std::string_view text =
        std::string_view(text_.text).substr(written.position, written.length);
    const auto refuse_as = [&](std::string_view what, std::string_view name) {
      refuse(fmt::format("{}; write: {} = ...", what, name), written.position, written.length);
    };
    if (text.ends_with(':'))
      refuse_as("':=' assigns nothing; '=' alone does",
                text.substr(0, text.find_last_not_of(" \t\r\n"
                                                     ":") +
                                   1));
    if (text.size() > 1 && std::string_view("+-*/").find(text.back()) != text.npos &&
        is_word(text.substr(0, text.find_last_not_of(" +-*/") + 1))) {
      const std::string_view name = text.substr(0, text.find_last_not_of(" +-*/") + 1);
      refuse(fmt::format("'{0}=' assigns nothing; write: {1} = {1} {0} ...", text.back(), name),
             written.position, written.length + 1);
    }
    if (text.starts_with('$'))
      refuse_as("a field is assigned by its bare name (in backquotes, if '$' is part of it)",
                text.substr(1));
    if (text.size() > 1 && text[0] == '.' && text[1] != '.')
      refuse_as("a field is assigned by its bare name (in backquotes, if '.' is part of it)",
                text.substr(1));
    const std::size_t blank = text.find(' ');
    std::string word(text.substr(0, blank));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (blank == text.npos || (word != "let" && word != "set" && word != "var")) return;
    const std::size_t name = text.find_first_not_of(' ', blank);
    refuse_as(
        fmt::format("'{}' is no part of an assignment (in backquotes, if it is one of the name)",
                    text.substr(0, blank)),
        text.substr(name));
  }

  // Refuses a name that can only be an expression: `status // 100`, `bucket(ts, 5m)` (of which a
  // comma makes two names).
  void check_not_computed(const Written& written, bool may_compute) const {
    std::string_view text = std::string_view(text_.text).substr(written.position, written.length);
    if (text.find('`') != text.npos) return;
    const std::size_t open = text.find('(');
    const bool ends_early =
        open != text.npos && text.find(')') == text.npos && find_function(text.substr(0, open));
    const auto has = [text](std::string_view operation) {
      return text.find(operation) != text.npos;
    };
    if (!ends_early && !has(" // ") && !has(" ** ") && !has(" ?? ")) return;
    const std::size_t closing = text_.text.find(')', written.position);
    if (ends_early && closing != std::string::npos)
      text = std::string_view(text_.text).substr(written.position, closing + 1 - written.position);
    const std::string repair = named_expression(std::string(text));
    if (repair.empty()) return;
    refuse(may_compute
               ? fmt::format("an expression needs a name: {}", repair)
               : fmt::format(
                     "only names can stand here; to compute one, write: transform '{}' then ...",
                     repair),
           written.position, text.size());
  }

  // Over the comma, to the next item; false at the end of the text.
  bool next() {
    if (at_end()) return false;
    at_++;
    if (std::min(text_.text.find_first_not_of(blanks, at_), text_.text.size()) == text_.text.size())
      refuse("nothing follows the last ','", at_ - 1, 1);
    return true;
  }

  [[noreturn]] void refuse(std::string_view message, std::size_t position,
                           std::size_t length) const {
    throw usage_error_at(fmt::format("{}: {}", text_.stage, message), text_.text, position, length);
  }

 private:
  [[noreturn]] void refuse_missing(std::size_t end) const {
    if (end >= text_.text.size()) refuse("a name is missing", end, 1);
    refuse(fmt::format("a name is missing before '{}'", text_.text[end]), end, 1);
  }

  Written taken_apart(std::size_t first, std::size_t last) const {
    Written written;
    std::vector<std::string> steps(1);
    std::vector<bool> written_steps(1);  // two backquotes are a step, whose name is empty
    std::string& literal = written.name.literal;
    for (std::size_t i = first; i < last;) {
      const char c = text_.text[i];
      if (c == '`') {
        const std::size_t length = length_of_backquoted(text_.text, i);
        const std::string inside =
            inside_backquotes(std::string_view(text_.text).substr(i, length));
        literal += inside;
        steps.back() += inside;
        written_steps.back() = true;
        i += length;
        continue;
      }
      written.pattern = written.pattern || c == '*';
      literal += c;
      if (c == '.') {
        steps.emplace_back();
        written_steps.push_back(false);
      } else {
        steps.back() += c;
        written_steps.back() = true;
      }
      i++;
    }
    // Dots that part nothing (`a.`, `..`) are letters of a name.
    const auto empty_step = std::find(written_steps.begin(), written_steps.end(), false);
    const bool has_empty_step = empty_step != written_steps.end();
    written.name.path =
        has_empty_step || written.pattern ? std::vector<std::string>{literal} : std::move(steps);
    check_steps(written.name, text_);
    return written;
  }

  const Text& text_;
  std::size_t at_ = 0;
};

// Whether an item of an aggregate's list begins with a name: an '=' that compares nothing comes
// before any bracket or quote.
bool begins_with_name(const NameReader& reader, const std::string& text) {
  const std::size_t equals = reader.end_of_name();
  if (equals >= text.size() || text[equals] != '=' || reader.is_comparison(equals)) return false;
  const std::string_view before =
      std::string_view(text).substr(reader.position(), equals - reader.position());
  const bool quoted = before.find('`') != before.npos;
  return quoted || before.find_first_of("()[]{}\"'<>") == before.npos;
}

}  // namespace

void check_steps(const Name& name, const Text& text) {
  constexpr std::size_t limit = nesting_limit, shown = 40;
  if (name.path.size() <= limit) return;
  throw usage_error(fmt::format("{}: the path '{}' has {} steps; records nest {} deep at most",
                                text.stage, visible(name.literal, shown), name.path.size(), limit));
}

std::string named_expression(const std::string& name) {
  const auto is_blank = [&](std::size_t at) {
    return at < name.size() && blanks.find(name[at]) != blanks.npos;
  };
  try {
    const auto tree = parse_expression(std::make_shared<const Text>(Text{{}, name}));
    if (tree->kind == Syntax::Kind::call &&
        (find_function(tree->text) || find_aggregate(tree->text)))
      return fmt::format("{} = {}", tree->text, name);
    const bool is_symbol = tree->kind == Syntax::Kind::binary &&
                           !std::isalpha(static_cast<unsigned char>(tree->text[0]));
    if (!is_symbol || tree->head == 0 || !is_blank(tree->head - 1) ||
        !is_blank(tree->head + tree->text.size()))
      return {};
    const std::size_t letter = name.find_first_of("abcdefghijklmnopqrstuvwxyz");
    return fmt::format("{} = {}", letter == name.npos ? "x" : name.substr(letter, 1), name);
  } catch (const Error&) {
    return {};  // no expression
  }
}

std::unique_ptr<Syntax> parse_expression(const std::shared_ptr<const Text>& text) {
  Parser parser(*text);
  std::unique_ptr<Syntax> tree = parser.expression();
  const Token& end = parser.end_of_expression();
  if (end.kind == Token::Kind::end) return tree;
  throw usage_error_at(
      fmt::format("{}: unexpected ','; one expression is expected here", text->stage), text->text,
      end.position, end.length);
}

namespace {

// `snake`: x -> snake(x).
std::unique_ptr<Syntax> lambda_of_function(const Text& text) {
  const auto make = [&](Syntax::Kind kind) {
    auto tree = std::make_unique<Syntax>();
    tree->kind = kind;
    tree->length = text.text.size();
    return tree;
  };
  auto parameter = make(Syntax::Kind::name), call = make(Syntax::Kind::call),
       lambda = make(Syntax::Kind::lambda);
  parameter->name = literal_name("x");
  call->text = text.text;
  call->depth = 2;
  call->children.push_back(std::move(parameter));
  lambda->text = "->";
  lambda->names = {"x"};
  lambda->depth = 3;
  lambda->children.push_back(std::move(call));
  return lambda;
}

}  // namespace

std::unique_ptr<Syntax> parse_lambda(const std::shared_ptr<const Text>& text) {
  std::unique_ptr<Syntax> tree;
  if (text->text.find("->") != text->text.npos) tree = parse_expression(text);
  if (is_word(text->text)) tree = lambda_of_function(*text);
  if (!tree || tree->kind != Syntax::Kind::lambda || tree->names.size() != 1)
    throw usage_error_at(
        fmt::format("{}: a lambda of one parameter is expected here: x -> lower(x)", text->stage),
        text->text, 0, text->text.size());
  return tree;
}

std::vector<Assignment> parse_assignments(const std::shared_ptr<const Text>& text,
                                          bool names_optional) {
  NameReader reader(*text);
  std::vector<Assignment> assignments;
  do {
    Assignment assignment;
    if (begins_with_name(reader, text->text)) {
      Written written = reader.name();
      reader.check_assigned(written);
      assignment.named = true;
      assignment.name = std::move(written.name);
      assignment.position = written.position;
      assignment.length = written.length;
      reader.move_to(reader.position() + 1);
    }
    const std::size_t start = reader.position();
    assignment.value = reader.expression();
    if (!assignment.named) {
      const std::size_t first =
          std::min(text->text.find_first_not_of(blanks, start), text->text.size());
      if (!names_optional && assignment.value->text == "==" &&
          assignment.value->children[0]->kind == Syntax::Kind::name)
        reader.refuse(fmt::format("'==' compares; write: {} = ...",
                                  print(assignment.value->children[0]->name)),
                      first, reader.position() - first);
      if (!names_optional)
        reader.refuse("a name is missing: NAME = EXPR", first,
                      std::max<std::size_t>(reader.position() - first, 1));
      assignment.position = first;
      assignment.length = reader.position() - first;
    }
    assignments.push_back(std::move(assignment));
  } while (reader.next());
  return assignments;
}

std::vector<Item> parse_items(const std::shared_ptr<const Text>& text, bool may_compute) {
  NameReader reader(*text);
  std::vector<Item> items;
  do {
    Written written = reader.name();
    Item item{std::move(written.name), written.pattern, nullptr, written.position, written.length};
    if (reader.here() != '=') reader.check_not_computed(written, may_compute);
    if (reader.here() == '=') {
      const std::size_t equals = reader.position();
      if (!may_compute)
        reader.refuse("only names can stand here, and '=' is part of a name in backquotes only",
                      equals, 1);
      if (reader.is_comparison(equals))
        reader.refuse("what is computed needs a name: NAME = EXPR", item.position, item.length);
      reader.check_assigned(written);
      item.pattern = false;
      reader.move_to(equals + 1);
      item.value = reader.expression();
    }
    items.push_back(std::move(item));
  } while (reader.next());
  return items;
}

std::vector<Renaming> parse_renamings(const std::shared_ptr<const Text>& text) {
  NameReader reader(*text);
  std::vector<Renaming> renamings;
  do {
    Written to = reader.name();
    if (reader.here() != '=')
      reader.refuse(fmt::format("'{0}' stands alone; a renaming is written NEW=OLD: {0}=old_name",
                                to.name.literal),
                    to.position, to.length);
    reader.move_to(reader.position() + 1);
    Written from = reader.name();
    if (reader.here() == '=') reader.refuse("a second '=' in one renaming", reader.position(), 1);
    renamings.push_back({std::move(to.name), std::move(from.name), to.position,
                         from.position + from.length - to.position});
  } while (reader.next());
  return renamings;
}

std::vector<KeyPair> parse_key_pairs(const std::shared_ptr<const Text>& text) {
  NameReader reader(*text);
  std::vector<KeyPair> pairs;
  const auto read = [&] {
    Written written = reader.name();
    if (written.pattern)
      reader.refuse("a key is one field; a pattern names several", written.position,
                    written.length);
    return std::move(written.name);
  };
  do {
    Name name = read();
    if (reader.here() != '=') {
      pairs.push_back({name, name});
      continue;
    }
    if (reader.is_comparison(reader.position()))
      reader.refuse("two names are compared as KEY=OTHER", reader.position(), 1);
    reader.move_to(reader.position() + 1);
    pairs.push_back({std::move(name), read()});
    if (reader.here() == '=') reader.refuse("a second '=' in one key", reader.position(), 1);
  } while (reader.next());
  return pairs;
}

}  // namespace riffle
