// Arguments: what the words after a stage's name say, parsed by the kinds of its parameters. A
// value: copies share the parsed trees, which nothing changes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "arguments/parameter.h"
#include "arguments/path_template.h"
#include "arguments/sort_keys.h"
#include "expression/syntax.h"
#include "time/window.h"
#include "time/zone.h"

namespace riffle {

// How many records, or what part of them.
struct Share {
  std::optional<std::uint64_t> count;
  double part = 0;  // where there is no count: 0 to 1
};

struct Argument {
  template <typename T>
  using List = std::shared_ptr<const std::vector<T>>;
  // By the parameter's kind. Of words, names of files and flags: nothing but the text.
  using Value = std::variant<std::monostate, std::shared_ptr<const Syntax>, List<Assignment>,
                             List<Item>, List<Renaming>, List<KeyPair>, List<SortItem>,
                             std::shared_ptr<const PathTemplate>, std::uint64_t, Share, double,
                             std::int64_t, Span, Zone>;

  const Parameter* parameter = nullptr;
  std::shared_ptr<const Text> text;  // as it was written
  Value value;
};

// The accessors take a parameter's name. Where nothing is said of absent arguments, and of the
// kind: REQUIRES that the argument is given and of that kind.
class Arguments {
 public:
  void add(Argument argument);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool has(Parameter::Kind kind) const;
  bool empty() const { return arguments_.empty(); }
  // As it was written; empty when not given.
  const std::string& text(std::string_view name) const;
  // The same, for messages that point into it.
  const std::shared_ptr<const Text>& source(std::string_view name) const;

  const Syntax& expression(std::string_view name) const;                 // a lambda, too
  std::span<const Assignment> assignments(std::string_view name) const;  // empty when not given
  std::span<const Item> items(std::string_view name) const;              // empty when not given
  const Item& event_time(std::string_view name) const;
  // Whether that is the time at which records are read: `arrival`, not in backquotes. False when
  // not given.
  bool is_arrival(std::string_view name) const;
  bool has_arrival() const;  // of any flag
  const Name& name(std::string_view name) const;
  std::span<const Renaming> renamings(std::string_view name) const;
  std::span<const KeyPair> key_pairs(std::string_view name) const;  // empty when not given
  std::span<const SortItem> sort_keys(std::string_view name) const;
  const PathTemplate& path_template(std::string_view name) const;
  std::uint64_t count(std::string_view name, std::uint64_t otherwise = 0) const;
  const Share& share(std::string_view name) const;
  double number(std::string_view name, double otherwise) const;
  std::optional<std::int64_t> duration(std::string_view name) const;  // an offset, too
  std::optional<Span> length(std::string_view name) const;
  // The place among the parameter's choices.
  std::size_t choice(std::string_view name, std::size_t otherwise = 0) const;
  std::optional<Zone> zone(std::string_view name) const;

  // In the order of the stage's parameters.
  std::span<const Argument> all() const { return arguments_; }

 private:
  const Argument* find(std::string_view name) const;
  template <typename T>
  const T& value(std::string_view name) const;
  template <typename T>
  std::span<const T> list(std::string_view name) const;

  std::vector<Argument> arguments_;
};

}  // namespace riffle
