// JSONTestSuite (github.com/nst/JSONTestSuite): texts that are JSON (y), are not (n), or may be
// (i).
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

// Calls `take(name, text)` for each text that has a line end, or for each that has none; returns
// how many there were, by the first letter of their names. Empty: the suite is not there.
template <typename Take>
std::map<char, int> each_suite_text(bool has_line_end, const Take& take) {
  std::map<char, int> texts;
  const char* const shared = std::getenv("RIFFLE_SHARED");
  if (!shared) {
    WARN("skipped: RIFFLE_SHARED is not set");
    return texts;
  }
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(shared) + "/corpora/json-test-suite/test_parsing")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if ((text.find_first_of("\r\n") != text.npos) != has_line_end) continue;
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    texts[name[0]]++;
    take(name, text);
  }
  return texts;
}
