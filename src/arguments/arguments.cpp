#include "arguments/arguments.h"

#include <algorithm>
#include <utility>

namespace riffle {

const Parameter* Signature::find(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

void Arguments::add(Argument argument) { arguments_.push_back(std::move(argument)); }

bool Arguments::has(Parameter::Kind kind) const {
  return std::any_of(arguments_.begin(), arguments_.end(),
                     [&](const Argument& a) { return a.parameter->kind == kind; });
}

const Argument* Arguments::find(std::string_view name) const {
  const auto found = std::find_if(arguments_.begin(), arguments_.end(),
                                  [&](const Argument& a) { return a.parameter->name == name; });
  return found == arguments_.end() ? nullptr : &*found;
}

template <typename T>
const T& Arguments::value(std::string_view name) const {
  return std::get<T>(find(name)->value);
}

template <typename T>
std::span<const T> Arguments::list(std::string_view name) const {
  if (!has(name)) return {};
  return *value<Argument::List<T>>(name);
}

const std::string& Arguments::text(std::string_view name) const {
  static const std::string none;
  const Argument* const argument = find(name);
  return argument ? argument->text->text : none;
}

const std::shared_ptr<const Text>& Arguments::source(std::string_view name) const {
  return find(name)->text;
}

const Syntax& Arguments::expression(std::string_view name) const {
  return *value<std::shared_ptr<const Syntax>>(name);
}

std::span<const Assignment> Arguments::assignments(std::string_view name) const {
  return list<Assignment>(name);
}

std::span<const Item> Arguments::items(std::string_view name) const { return list<Item>(name); }

const Item& Arguments::event_time(std::string_view name) const { return items(name).front(); }

bool Arguments::is_arrival(std::string_view name) const {
  const Argument* const argument = find(name);
  return argument && argument->parameter->kind == Parameter::Kind::event_time &&
         argument->text->text == "arrival";
}

bool Arguments::has_arrival() const {
  return std::any_of(arguments_.begin(), arguments_.end(),
                     [&](const Argument& a) { return is_arrival(a.parameter->name); });
}

const Name& Arguments::name(std::string_view name) const { return items(name).front().name; }

std::span<const Renaming> Arguments::renamings(std::string_view name) const {
  return list<Renaming>(name);
}

std::span<const KeyPair> Arguments::key_pairs(std::string_view name) const {
  return list<KeyPair>(name);
}

std::span<const SortItem> Arguments::sort_keys(std::string_view name) const {
  return list<SortItem>(name);
}

const PathTemplate& Arguments::path_template(std::string_view name) const {
  return *value<std::shared_ptr<const PathTemplate>>(name);
}

std::uint64_t Arguments::count(std::string_view name, std::uint64_t otherwise) const {
  return has(name) ? value<std::uint64_t>(name) : otherwise;
}

const Share& Arguments::share(std::string_view name) const { return value<Share>(name); }

double Arguments::number(std::string_view name, double otherwise) const {
  return has(name) ? value<double>(name) : otherwise;
}

std::optional<std::int64_t> Arguments::duration(std::string_view name) const {
  return has(name) ? std::optional(value<std::int64_t>(name)) : std::nullopt;
}

std::optional<Span> Arguments::length(std::string_view name) const {
  return has(name) ? std::optional(value<Span>(name)) : std::nullopt;
}

std::size_t Arguments::choice(std::string_view name, std::size_t otherwise) const {
  if (!has(name)) return otherwise;
  const Argument& argument = *find(name);
  const auto& choices = argument.parameter->choices;
  return static_cast<std::size_t>(std::find(choices.begin(), choices.end(), argument.text->text) -
                                  choices.begin());
}

std::optional<Zone> Arguments::zone(std::string_view name) const {
  return has(name) ? std::optional(value<Zone>(name)) : std::nullopt;
}

}  // namespace riffle
