// JSON for programs (--explain, help): written object by object.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace riffle {

// One object, member by member, in their order. REQUIRES: each name once.
class JsonObject {
 public:
  void add(std::string_view name, std::string_view text);
  void add(std::string_view name, const char* text) { add(name, std::string_view(text)); }
  void add(std::string_view name, std::same_as<bool> auto value) {
    add_raw(name, value ? "true" : "false");
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) void add(std::string_view name, T number) {
    add_raw(name, std::to_string(number));
  }
  void add(std::string_view name, const std::vector<std::string>& texts);
  void add(std::string_view name, const std::vector<std::string_view>& texts);
  // `json`: a value as it is written.
  void add_raw(std::string_view name, std::string_view json);

  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

// `values`: each as it is written.
std::string json_list(const std::vector<std::string>& values);

}  // namespace riffle
