#include "plan/fingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <vector>

#include "expression/syntax.h"

namespace riffle {
namespace {

// Ends with a byte that stands in no text of a command, so that nothing runs together.
void add(std::string_view part, std::string& text) { text.append(part).push_back('\0'); }

void add(const Item& item, std::string& text) {
  add(item.name.literal, text);
  add(item.pattern ? "*" : "", text);
  add(item.value ? print(*item.value) : std::string(), text);
}

void add(const Assignment& assignment, std::string& text) {
  add(assignment.named ? assignment.name.literal : std::string(), text);
  add(print(*assignment.value), text);
}

void add(const Renaming& renaming, std::string& text) {
  add(renaming.to.literal, text);
  add(renaming.from.literal, text);
}

void add(const KeyPair& pair, std::string& text) {
  add(pair.name.literal, text);
  add(pair.other.literal, text);
}

void add(const SortItem& item, std::string& text) {
  add(print(*item.value), text);
  add(item.descending ? "desc" : "asc", text);
}

// A value's text does not depend on how it was written.
struct Adder {
  const Argument& argument;
  std::string& text;

  void operator()(std::monostate) const { add(argument.text->text, text); }
  void operator()(const std::shared_ptr<const Syntax>& tree) const { add(print(*tree), text); }
  template <typename T>
  void operator()(const Argument::List<T>& list) const {
    for (const T& item : *list) add(item, text);
  }
  void operator()(const std::shared_ptr<const PathTemplate>&) const {
    add(argument.text->text, text);
  }
  void operator()(const Share& share) const {
    add(share.count ? std::to_string(*share.count) : fmt::format("{}", share.part), text);
  }
  void operator()(const Span& span) const {
    add(fmt::format("{} {}", static_cast<int>(span.unit), span.count), text);
  }
  void operator()(const Zone& zone) const { add(zone.name(), text); }
  void operator()(std::uint64_t number) const { add(std::to_string(number), text); }
  void operator()(std::int64_t number) const { add(std::to_string(number), text); }
  void operator()(double number) const { add(fmt::format("{}", number), text); }
};

void add(const Call& call, std::string& text) {
  add(call.row->name, text);
  add(call.form->signature.usage, text);
  for (const Argument& argument : call.arguments.all()) {
    add(argument.parameter->name, text);
    std::visit(Adder{argument, text}, argument.value);
  }
  text.push_back('\n');
}

}  // namespace

std::string fingerprint(const Plan& plan) {
  std::string text;
  add(plan.settings.zone.name(), text);
  add(std::to_string(plan.settings.seed), text);
  for (const auto& [name, value] : plan.settings.arguments) {
    add(name, text);
    add(value, text);
  }
  add(plan.merge_text, text);
  for (const PlannedStep& step : plan.steps) add(step.call, text);
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace riffle
