#include "arguments/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "arguments/names.h"
#include "arguments/quantities.h"
#include "time/text.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

using Kind = Parameter::Kind;

std::string list_of(const std::vector<std::string_view>& words, std::string_view conjunction) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); i++) {
    if (i > 0) list += i + 1 < words.size() ? ", " : fmt::format(" {} ", conjunction);
    list += words[i];
  }
  return list;
}

// One argument as it is parsed.
class Parse {
 public:
  Parse(std::string_view stage, const Parameter& parameter, const std::string& text)
      : parameter_(parameter),
        shown_(parameter.is_flag() ? fmt::format("{}: {}", stage, parameter.name)
                                   : std::string(stage)),
        text_(std::make_shared<const Text>(Text{std::string(stage), text})) {}

  Argument argument() const { return {&parameter_, text_, value()}; }

 private:
  Argument::Value value() const {
    switch (parameter_.kind) {
      case Kind::expression:
        return std::shared_ptr<const Syntax>(parse_expression(text_));
      case Kind::lambda:
        return std::shared_ptr<const Syntax>(parse_lambda(text_));
      case Kind::assignments:
      case Kind::annotations:
        return shared(parse_assignments(text_, false));
      case Kind::aggregates:
        return shared(parse_assignments(text_, true));
      case Kind::items:
        return shared(parse_items(text_, true));
      case Kind::names:
        return shared(parse_items(text_, false));
      case Kind::plain_names:
        return shared(without_patterns(parse_items(text_, false)));
      case Kind::name:
        return shared(one_name(parse_items(text_, false)));
      case Kind::renamings:
        return shared(parse_renamings(text_));
      case Kind::keys:
        return shared(keys());
      case Kind::key_pairs:
        return shared(parse_key_pairs(text_));
      case Kind::key_pair:
        return shared(key_pair());
      case Kind::sort_keys:
        return shared(parse_sort_keys(*text_));
      case Kind::event_time:
        return shared(event_time());
      case Kind::path_template:
        return std::make_shared<const PathTemplate>(parse_path_template(*text_));
      default:
        return quantity();
    }
  }

  Argument::Value quantity() const {
    switch (parameter_.kind) {
      case Kind::count:
        return count();
      case Kind::share:
        return share();
      case Kind::number:
        return number();
      case Kind::duration:
      case Kind::delay:
        return duration();
      case Kind::offset:
        return offset();
      case Kind::length:
        return length();
      case Kind::zone:
        return zone();
      case Kind::choice:
        check_choice();
        return {};
      default:
        return {};
    }
  }

  template <typename T>
  static Argument::List<T> shared(std::vector<T> list) {
    return std::make_shared<const std::vector<T>>(std::move(list));
  }

  const std::string& text() const { return text_->text; }

  [[noreturn]] void refuse(std::string_view what) const {
    throw usage_error(fmt::format("{}: '{}' is not {}", shown_, visible(text()), what));
  }
  [[noreturn]] void refuse_item(const Item& item, std::string_view message) const {
    throw usage_error_at(fmt::format("{}: {}", shown_, message), text(), item.position,
                         item.length);
  }

  std::vector<Item> without_patterns(std::vector<Item> items) const {
    for (const Item& item : items)
      if (item.pattern) refuse_item(item, "a name is expected here, not a pattern");
    return items;
  }

  std::vector<Item> one_name(std::vector<Item> items) const {
    if (items.size() != 1 || items[0].pattern)
      throw usage_error_at(
          fmt::format("{}: {} is one field", shown_, parameter_.is_flag() ? "it" : parameter_.name),
          text(), 0, text().size());
    return items;
  }

  std::vector<Item> keys() const {
    std::vector<Item> items = parse_items(text_, true);
    std::vector<Name> names;
    for (const Item& item : items) {
      if (item.pattern) refuse_item(item, "a key is one field; a pattern names several");
      if (const std::string reason = clash(item.name, names); !reason.empty())
        refuse_item(item, reason);
      names.push_back(item.name);
    }
    return items;
  }

  std::vector<Item> event_time() const {
    std::vector<Item> items = parse_items(text_, true);
    if (items.size() != 1 || items[0].pattern)
      throw usage_error(
          fmt::format("{0}: it is one field: {1} ts, or {1} 'ts = EXPR'", shown_, parameter_.name));
    return items;
  }

  std::vector<KeyPair> key_pair() const {
    std::vector<KeyPair> pairs = parse_key_pairs(text_);
    if (pairs.size() != 1)
      throw usage_error(fmt::format("{0}: it is one field, or two with '=' between: {1} ts=time",
                                    shown_, parameter_.name));
    return pairs;
  }

  std::uint64_t count() const {
    std::uint64_t count = 0;
    try {
      count = parse_count(text());
    } catch (const std::invalid_argument& reason) {
      throw usage_error(fmt::format("{}: {}", shown_, reason.what()));
    }
    if (count < parameter_.least || count > parameter_.most) {
      if (parameter_.most == UINT64_MAX) refuse(fmt::format("{} or more", parameter_.least));
      refuse(fmt::format("between {} and {}", parameter_.least, parameter_.most));
    }
    return count;
  }

  Share share() const {
    if (!text().ends_with('%')) return {count(), 0};
    const Value number = parse_number(std::string_view(text()).substr(0, text().size() - 1));
    const double percent = number.is_missing() ? -1 : as_real(number);
    if (!(percent >= 0 && percent <= 100)) refuse("a percentage between 0% and 100%");
    return {std::nullopt, percent / 100};
  }

  double number() const {
    const Value number = parse_number(text());
    if (number.is_missing() || !std::isfinite(as_real(number)) || as_real(number) <= 0)
      refuse("a positive number; write it as 3.5");
    return as_real(number);
  }

  std::int64_t duration() const {
    const auto duration = parse_duration(text());
    if (!duration) refuse("a duration; write it as 5s or 1h30m");
    if (*duration < 0 || static_cast<std::uint64_t>(*duration) < parameter_.least)
      throw usage_error(fmt::format("{}: '{}' must be greater than 0", shown_, visible(text())));
    return *duration;
  }

  std::int64_t offset() const {
    const bool is_negative = text().starts_with('-');
    const auto offset = parse_duration(std::string_view(text()).substr(is_negative ? 1 : 0));
    if (!offset) refuse("an offset; write it as 15m or -15m");
    return is_negative ? -*offset : *offset;
  }

  Span length() const {
    const auto span = parse_window_size(text());
    if (!span) refuse("a duration; write it as 30s, 5m, 1h, 1d, 1w, 1mo or 1y");
    return *span;
  }

  Zone zone() const {
    const auto zone = Zone::named(text());
    if (!zone) refuse("a time zone; write it as Europe/Paris, UTC or +02:00");
    return *zone;
  }

  void check_choice() const {
    const auto& choices = parameter_.choices;
    if (std::find(choices.begin(), choices.end(), text()) != choices.end()) return;
    for (const auto& [theirs, ours] : parameter_.elsewhere)
      if (text() == theirs)
        throw usage_error(
            fmt::format("{}: nothing is called '{}' here; write: {}", shown_, theirs, ours));
    refuse(list_of(choices, "or"));
  }

  const Parameter& parameter_;
  std::string shown_;  // for messages: "window: --delay"
  std::shared_ptr<const Text> text_;
};

// A form as messages name it: "`window session`", "`distinct --within`".
std::string title_of(std::string_view stage, const Signature& signature) {
  if (!signature.word.empty()) return fmt::format("`{} {}`", stage, signature.word);
  if (!signature.flag.empty()) return fmt::format("`{} {}`", stage, signature.flag);
  const std::string_view usage = signature.usage;
  return fmt::format("`{}`", usage.substr(0, std::min(usage.find(" ["), usage.find(" --"))));
}

std::string all_usages(std::span<const Signature* const> signatures) {
  std::vector<std::string_view> usages;
  for (const Signature* const signature : signatures) usages.push_back(signature->usage);
  return fmt::format("{}", fmt::join(usages, " | "));
}

void check_flags(std::string_view stage, std::span<const Signature* const> signatures,
                 const Signature& signature, const GivenArguments& given) {
  for (const auto& [name, value] : given) {
    if (signature.find(name)) continue;
    std::vector<std::string> forms;
    for (const Signature* const other : signatures)
      if (other->find(name)) forms.push_back(title_of(stage, *other));
    const std::vector<std::string_view> words(forms.begin(), forms.end());
    throw usage_error(fmt::format("{}: {} applies only to {}", stage, name, list_of(words, "and")));
  }
}

void check_needs(std::string_view stage, std::span<const Signature* const> signatures,
                 const Signature& signature, const GivenArguments& given) {
  for (const Parameter& parameter : signature.parameters) {
    const auto is_given = [&](std::string_view name) { return given.count(name) > 0; };
    if (parameter.required && !is_given(parameter.name))
      throw usage_error(fmt::format("{}: {} is required; usage: {}", stage, parameter.name,
                                    given.empty() && signature.word.empty()
                                        ? all_usages(signatures)
                                        : std::string(signature.usage)));
    if (!is_given(parameter.name) || parameter.needs.empty()) continue;
    if (std::none_of(parameter.needs.begin(), parameter.needs.end(), is_given))
      throw usage_error(fmt::format("{}: {} needs {}: {}", stage, parameter.name,
                                    list_of(parameter.needs, "or"), parameter.reason));
  }
}

}  // namespace

const Signature& signature_meant(std::string_view stage,
                                 std::span<const Signature* const> signatures,
                                 std::span<const std::string> words, const GivenArguments& flags) {
  const Signature* by_flag = nullptr;
  const Signature* without = nullptr;
  std::vector<std::string_view> choosing;
  for (const Signature* const signature : signatures) {
    if (!signature->word.empty()) {
      if (!words.empty() && words[0] == signature->word) return *signature;
    } else if (signature->flag.empty()) {
      without = signature;
    } else {
      choosing.push_back(signature->flag);
      if (flags.count(signature->flag) == 0) continue;
      if (by_flag)
        throw usage_error(fmt::format("{}: {} and {} are mutually exclusive", stage, by_flag->flag,
                                      signature->flag));
      by_flag = signature;
    }
  }
  if (by_flag) return *by_flag;
  if (without) return *without;
  throw usage_error(fmt::format("{}: one of {} is required; usage: {}", stage,
                                list_of(choosing, "and"), all_usages(signatures)));
}

Arguments parse_arguments(std::string_view stage, std::span<const Signature* const> signatures,
                          const Signature& signature, const GivenArguments& given) {
  check_flags(stage, signatures, signature, given);
  check_needs(stage, signatures, signature, given);
  Arguments arguments;
  for (const Parameter& parameter : signature.parameters) {
    const auto found = given.find(parameter.name);
    if (found != given.end()) arguments.add(Parse(stage, parameter, found->second).argument());
  }
  return arguments;
}

}  // namespace riffle
