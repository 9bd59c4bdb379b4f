#include "arguments/quantities.h"
#include "stages/groups/kept.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/groups.h"

namespace riffle {
namespace {

constexpr std::uint64_t default_count = 10;

struct Plan {
  std::uint64_t count = default_count;
  std::vector<Key> keys;
  Holder holder;
};

class Tail : public Stage {
 public:
  explicit Tail(std::shared_ptr<const Plan> plan)
      : plan_(std::move(plan)),
        groups_(
            plan_->keys.size(), sizeof(Last), [](std::byte* block) { new (block) Last(); },
            [](std::byte* block) { last_in(block).~Last(); }),
        holding_(plan_->holder) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = values_of(plan_->keys, batch, out.effects);
    blocks_.resize(batch.rows.size());
    groups_.find(batch.rows, keys, blocks_);
    records_.start(batch);
    for (std::byte* const block : blocks_) last_in(block).coming++;
    for (std::size_t i = 0; i < blocks_.size(); i++) {
      Last& last = last_in(blocks_[i]);
      if (last.coming-- > plan_->count) continue;  // enough come behind it
      if (last.records.size() < plan_->count) {
        last.records.push_back(records_.keep(batch.rows[i]));
        continue;
      }
      records_.release(last.records[last.oldest]);
      last.records[last.oldest] = records_.keep(batch.rows[i]);
      last.oldest = (last.oldest + 1) % last.records.size();
    }
    holding_.set(groups_.held() + records_.held());
  }

  void finish(Output& out) override {
    std::vector<KeptRecords::Handle> handles;
    for (std::size_t group = 0; group < groups_.size(); group++) {
      const Last& last = last_in(groups_.block_of(group));
      const auto oldest = last.records.begin() + static_cast<std::ptrdiff_t>(last.oldest);
      handles.insert(handles.end(), oldest, last.records.end());
      handles.insert(handles.end(), last.records.begin(), oldest);
    }
    records_.emit(handles, out);
  }

  std::unique_ptr<Stage> fresh() const override { return std::make_unique<Tail>(plan_); }

 private:
  // The last records of a group, in a ring.
  struct Last {
    std::vector<KeptRecords::Handle> records;
    std::size_t oldest = 0;
    std::uint64_t coming = 0;  // in the batch at hand
  };
  static Last& last_in(std::byte* block) { return *std::launder(reinterpret_cast<Last*>(block)); }

  std::shared_ptr<const Plan> plan_;
  Groups groups_;
  KeptRecords records_;
  Holding holding_;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

std::unique_ptr<Stage> make(Setup& setup) {
  Plan plan{setup.arguments.count("N", default_count), keys_of(setup, "--by"), setup.holder()};
  return std::make_unique<Tail>(std::make_shared<const Plan>(std::move(plan)));
}

}  // namespace

StageRow tail_row() {
  StageRow row;
  row.name = "tail";
  row.summary = "the last N records, or the last N of each group";
  row.details =
      "N is 10 unless given. Groups are emitted in the order in which they first appeared.";
  row.add_form({.usage = "tail [N] [--by KEYS]",
                .parameters = {{"N", Parameter::Kind::count, "how many (default 10)"}, group_keys}},
               make);
  row.examples = {{"tail 2", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":2}\n{\"a\":3}\n"},
                  {"tail 1 --by user",
                   "{\"user\":\"u\",\"a\":1}\n"
                   "{\"user\":\"v\",\"a\":2}\n"
                   "{\"user\":\"u\",\"a\":3}\n",
                   "{\"user\":\"u\",\"a\":3}\n{\"user\":\"v\",\"a\":2}\n"}};
  row.way = Way::gathers;
  row.passes_one = true;
  row.elsewhere = {"last"};
  return row;
}

}  // namespace riffle
