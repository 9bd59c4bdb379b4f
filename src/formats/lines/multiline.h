// Which lines belong to the one before them (--multiline): a stack trace to the line that it is of.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace riffle {

// Looks at the lines of one record after the other.
class Continuation {
 public:
  virtual ~Continuation() = default;
  // A record begins with this line.
  virtual void begin(std::string_view line) = 0;
  // Whether the next line belongs to it. `maybe`: the lines after it tell; where they do not belong
  // to it either, nor does this.
  enum class Answer { no, yes, maybe };
  virtual Answer continues(std::string_view line) = 0;
  // The record ends here, whatever follows.
  virtual bool is_complete() const { return false; }

  // What it knows of the lines so far.
  std::uint8_t state() const { return state_; }
  void go_on_from(std::uint8_t state) { state_ = state; }

 protected:
  std::uint8_t state_ = 0;
};

// "java", "python", "go", "indent", "start=REGEX", "end=REGEX". Throws Error (usage).
std::unique_ptr<Continuation> make_continuation(const std::string& how);

}  // namespace riffle
