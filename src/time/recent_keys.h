// Keys that have been seen a short time ago, by event time. Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "text/text_map.h"
#include "time/timers.h"
#include "values/saved_state.h"

namespace riffle {

class RecentKeys {
 public:
  // A key is remembered for `span` nanoseconds, more than zero.
  explicit RecentKeys(std::int64_t span) : span_(span) {}
  RecentKeys(const RecentKeys&) = delete;
  RecentKeys& operator=(const RecentKeys&) = delete;

  // Whether a record of this key and time is a first one: no other first one of its key lies less
  // than `span` before it or after it. It is remembered then, until the watermark has passed it by
  // `span`.
  bool is_first(std::string_view key, std::int64_t time);
  // The watermark goes there: what it has passed is forgotten.
  void advance(std::int64_t watermark);
  // The keys that are remembered.
  void save(StateWriter& to) const;
  // REQUIRES: none is.
  void load(StateReader& from);

  // Bytes, about.
  std::size_t held() const;

 private:
  struct Key {
    std::string text;
    std::set<std::int64_t> firsts;
  };
  Key& key_of(std::string_view text);

  std::int64_t span_;
  TextViewMap<std::unique_ptr<Key>> keys_;
  Timers<Key*> due_;  // one for each first record
  std::size_t text_size_ = 0;
};

}  // namespace riffle
