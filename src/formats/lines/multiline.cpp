#include "formats/lines/multiline.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "values/error.h"

namespace riffle {
namespace {

using Answer = Continuation::Answer;

Answer answer(bool is_of_it) { return is_of_it ? Answer::yes : Answer::no; }

bool is_indented(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

class Indent : public Continuation {
 public:
  void begin(std::string_view) override {}
  Answer continues(std::string_view line) override { return answer(is_indented(line)); }
};

class Start : public Continuation {
 public:
  explicit Start(std::unique_ptr<RE2> regex) : regex_(std::move(regex)) {}
  void begin(std::string_view) override {}
  Answer continues(std::string_view line) override {
    return answer(!RE2::PartialMatch({line.data(), line.size()}, *regex_));
  }

 private:
  std::unique_ptr<RE2> regex_;
};

class End : public Continuation {
 public:
  explicit End(std::unique_ptr<RE2> regex) : regex_(std::move(regex)) {}
  void begin(std::string_view line) override { look_at(line); }
  Answer continues(std::string_view line) override {
    look_at(line);
    return Answer::yes;
  }
  bool is_complete() const override { return state_ != 0; }

 private:
  void look_at(std::string_view line) {
    state_ = RE2::PartialMatch({line.data(), line.size()}, *regex_);
  }

  std::unique_ptr<RE2> regex_;
};

// A line of a log, or an exception; then its frames, and what caused it.
class Java : public Continuation {
 public:
  void begin(std::string_view line) override { state_ = is_exception(line) ? has_exception : 0; }
  Answer continues(std::string_view line) override {
    if (is_frame(line)) state_ = has_exception;
    if (is_frame(line) || is_indented(line)) return Answer::yes;
    // A second one is printed by itself, and so is one that ended a thread.
    if (!is_exception(line) || ends_thread(line) || state_ == has_exception) return Answer::no;
    state_ = has_exception;
    return Answer::yes;
  }

 private:
  static constexpr std::uint8_t has_exception = 1;

  // `\tat a.b.C.d(C.java:1)`, `\t... 7 more`, `Caused by: a.b.SomeException: ...`
  static bool is_frame(std::string_view line) {
    if (line.starts_with("Caused by: ")) return true;
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == 0 || first == line.npos) return false;
    return line.substr(first).starts_with("at ") || line.substr(first).starts_with("... ");
  }

  static bool ends_thread(std::string_view line) {
    return line.starts_with("Exception in thread ");
  }

  // org.example.SomeException: ..., or Exception in thread "main" ...
  static bool is_exception(std::string_view line) {
    if (ends_thread(line)) return true;
    const std::string_view name = line.substr(0, line.find_first_of(": "));
    const auto is_of_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '$' || c == '.';
    };
    const bool has_package =
        name.find('.') != name.npos && std::all_of(name.begin(), name.end(), is_of_name);
    return has_package &&
           (name.ends_with("Exception") || name.ends_with("Error") || name.ends_with("Throwable"));
  }
};

// A line of a log, or a traceback; tracebacks of exceptions that were raised while one was handled.
class Python : public Continuation {
 public:
  void begin(std::string_view line) override { state_ = is_traceback(line) ? in_trace : in_line; }
  Answer continues(std::string_view line) override {
    switch (state_) {
      case in_line:
        if (is_traceback(line)) return become(in_trace);
        return answer(is_indented(line));
      case in_trace:
        // What is raised ends it.
        return is_indented(line) ? Answer::yes : line.empty() ? Answer::no : become(after_trace);
      case after_trace:
        if (!line.empty()) return answer(is_indented(line));
        state_ = after_blank;
        return Answer::maybe;
      case after_blank:
        return is_link(line) ? become(after_link) : Answer::no;
      default:
        if (line.empty()) return Answer::yes;
        return is_traceback(line) ? become(in_trace) : Answer::no;
    }
  }

 private:
  enum State : std::uint8_t { in_line, in_trace, after_trace, after_blank, after_link };

  Answer become(State state) {
    state_ = state;
    return Answer::yes;
  }
  static bool is_traceback(std::string_view line) {
    return line.starts_with("Traceback (most recent call last):");
  }
  static bool is_link(std::string_view line) {
    return line.starts_with("During handling of the above exception") ||
           line.starts_with("The above exception was the direct cause");
  }
};

// A line of a log, or a panic; goroutines with their frames, and blank lines between.
class Go : public Continuation {
 public:
  void begin(std::string_view line) override {
    const bool panics = line.find("panic: ") != line.npos || line.starts_with("fatal error: ");
    state_ = is_goroutine(line) ? in_trace : panics ? in_panic : in_line;
  }
  Answer continues(std::string_view line) override {
    if (is_goroutine(line)) {
      state_ = in_trace;
      return Answer::yes;
    }
    if (state_ == after_blank) return Answer::no;
    if (is_indented(line)) return Answer::yes;
    if (state_ == in_line) return Answer::no;
    if (line.empty()) {
      state_ = after_blank;
      return Answer::maybe;
    }
    if (state_ == in_panic)
      return answer(line.starts_with("panic: ") || line.starts_with("[signal "));
    return answer(is_frame(line));
  }

 private:
  enum State : std::uint8_t { in_line, in_panic, in_trace, after_blank };

  static bool is_goroutine(std::string_view line) {
    return line.starts_with("goroutine ") && line.ends_with("]:");
  }
  // main.(*T).run(0xc000010000), created by main.main in goroutine 1
  static bool is_frame(std::string_view line) {
    const bool is_call = line.ends_with(')') && line.find('(') != line.npos && line.find('(') > 0 &&
                         line.substr(0, line.find('(')).find(' ') == line.npos;
    return is_call || line.starts_with("created by ") || line.starts_with("...additional frames");
  }
};

std::unique_ptr<RE2> regex_of(std::string_view text) {
  RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_unique<RE2>(std::string(text), options);
  if (!regex->ok())
    throw usage_error(fmt::format("--multiline: '{}' is no regular expression: {}", visible(text),
                                  regex->error()));
  return regex;
}

}  // namespace

std::unique_ptr<Continuation> make_continuation(const std::string& how) {
  constexpr std::string_view start = "start=", end = "end=";
  if (how == "java") return std::make_unique<Java>();
  if (how == "python") return std::make_unique<Python>();
  if (how == "go") return std::make_unique<Go>();
  if (how == "indent") return std::make_unique<Indent>();
  if (how.starts_with(start))
    return std::make_unique<Start>(regex_of(std::string_view(how).substr(start.size())));
  if (how.starts_with(end))
    return std::make_unique<End>(regex_of(std::string_view(how).substr(end.size())));
  throw usage_error(
      fmt::format("--multiline: '{}' is none of java, python, go, indent, start=REGEX, end=REGEX",
                  visible(how)));
}

}  // namespace riffle
