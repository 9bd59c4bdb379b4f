#include <algorithm>

#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"

namespace riffle {
namespace {

constexpr std::uint64_t default_count = 10;

class Head : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::nothing;

  explicit Head(std::uint64_t count) : count_(count), left_(count) {}

  bool emits_at_once() const override { return true; }
  void process(Batch batch, Output& out) override {
    const std::uint64_t passed = std::min<std::uint64_t>(left_, batch.rows.size());
    left_ -= passed;
    batch.rows.resize(passed);
    const Position last = batch.rows.empty() ? Position() : batch.position(batch.rows.back());
    const bool full = left_ == 0 && (passed > 0 || count_ == 0);
    out.emit(std::move(batch));
    if (full) out.stop_after(last);
  }
  std::unique_ptr<GatheringStage> fresh() const override { return std::make_unique<Head>(count_); }
  void save(StateWriter& to) const override {
    to.begin("head", 1);
    to.number(left_);
  }
  void load(StateReader& from) override {
    from.begin("head", 1);
    left_ = from.number<std::uint64_t>();
  }

 private:
  std::uint64_t count_, left_;
};

class HeadOfEach : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  HeadOfEach(std::uint64_t count, std::shared_ptr<const std::vector<Key>> keys,
             const Holder& holder)
      : count_(count), keys_(std::move(keys)), holder_(holder), passed_(keys_->size(), holder) {}

  bool emits_at_once() const override { return true; }
  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = values_of(*keys_, batch, out.effects);
    passed_.find(batch.rows, keys);
    passed_.account();
    Row* kept = batch.rows.data();
    for (std::size_t i = 0; i < passed_.found_count(); i++) {
      std::uint64_t& passed = passed_.found(i);
      if (passed == count_) continue;
      passed++;
      *kept++ = batch.rows[i];
    }
    batch.rows.resize(static_cast<std::size_t>(kept - batch.rows.data()));
    out.emit(std::move(batch));
  }
  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<HeadOfEach>(count_, keys_, holder_);
  }
  void save(StateWriter& to) const override {
    to.begin("head --by", 1);
    passed_.save(to, [](std::uint64_t passed, StateWriter& one) { one.number(passed); });
  }
  void load(StateReader& from) override {
    from.begin("head --by", 1);
    passed_.load(from, [](std::uint64_t& passed, StateReader& one) {
      passed = one.number<std::uint64_t>();
    });
    passed_.account();
  }

 private:
  std::uint64_t count_;
  std::shared_ptr<const std::vector<Key>> keys_;
  Holder holder_;
  KeyedState<std::uint64_t> passed_;  // of each key: records that have passed
};

Planned make(Setup& setup) {
  const std::uint64_t count = setup.arguments.count("N", default_count);
  if (!setup.arguments.has("--by")) return std::make_unique<Head>(count);
  auto keys = std::make_shared<const std::vector<Key>>(keys_of(setup, "--by"));
  return std::make_unique<HeadOfEach>(count, std::move(keys), setup.holder());
}

}  // namespace

StageRow head_row() {
  StageRow row;
  row.name = "head";
  row.summary = "the first N records, or the first N of each group";
  row.details =
      "N is 10 unless given. Without --by, reading stops as soon as the last of them has come.";
  row.add_form({.usage = "head [N] [--by KEYS]",
                .parameters = {{"N", Parameter::Kind::count, "how many (default 10)"}, group_keys}},
               make);
  row.examples = {{"head 2", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":1}\n{\"a\":2}\n"},
                  {"head 1 --by user",
                   "{\"user\":\"u\",\"a\":1}\n"
                   "{\"user\":\"u\",\"a\":2}\n"
                   "{\"user\":\"v\",\"a\":3}\n",
                   "{\"user\":\"u\",\"a\":1}\n{\"user\":\"v\",\"a\":3}\n"}};
  row.passes_one = true;
  row.ends_early = true;
  row.elsewhere = {"limit", "take", "first", "fetch"};
  return row;
}

}  // namespace riffle
