// Conversion: what a User-Agent header says of itself, by the words that the common browsers and
// programs write. It has no data base: a program that claims to be another is believed.
#include <algorithm>
#include <string>

#include "functions/arguments.h"
#include "functions/families.h"
#include "text/letter_case.h"

namespace riffle {
namespace {

struct Sign {
  std::string_view word, meaning;
};

// The first that is found counts: each browser also names those that it descends from.
constexpr Sign browsers[] = {{"Edg/", "Edge"},
                             {"EdgA/", "Edge"},
                             {"EdgiOS/", "Edge"},
                             {"Edge/", "Edge"},
                             {"OPR/", "Opera"},
                             {"SamsungBrowser/", "Samsung Internet"},
                             {"YaBrowser/", "Yandex"},
                             {"Vivaldi/", "Vivaldi"},
                             {"FxiOS/", "Firefox"},
                             {"Firefox/", "Firefox"},
                             {"CriOS/", "Chrome"},
                             {"Chrome/", "Chrome"},
                             {"MSIE ", "Internet Explorer"},
                             {"rv:", "Internet Explorer"},
                             {"Version/", "Safari"}};

constexpr Sign systems[] = {{"Windows Phone", "Windows Phone"},
                            {"Windows", "Windows"},
                            {"Android", "Android"},
                            {"iPhone", "iOS"},
                            {"iPad", "iOS"},
                            {"iPod", "iOS"},
                            {"Macintosh", "macOS"},
                            {"CrOS", "ChromeOS"},
                            {"Linux", "Linux"}};

bool has(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

// Letters, digits and what stands within a version.
std::string_view version_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(std::min(at, text.size()));
  return rest.substr(0, rest.find_first_of(" ;,)(/"));
}

struct Program {
  std::string_view name, version;  // empty: it does not say
};

// NAME/VERSION whose name's end is at `slash`.
Program program_at(std::string_view text, std::size_t slash) {
  const std::size_t blank = text.substr(0, slash).find_last_of(" ;(+");
  const std::size_t begin = blank == text.npos ? 0 : blank + 1;
  return {text.substr(begin, slash - begin), version_at(text, slash + 1)};
}

// The word that names a robot, up to its version.
std::optional<Program> robot_in(std::string_view text) {
  const std::string lower = lower_ascii(text);
  for (const std::string_view word :
       {"bot", "crawler", "spider", "slurp", "facebookexternalhit", "headless"}) {
    const std::size_t at = lower.find(word);
    if (at == lower.npos) continue;
    const std::size_t end = std::min(text.find_first_of(" ;,)(/", at), text.size());
    Program robot = program_at(text, end);
    if (end == text.size() || text[end] != '/') robot.version = {};
    return robot;
  }
  return std::nullopt;
}

std::optional<Program> browser_in(std::string_view text) {
  for (const Sign& sign : browsers) {
    const std::size_t at = text.find(sign.word);
    if (at == text.npos || (sign.word == "rv:" && !has(text, "Trident/"))) continue;
    if (sign.word == "Version/" && !has(text, "Safari/")) continue;
    return Program{sign.meaning, version_at(text, at + sign.word.size())};
  }
  return std::nullopt;
}

// curl, libraries and their like say NAME/VERSION, and nothing of Mozilla.
bool is_tool(std::string_view text) {
  const bool is_word = !text.empty() && (text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z';
  return is_word && !text.starts_with("Mozilla/") && !text.starts_with("Opera/");
}

std::string_view device_of(std::string_view text, std::string_view system) {
  if (has(text, "iPad") || has(text, "Tablet")) return "tablet";
  if (system == "Android") return has(text, "Mobile") ? "mobile" : "tablet";
  if (system == "iOS" || system == "Windows Phone") return "mobile";
  return system.empty() ? "" : "desktop";
}

Value text_or_null(std::string_view text) { return text.empty() ? null_value() : text_value(text); }

Value parse_user_agent(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  const auto robot = robot_in(*text);
  auto program = robot ? robot : browser_in(*text);
  const bool tool = !program && is_tool(*text);
  if (tool) program = program_at(*text, std::min(text->find_first_of(" /"), text->size()));
  if (!program) program = Program{};
  std::string_view system;
  for (const Sign& sign : systems)
    if (system.empty() && has(*text, sign.word)) system = sign.meaning;
  const Member members[] = {
      {"browser", text_or_null(program->name)},
      {"version", text_or_null(program->version)},
      {"os", text_or_null(system)},
      {"device", robot || tool ? null_value() : text_or_null(device_of(*text, system))},
      {"bot", boolean_value(robot.has_value())}};
  return map_value(call.memory.copy(std::span<const Member>(members)));
}

}  // namespace

std::vector<Function> user_agent_functions() {
  Rows rows("conversion");
  rows.add(
      "parse_user_agent(text)", "map", 1, 1, parse_user_agent,
      "browser, version, os, device (mobile, tablet, desktop) and bot of a User-Agent, by the "
      "words of the common ones; null where it does not say. A program that claims to be another "
      "is believed, and new ones are not known",
      {{"parse_user_agent('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/126.0.0.0 Safari/537.36')",
        R"({"browser":"Chrome","version":"126.0.0.0","os":"Windows","device":"desktop","bot":false})"},
       {"parse_user_agent('Mozilla/5.0 (compatible; Googlebot/2.1; "
        "+http://www.google.com/bot.html)')",
        R"({"browser":"Googlebot","version":"2.1","os":null,"device":null,"bot":true})"},
       {"parse_user_agent('curl/8.5.0')",
        R"({"browser":"curl","version":"8.5.0","os":null,"device":null,"bot":false})"}});
  return rows.take();
}

}  // namespace riffle
