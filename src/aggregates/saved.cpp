#include "aggregates/saved.h"

namespace riffle {
namespace {

bool has_text(const Value& value) { return value.kind == Kind::text || value.is_untouched(); }

}  // namespace

void save_text(std::string_view text, std::string& out) {
  save_number(static_cast<std::uint64_t>(text.size()), out);
  out += text;
}

void save_value(const Value& value, std::string& out) {
  Value bare = value;
  if (has_text(value)) bare.integer = 0;
  save_number(bare, out);
  if (has_text(value)) save_text(value.view(), out);
}

bool load_text(std::string& text, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!load_number(size, bytes) || size > bytes.size()) return false;
  text.assign(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

bool load_value(Value& value, std::string& text, std::string_view& bytes) {
  Value bare;
  if (!load_number(bare, bytes) || bare.kind > Kind::cell || bare.kind == Kind::list || bare.kind == Kind::map)
    return false;
  if (has_text(bare)) {
    if (!load_text(text, bytes) || text.size() != bare.size) return false;
    bare.text = text.data();
  }
  value = bare;
  return true;
}

}  // namespace riffle
