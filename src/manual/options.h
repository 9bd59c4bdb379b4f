// The options that concern the whole run: one row each. Parsing, help and suggestions come from the
// rows.
#pragma once

#include <span>
#include <string_view>

namespace riffle {

struct Option {
  std::string_view name;        // "--to"
  std::string_view short_name;  // "-t", or ""
  std::string_view value;       // "FORMAT"; empty: a switch
  std::string_view summary;
  std::string_view group;         // "Input", "Output", "Run", "Help"
  bool repeats = false;           // may stand several times
  std::string_view formats = {};  // "csv, tsv": it concerns these alone; empty: all
};

std::span<const Option> options();
// By a whole word, short or long ("-t", "--to"), without "=VALUE". Null: there is none.
const Option* find_option(std::string_view word);

}  // namespace riffle
