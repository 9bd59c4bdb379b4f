// Hash and privacy: what hides a value, or a part of it.
#include <algorithm>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"
#include "functions/parts.h"
#include "functions/regex_argument.h"
#include "values/ip_address.h"

namespace riffle {
namespace {

struct MaskParts {
  std::size_t kept;
  std::string character;

  static MaskParts of(FunctionCall& call) {
    const auto kept = whole_number_of(call[1]);
    if (!kept || *kept < 0)
      throw std::invalid_argument("the number of characters to keep is a whole number from 0 on");
    const auto character =
        call.size() > 2 ? text_argument(call, 2) : std::optional<std::string_view>("*");
    if (!character || count_characters(*character) != 1)
      throw std::invalid_argument("what stands for a hidden character is one character");
    return {static_cast<std::size_t>(*kept), std::string(*character)};
  }
};

Value mask(FunctionCall& call, const MaskParts& parts) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  const std::size_t length = count_characters(*text),
                    hidden = length - std::min(length, parts.kept);
  if (hidden * parts.character.size() > longest_text) return call.fail();
  std::string out;
  for (std::size_t i = 0; i < hidden; i++) out += parts.character;
  return text_value(call.memory.copy(out.append(*text, byte_of_character(*text, hidden))));
}

Value redact(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const RE2* const regex = regex_of(call);
  if (!text || !regex) return call.fail();
  std::string out(*text);
  if (RE2::GlobalReplace(&out, *regex, "[redacted]") == 0) return text_value(*text);
  return out.size() > longest_text ? call.fail() : text_value(call.memory.copy(out));
}

Value anonymize_ip(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  auto address = text ? parse_ip_address(*text) : std::nullopt;
  if (!address) return call.fail();
  const std::size_t kept = address->version == 4 ? 3 : is_ipv4_in_ipv6(*address) ? 15 : 6;
  std::fill(address->bytes.begin() + static_cast<std::ptrdiff_t>(kept), address->bytes.end(), 0);
  return text_value(call.memory.copy(text_of_ip_address(*address)));
}

}  // namespace

std::vector<Function> privacy_functions() {
  Rows rows("hash and privacy");
  rows.add("mask(text, keep_last[, character])", "text", 2, 3, with_parts<MaskParts, mask>,
           "a text with all but its last characters replaced by * or another character; one that "
           "has no more than those stays as it is",
           {{"mask('4111111111111111', 4)", R"("************1111")"},
            {"mask('secret', 0, 'x')", R"("xxxxxx")"},
            {"mask('42', 4)", R"("42")"},
            {"mask('abc', -1)", ""},
            {"mask(null, 4)", "null"}})
      .prepare = prepare_parts<MaskParts, 1>;
  Function& redacting = rows.add(
      "redact(text, regex)", "text", 2, 2, redact, "a text with [redacted] in place of every match",
      {{R"(redact('mail jane@example.org now', '\S+@\S+'))", R"("mail [redacted] now")"},
       {R"(redact('nothing here', '\d+'))", R"("nothing here")"}});
  redacting.prepare = prepare_regex;
  redacting.raw_argument = 1;
  rows.add("anonymize_ip(ip)", "text", 1, 1, anonymize_ip,
           "an address without what tells one machine from another: the last 8 bits of IPv4 (also "
           "where it is written as IPv6), the last 80 of IPv6, are 0",
           {{"anonymize_ip('203.0.113.77')", R"("203.0.113.0")"},
            {"anonymize_ip('2001:db8:85a3:8d3:1319:8a2e:370:7348')", R"("2001:db8:85a3::")"},
            {"anonymize_ip('::ffff:203.0.113.77')", R"("::ffff:203.0.113.0")"},
            {"anonymize_ip('203.0.113')", ""},
            {"anonymize_ip(null)", "null"}});
  return rows.take();
}

}  // namespace riffle
