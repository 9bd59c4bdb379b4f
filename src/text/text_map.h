// Hash tables keyed by text of the input. Their hash is seeded for each run, so that nobody can
// prepare keys that collide; no result depends on the seed, and so none may depend on the order in
// which a table is iterated.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace riffle {

// The same for the whole run, in another run a different one.
std::uint64_t text_hash(std::string_view text);

// Which hash it is. Setting it is for a run that goes on with another one's state. REQUIRES: no
// table has been filled, unless the seed stays.
std::uint64_t text_hash_seed();
void set_text_hash_seed(std::uint64_t seed);

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return text_hash(text); }
};

// A text to be an entry's key: a copy, unless it may be moved. Abseil marks an entry as there
// before it makes its key: a copy that fails then would leave a key that is none. So it is made
// before.
template <typename Text>
decltype(auto) key_of_entry(Text&& text) {
  if constexpr (std::is_same_v<Text, std::string>)
    return std::move(text);
  else
    return std::string(text);
}

// References to entries are valid until the next insertion. When memory runs out, nothing has
// changed; V is made without throwing, or from what is moved.
template <typename V>
class TextMap : public absl::flat_hash_map<std::string, V, TextHash, std::equal_to<>> {
  using Base = absl::flat_hash_map<std::string, V, TextHash, std::equal_to<>>;

 public:
  using Base::Base;

  template <typename Text, typename... Arguments>
  std::pair<typename Base::iterator, bool> try_emplace(Text&& text, Arguments&&... arguments) {
    if (const auto known = this->find(text); known != this->end()) return {known, false};
    return Base::try_emplace(key_of_entry(std::forward<Text>(text)),
                             std::forward<Arguments>(arguments)...);
  }
  template <typename Text, typename Value>
  std::pair<typename Base::iterator, bool> emplace(Text&& text, Value&& value) {
    return try_emplace(std::forward<Text>(text), std::forward<Value>(value));
  }
  template <typename Text>
  V& operator[](Text&& text) {
    return try_emplace(std::forward<Text>(text)).first->second;
  }
};

class TextSet : public absl::flat_hash_set<std::string, TextHash, std::equal_to<>> {
  using Base = absl::flat_hash_set<std::string, TextHash, std::equal_to<>>;

 public:
  using Base::Base;

  template <typename Text>
  std::pair<iterator, bool> insert(Text&& text) {
    if (const auto known = this->find(text); known != this->end()) return {known, false};
    return Base::insert(key_of_entry(std::forward<Text>(text)));
  }
  template <typename Text>
  std::pair<iterator, bool> emplace(Text&& text) {
    return insert(std::forward<Text>(text));
  }
};

// The keys' bytes belong to somebody else, who keeps them as long as the table does.
template <typename V>
using TextViewMap = absl::flat_hash_map<std::string_view, V, TextHash, std::equal_to<>>;
using TextViewSet = absl::flat_hash_set<std::string_view, TextHash, std::equal_to<>>;

}  // namespace riffle
