// The structural index of a text of JSON lines: simdjson's stage 1, nothing else of that library.
//
// The index has an entry for each of { } [ ] : , outside strings (0x0C and 0x1A look like , and :
// to it), for each opening quote, and for each other byte that is no blank and follows a blank, a
// closing quote or one of these. It says that the text is UTF-8, that strings close on their line
// and hold no control characters. The rest of the grammar is the walk's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace riffle {

class JsonIndex {
 public:
  // The instruction sets that this machine has, as simdjson names them.
  static std::vector<std::string> kernels();

  // `kernel`: one of kernels(); empty: the best, or what SIMDJSON_FORCE_IMPLEMENTATION says.
  explicit JsonIndex(std::string_view kernel = {});
  ~JsonIndex();
  JsonIndex(const JsonIndex&) = delete;
  JsonIndex& operator=(const JsonIndex&) = delete;

  // There is a kernel that can be trusted; otherwise make() always refuses.
  bool is_usable() const;
  // Indexes a text that ends in a line end, or is followed by a NUL. False: the text is refused,
  // there is no index.
  bool make(std::string_view text);
  // Offsets into the text. After the end there are some that lead to its final line end, or to the
  // NUL: neither can stand where the grammar wants anything, so that a walk stops there.
  const std::uint32_t* begin() const;
  const std::uint32_t* end() const;

  // Gives back what an unusually large text has taken.
  void shrink();

 private:
  struct Parser;
  bool reserve(std::size_t size);

  std::unique_ptr<Parser> parser_;
};

}  // namespace riffle
