// Colours for JSON on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace riffle {

// Puts colours around the names, texts, numbers and literals of JSON texts, which come in pieces of
// any size. Bytes that are no JSON pass as they are.
class JsonPainter {
 public:
  std::string painted(std::string_view bytes);

 private:
  enum class Place { between, name, text, number, literal };

  void begin(Place place, std::string_view color, char c, std::string& out);
  void take_between(char c, std::string& out);
  void take_quoted(char c, std::string& out);

  Place place_ = Place::between;
  bool is_escaped_ = false;      // after a backslash in a text
  bool name_follows_ = false;    // a text that begins now is a member's name
  std::vector<char> open_ = {};  // the brackets around
};

}  // namespace riffle
