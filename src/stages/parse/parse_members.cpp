// Texts that name their fields themselves: logfmt, kv, json.
#include "stages/parse/text_parsers.h"
#include "values/json.h"
#include "values/key_value_pairs.h"

namespace riffle {
namespace {

bool parse_pairs(std::string_view text, PairStyle style, Memory& memory,
                 std::vector<Member>& members) {
  PairWalk walk(text, style);
  while (walk.next()) members.push_back({walk.key(), walk.value(memory)});
  return !walk.fault();
}

}  // namespace

bool parse_logfmt_members(std::string_view text, Memory& memory, std::vector<Member>& members) {
  return parse_pairs(text, PairStyle::logfmt, memory, members);
}

bool parse_kv_members(std::string_view text, Memory& memory, std::vector<Member>& members) {
  return parse_pairs(text, PairStyle::commas, memory, members);
}

bool parse_json_members(std::string_view text, Memory& memory, std::vector<Member>& members) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos || text[first] != '{' || check_json(text)) return false;
  for (JsonWalk walk(text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first));
       walk.next();) {
    const std::string_view key = walk.raw_key();
    members.push_back(
        {has_escapes(key) ? decode_string(key, memory) : key.substr(1, key.size() - 2),
         json_value(walk.raw_value())});
  }
  return true;
}

}  // namespace riffle
