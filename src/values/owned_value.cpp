#include "values/owned_value.h"

#include "values/json.h"

namespace riffle {

void OwnedValue::assign(const Value& value) {
  if (value.kind == Kind::list || value.kind == Kind::map) {
    text_ = json_text(value);
    value_ = json_value(text_);
    return;
  }
  value_ = value;
  // How it was found in its record says nothing of where it goes.
  value_.flags &= static_cast<std::uint8_t>(~(Value::literal_key | Value::irregular));
  if (!value.has_bytes()) return;
  text_.assign(value.view());
  value_.text = text_.data();
}

// A short text moves with its string.
void OwnedValue::take(OwnedValue& other) noexcept {
  value_ = other.value_;
  text_ = std::move(other.text_);
  if (value_.has_bytes()) value_.text = text_.data();
  other.value_ = {};
}

void OwnedValue::save(StateWriter& to) const { to.value(value_); }

void OwnedValue::load(StateReader& from) { value_ = from.value(text_); }

}  // namespace riffle
