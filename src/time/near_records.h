// Records of one stream that those of another may be near to, by key and event time (an interval
// join's state). Pure; one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_map.h"
#include "time/timers.h"
#include "values/saved_state.h"

namespace riffle {

template <typename Record>
class NearRecords {
 public:
  NearRecords() = default;
  NearRecords(const NearRecords&) = delete;
  NearRecords& operator=(const NearRecords&) = delete;

  void add(std::string_view key, std::int64_t time, Record record) {
    auto known = keys_.find(key);
    if (known == keys_.end()) {
      auto made = std::make_unique<Key>(Key{std::string(key), {}, 0});
      known = keys_.emplace(made->text, std::move(made)).first;
    }
    Key& of_key = *known->second;
    of_key.records.emplace(time, Numbered{next_++, std::move(record)});
    of_key.due++;
    due_.add(time, &of_key);
  }

  // Those of the key from one moment to another, both included, in the order in which they were
  // added. They live until the next drop_before().
  void find(std::string_view key, std::int64_t from, std::int64_t to,
            std::vector<const Record*>& found) const {
    found.clear();
    const auto known = keys_.find(key);
    if (known == keys_.end()) return;
    std::vector<const Numbered*> near;
    const auto& records = known->second->records;
    for (auto record = records.lower_bound(from); record != records.end() && record->first <= to;
         record++)
      near.push_back(&record->second);
    std::sort(near.begin(), near.end(),
              [](const Numbered* a, const Numbered* b) { return a->number < b->number; });
    for (const Numbered* record : near) found.push_back(&record->record);
  }

  // Lets go of all before a moment.
  void drop_before(std::int64_t moment) {
    while (!due_.empty() && due_.next().due < moment) {
      Key* const key = due_.take_next().what;
      key->records.erase(key->records.begin(), key->records.lower_bound(moment));
      if (--key->due == 0) keys_.erase(keys_.find(key->text));
    }
  }

  std::size_t size() const { return due_.size(); }

  // write(const Record&, StateWriter&) writes a record; read(StateReader&) returns it again.
  template <typename Write>
  void save(StateWriter& to, const Write& write) const {
    to.number(next_);
    to.count(keys_.size());
    for (const auto& [text, key] : keys_) {
      to.text(text);
      to.count(key->records.size());
      for (const auto& [time, numbered] : key->records) {
        to.number(time);
        to.number(numbered.number);
        write(numbered.record, to);
      }
    }
  }
  // REQUIRES: there is no record.
  template <typename Read>
  void load(StateReader& from, const Read& read) {
    const auto next = from.number<std::uint64_t>();
    for (std::size_t keys = from.count(); keys > 0; keys--) {
      const std::string_view text = from.text();
      for (std::size_t records = from.count(); records > 0; records--) {
        const auto time = from.number<std::int64_t>();
        next_ = from.number<std::uint64_t>();
        add(text, time, read(from));
      }
    }
    next_ = next;
  }
  // Bytes, without what the records hold.
  std::size_t held() const {
    return due_.size() *
               (sizeof(typename Timers<Key*>::Timer) + sizeof(Numbered) + 6 * sizeof(void*)) +
           keys_.size() * sizeof(Key) * 2;
  }

 private:
  struct Numbered {
    std::uint64_t number = 0;
    Record record;
  };
  // A key is kept as long as a record of it was not yet due.
  struct Key {
    std::string text;
    std::multimap<std::int64_t, Numbered> records;
    std::size_t due = 0;
  };

  TextViewMap<std::unique_ptr<Key>> keys_;
  Timers<Key*> due_;  // one for each record
  std::uint64_t next_ = 0;
};

}  // namespace riffle
