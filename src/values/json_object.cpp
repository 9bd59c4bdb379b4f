#include "values/json_object.h"

#include "values/json.h"

namespace riffle {

void JsonObject::add(std::string_view name, std::string_view text) {
  add_raw(name, json_string(text));
}

void JsonObject::add(std::string_view name, const std::vector<std::string>& texts) {
  std::vector<std::string> written;
  for (const std::string& text : texts) written.push_back(json_string(text));
  add_raw(name, json_list(written));
}

void JsonObject::add(std::string_view name, const std::vector<std::string_view>& texts) {
  add(name, std::vector<std::string>(texts.begin(), texts.end()));
}

void JsonObject::add_raw(std::string_view name, std::string_view json) {
  text_.append(text_.empty() ? "" : ",").append(json_string(name)).append(":").append(json);
}

std::string json_list(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list.append(list.empty() ? "" : ",").append(value);
  return "[" + list + "]";
}

}  // namespace riffle
