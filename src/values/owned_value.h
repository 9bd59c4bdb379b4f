// A value with the bytes that it points to, for accumulators that keep values: it outlives the
// batch it came from.
#pragma once

#include <string>

#include "values/saved_state.h"
#include "values/value.h"

namespace riffle {

class OwnedValue {
 public:
  OwnedValue() = default;
  explicit OwnedValue(const Value& value) { assign(value); }
  OwnedValue(const OwnedValue& other) { assign(other.get()); }
  OwnedValue(OwnedValue&& other) noexcept { take(other); }
  OwnedValue& operator=(const OwnedValue& other) {
    if (this != &other) assign(other.get());
    return *this;
  }
  OwnedValue& operator=(OwnedValue&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }

  // A list or map is kept as its JSON text, which is untouched again.
  void assign(const Value& value);
  // Lives as long as this is not changed.
  const Value& get() const { return value_; }
  bool is_set() const { return !value_.is_missing(); }
  std::size_t held() const { return text_.capacity(); }

  void save(StateWriter& to) const;
  void load(StateReader& from);

 private:
  void take(OwnedValue& other) noexcept;

  Value value_;
  std::string text_;
};

}  // namespace riffle
