// LambdaScope: the time in which a function calls its lambda again and again, for one record. What
// is looked into at each call is taken apart once, and what grows with each call is not copied each
// time: lists, texts and maps of many elements cost by their number, not by its square.
//
// Thread safety: one for each thread, on its stack.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

class LambdaScope {
 public:
  // All values that are met in a scope live, and stay where they are, until it ends. Scopes inside
  // one another are the outermost.
  LambdaScope();
  ~LambdaScope();
  LambdaScope(const LambdaScope&) = delete;
  LambdaScope& operator=(const LambdaScope&) = delete;

  // decode() of a value; in a scope, of a long text once.
  static Value decoded(const Value& value, Memory& memory);
  // The member `name` of a map, its last; null: it has none.
  static const Member* find(std::span<const Member> map, std::string_view name);
  // In a scope, of a map of many members: whether no two of them have the same name.
  static bool has_each_once(std::span<const Member> map);
  // The map's names stand in the same places of a copy, which is looked into from now on.
  static void copied(std::span<const Member> map, const Member* copy);
  // How deep a value is nested (0: it is neither list nor map), and about how many bytes of JSON it
  // is, parts that it holds several times counted each time. In a scope each part is looked at
  // once, however many values share it. What goes beyond `most` is not counted to its end.
  struct Extent {
    int depth = 0;
    std::size_t bytes = 0;

    bool is_within(const Extent& most) const { return depth <= most.depth && bytes <= most.bytes; }
  };
  static Extent extent_of(const Value& value, const Extent& most);
  // What `make()` gives; in a scope, what it gave the first time that `who` asked.
  template <typename Make>
  static Value once(const void* who, Make&& make) {
    if (!is_open()) return make();
    if (const auto known = made_before(who)) return *known;
    const Value made = make();
    remember(who, made);
    return made;
  }
  // While a lambda puts an accumulator together, step by step.
  class Accumulator {
   public:
    // `changes_alone`: nothing but the lambda's value keeps what it was given (see Lambda).
    explicit Accumulator(bool changes_alone);
    ~Accumulator();
    Accumulator(const Accumulator&) = delete;
    Accumulator& operator=(const Accumulator&) = delete;

    // The lambda made `after` of `before`.
    void step(const Value& before, const Value& after) const;

   private:
    bool changes_alone_;
    const void* outer_ = nullptr;
  };
  // Whether these are the items or members of an accumulator that may be changed in their place.
  static bool is_own(const void* items);
  // A value among the items, or members, of a list or map was changed in its place.
  static void changed(const void* items, const Value& before, const Value& after);
  // A copy of the items with room for `more` behind them: in a scope the items themselves, where
  // nothing stands behind them yet.
  template <typename T>
  static T* grown(std::span<const T> items, std::size_t more, Memory& memory) {
    const std::size_t size = items.size_bytes(), added = more * sizeof(T);
    if (void* const same = extended(items.data(), size, added)) return static_cast<T*>(same);
    const bool reserves = is_open() && items.size() >= few;
    const std::size_t room = reserves ? 2 * (items.size() + more) : items.size() + more;
    T* const copy = memory.allocate<T>(room);
    if (size > 0) std::memcpy(static_cast<void*>(copy), items.data(), size);
    if (reserves) remember(copy, size + added, room * sizeof(T));
    return copy;
  }

 private:
  static constexpr std::size_t few = 16;

  struct Names;
  struct Caches;

  static bool is_open();
  static const Names& names_of(std::span<const Member> map);
  static void* extended(const void* items, std::size_t size, std::size_t more);
  static void remember(const void* items, std::size_t size, std::size_t room);
  static std::optional<Value> made_before(const void* who);
  static void remember(const void* who, const Value& made);
  static Caches& caches();

  std::unique_ptr<Caches> caches_;  // of the outermost
};

}  // namespace riffle
