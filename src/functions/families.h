// The families of functions: each file's rows, in the order in which the manual lists them.
#pragma once

#include <vector>

#include "functions/function.h"

namespace riffle {

std::vector<Function> text_functions();
std::vector<Function> format_functions();  // text, in a file of its own
std::vector<Function> regex_functions();
std::vector<Function> number_functions();
std::vector<Function> time_functions();
std::vector<Function> date_functions();  // time, in a file of its own
std::vector<Function> list_functions();
std::vector<Function> lambda_functions();
std::vector<Function> conversion_functions();
std::vector<Function> url_functions();         // conversion, in a file of its own
std::vector<Function> user_agent_functions();  // conversion, in a file of its own
std::vector<Function> null_functions();
std::vector<Function> hash_functions();
std::vector<Function> privacy_functions();  // hash and privacy, in a file of its own
std::vector<Function> network_functions();
std::vector<Function> record_functions();

// For Function::most: any number of arguments.
constexpr int any_number = 1000000;

// The rows of one family, written one after the other.
class Rows {
 public:
  explicit Rows(std::string_view family) : family_(family) {}

  // The function's name is what stands before the parenthesis of its usage. The answer is valid
  // until the next add.
  Function& add(std::string_view usage, std::string_view result, int least, int most,
                Value (*call)(FunctionCall&), std::string_view summary,
                std::vector<Example> examples) {
    Function& row = rows_.emplace_back();
    row.name = usage.substr(0, usage.find('('));
    row.family = family_;
    row.usage = usage;
    row.result = result;
    row.summary = summary;
    row.least = least;
    row.most = most;
    row.examples = std::move(examples);
    row.call = call;
    return row;
  }
  std::vector<Function> take() { return std::move(rows_); }

 private:
  std::string_view family_;
  std::vector<Function> rows_;
};

}  // namespace riffle
