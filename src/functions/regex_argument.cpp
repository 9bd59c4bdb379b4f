#include "functions/regex_argument.h"

#include <stdexcept>

#include "functions/arguments.h"

namespace riffle {
namespace {

std::shared_ptr<const RE2> compile(std::string_view pattern,
                                   const RE2::Options& options = RE2::Quiet) {
  return std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
}

}  // namespace

std::shared_ptr<const RE2> compile_constant_regex(std::string_view pattern) {
  constexpr int long_program = 1000;
  auto regex = compile(pattern);
  if (!regex->ok() || regex->ProgramSize() < long_program) return regex;
  // Without room for its automaton's states RE2 goes on in a way that takes as many steps for each
  // character as the program has.
  RE2::Options roomy(RE2::Quiet);
  roomy.set_max_mem(64 << 20);
  return compile(pattern, roomy);
}

std::shared_ptr<const void> prepare_regex(const Preparation& preparation) {
  const auto pattern = constant_text(preparation, 1);
  if (!pattern) return nullptr;
  auto regex = compile_constant_regex(*pattern);
  if (!regex->ok()) throw std::invalid_argument(regex->error());
  return regex;
}

const RE2* regex_of(FunctionCall& call) {
  if (call.prepared) return static_cast<const RE2*>(call.prepared);
  const auto pattern = text_argument(call, 1);
  if (!pattern) return nullptr;
  thread_local std::shared_ptr<const RE2> last;
  if (!last || last->pattern() != *pattern) last = compile(*pattern);
  return last->ok() ? last.get() : nullptr;
}

}  // namespace riffle
