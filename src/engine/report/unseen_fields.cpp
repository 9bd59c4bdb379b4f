#include "engine/report/unseen_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>
#include <variant>

#include "expression/foreign_words.h"
#include "expression/lexer.h"
#include "stages/parse/parsed_fields.h"
#include "stages/stage.h"
#include "text/digits.h"
#include "text/letter_case.h"
#include "text/nearest.h"

namespace riffle {
namespace {

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789.") == text.npos; }

bool contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether `field` is names and numbers with minus signs between, and `name` is one of them.
bool is_difference_of(std::string_view field, std::string_view name,
                      std::span<const std::string> named) {
  bool has_name = false;
  for (std::size_t begin = 0; begin <= field.size();) {
    const std::size_t end = std::min(field.find('-', begin), field.size());
    const std::string_view part = field.substr(begin, end - begin);
    if (part.empty() || (!is_number(part) && !contains(named, part))) return false;
    has_name |= part == name;
    begin = end + 1;
  }
  return has_name;
}

bool is_text_in(const std::unique_ptr<Syntax>& tree, const std::string& name) {
  const bool is_it = tree && tree->kind == Syntax::Kind::name && tree->name.literal == name;
  return tree && (is_it || stands_for_text(*tree, name));
}

// Whether the name stands where the argument expects a text.
bool is_text_in(const Argument& argument, const std::string& name) {
  return std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::shared_ptr<const Syntax>>) {
          const bool is_value = argument.parameter->is_flag();  // fill --with none
          const bool is_it = value->kind == Syntax::Kind::name && value->name.literal == name;
          return (is_value && is_it) || stands_for_text(*value, name);
        } else if constexpr (std::is_same_v<T, Argument::List<Assignment>>) {
          return std::any_of(value->begin(), value->end(), [&](const Assignment& assignment) {
            return assignment.named && is_text_in(assignment.value, name);
          });
        } else if constexpr (std::is_same_v<T, Argument::List<Item>>) {
          return std::any_of(value->begin(), value->end(),
                             [&](const Item& item) { return is_text_in(item.value, name); });
        } else {
          return false;
        }
      },
      argument.value);
}

// Of `rename status=code`, where records have the new name.
std::string swapped_renaming(const Argument& argument, const std::string& name,
                             std::span<const std::string> seen) {
  const auto* const renamings = std::get_if<Argument::List<Renaming>>(&argument.value);
  if (!renamings) return {};
  for (const Renaming& renaming : **renamings)
    if (renaming.from.literal == name && contains(seen, renaming.to.literal))
      return fmt::format("; a renaming is written NEW=OLD: {}={}", name, renaming.to.literal);
  return {};
}

// The parts of a name: `pickup_borough` has two, `userId` has two.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    const bool begins = c >= 'A' && c <= 'Z' && !parts.back().empty();
    const bool separates = std::string_view("_- @").find(c) != std::string_view::npos;
    if (begins || (separates && !parts.back().empty())) parts.emplace_back();
    if (!separates) parts.back() += lower_ascii(std::string_view(&c, 1));
  }
  return parts;
}

bool is_part_of(const std::vector<std::string>& few, const std::vector<std::string>& many) {
  return few.size() < many.size() &&
         std::search(many.begin(), many.end(), few.begin(), few.end()) != many.end();
}

// Names that mean the same, in other programs' records.
bool mean_the_same(const std::string& a, const std::string& b) {
  constexpr std::array<std::string_view, 5> groups = {
      " ts time timestamp datetime date when t eventtime ", " msg message text body ",
      " level severity lvl loglevel priority ", " host hostname server instance ",
      " ip clientip client_ip remote_addr client address addr remote "};
  return std::any_of(groups.begin(), groups.end(), [&](std::string_view group) {
    return group.find(" " + a + " ") != group.npos && group.find(" " + b + " ") != group.npos;
  });
}

// A name that has all words of another, or means the same; of several one that ends alike, as
// `borough` for `pickup_borough`. Empty: there is none.
std::string akin(const std::string& name, std::span<const std::string> seen) {
  if (name.find('.') != name.npos) return {};  // a path says where it is
  const std::vector<std::string> parts = parts_of(name);
  std::string found;
  for (const std::string& one : seen) {
    const std::vector<std::string> others = parts_of(one);
    const bool is_akin = is_part_of(parts, others) || is_part_of(others, parts) ||
                         mean_the_same(fmt::format("{}", fmt::join(parts, "_")),
                                       fmt::format("{}", fmt::join(others, "_")));
    if (is_akin && (found.empty() || others.back() == parts.back())) found = one;
  }
  return found;
}

// Where a stage wants a field's name and was given what makes one: the stage that does.
std::string way_to_computed_field(const Job& job, const std::string& name,
                                  const std::string& assignment) {
  for (const Call& call : job.stages)
    for (const Argument& argument : call.arguments.all()) {
      const auto* const items = std::get_if<Argument::List<Item>>(&argument.value);
      if (argument.parameter->kind != Parameter::Kind::name || !items ||
          (*items)->front().name.literal != name)
        continue;
      const std::string function = name.substr(0, name.find('('));
      return fmt::format("{} names a field, made before it: {}", argument.parameter->name,
                         find_function(function)
                             ? fmt::format("transform '{}'", assignment)
                             : fmt::format("aggregate '{}' --by KEYS", assignment));
    }
  return {};
}

// What the format has to do with it that no record has the name.
std::string hint_on_format(const std::string& name, const ReadFields& read) {
  constexpr std::array<std::string_view, 3> of_priority = {"priority", "facility", "severity"};
  constexpr std::size_t shown_names = 3;
  if (read.format == "text") return "; " + way_to_parsed_field(name, read.format);
  const bool is_place = name[0] == 'c' && is_digits(std::string_view(name).substr(1));
  if (is_place && !read.is_without_header && (read.format == "csv" || read.format == "tsv"))
    return read.is_of_stage ? fmt::format("; {} '{} no-header' reads a file without a header",
                                          format_flag(), read.format)
                            : "; --no-header reads a file without a header";
  if (read.is_without_header && !read.names.empty() && read.names[0] == "c1")
    return "; without a header the fields are " + listed(read.names, shown_names);
  if (read.format.empty()) return {};
  if (!contains(read.names, name)) {
    const std::string way = way_to_parsed_field(name, read.format);
    return way.empty() ? way : "; " + way;
  }
  if (read.format == "syslog" &&
      std::find(of_priority.begin(), of_priority.end(), name) != of_priority.end())
    return "; it is in the <PRI> before a line's stamp, which files mostly leave out";
  return fmt::format("; no line has that part of the format {}", read.format);
}

}  // namespace

std::string listed(std::span<const std::string> names, std::size_t most) {
  return fmt::format("{}{}", fmt::join(names.first(std::min(names.size(), most)), ", "),
                     names.size() > most ? ", ..." : "");
}

std::string mistaken_for_name(const Job& job, const std::string& name,
                              std::span<const std::string> seen) {
  if (const std::string expression = named_expression(name); !expression.empty()) {
    const std::string way = way_to_computed_field(job, name, expression);
    return way.empty() ? "an expression needs a name: " + expression : way;
  }
  if (name.size() > 1 && std::string_view("!-^").find(name[0]) != std::string_view::npos &&
      contains(seen, name.substr(1)))
    return fmt::format("fields are left out by: drop {}", name.substr(1));
  for (const std::string_view word : {" as ", " AS "})
    if (const std::size_t at = name.find(word); at != name.npos && is_word(name.substr(at + 4)))
      return fmt::format("a new name comes first: {} = {}", name.substr(at + 4),
                         name.substr(0, at));
  const std::size_t blank = name.find(' ');
  if (blank != name.npos && contains(seen, name.substr(0, blank)) &&
      contains(seen, name.substr(name.rfind(' ') + 1))) {
    std::string list = name;
    std::replace(list.begin(), list.end(), ' ', ',');
    return fmt::format("a list is one word with commas: {}", list);
  }
  return {};
}

std::string hint_on_name(const Job& job, const std::string& name, const ReadFields& read) {
  const std::vector<std::string>& seen = read.names;
  const bool is_known = contains(seen, name);
  constexpr std::size_t short_name = 3;  // too few letters for one of them to be mistyped
  std::string near = is_known ? std::string() : did_you_mean(name, seen);
  const bool may_be_akin = !is_known && (near.empty() || name.size() <= short_name);
  const std::string other = may_be_akin && read.format != "text" ? akin(name, seen) : std::string();
  for (const Call& call : job.stages)
    for (const Argument& argument : call.arguments.all()) {
      if (std::string swapped = swapped_renaming(argument, name, seen); !swapped.empty())
        return swapped;
      if (!is_word(name) || !is_text_in(argument, name)) continue;
      if (const std::string_view constant = constant_here(name); !constant.empty())
        return fmt::format("; did you mean '{}'?", constant);
      if (near.empty() && !is_known) return fmt::format("; a text is written \"{}\"", name);
    }
  if (!other.empty()) near = did_you_mean(other);
  if (std::string hint = hint_on_format(name, read);
      !hint.empty() && (near.empty() || read.is_without_header))
    return hint;
  if (!near.empty() || is_known || seen.empty()) return near;
  constexpr std::size_t shown_names = 8;
  return fmt::format(" (records have {})", visible(listed(seen, shown_names)));
}

std::string written_as_difference(const std::string& name, std::span<const std::string> named,
                                  std::span<const std::string> seen) {
  const auto found = std::find_if(seen.begin(), seen.end(), [&](const std::string& field) {
    return field.find('-') != field.npos && is_difference_of(field, name, named);
  });
  return found == seen.end() ? std::string() : *found;
}

}  // namespace riffle
