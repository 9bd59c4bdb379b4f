#include "stages/groups/kept.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"

namespace riffle {
namespace {

constexpr std::uint64_t default_count = 10;

struct Bound {
  std::uint64_t count = default_count;
  std::vector<Key> keys;
  Holder holder;
};

class Tail : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Tail(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), last_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    last_.find(batch.rows, keys);
    records_.start(batch);
    for (std::size_t i = 0; i < last_.found_count(); i++) last_.found(i).coming++;
    for (std::size_t i = 0; i < last_.found_count(); i++) {
      Last& last = last_.found(i);
      if (last.coming-- > bound_->count) continue;  // enough come behind it
      if (last.records.size() < bound_->count) {
        last.records.push_back(records_.keep(batch.rows[i]));
        continue;
      }
      records_.release(last.records[last.oldest]);
      last.records[last.oldest] = records_.keep(batch.rows[i]);
      last.oldest = (last.oldest + 1) % last.records.size();
    }
    last_.account(records_.held());
  }

  void finish(Output& out) override {
    std::vector<KeptRecords::Handle> handles;
    for (std::size_t group = 0; group < last_.size(); group++) {
      const Last& last = last_[group];
      const auto oldest = last.records.begin() + static_cast<std::ptrdiff_t>(last.oldest);
      handles.insert(handles.end(), oldest, last.records.end());
      handles.insert(handles.end(), last.records.begin(), oldest);
    }
    records_.emit(handles, out);
  }

  std::unique_ptr<GatheringStage> fresh() const override { return std::make_unique<Tail>(bound_); }

  void save(StateWriter& to) const override {
    to.begin("tail", 1);
    records_.save(to);
    last_.save(to, [](const Last& last, StateWriter& one) {
      one.count(last.records.size());
      for (const KeptRecords::Handle record : last.records) one.number(record);
      one.count(last.oldest);
    });
  }
  void load(StateReader& from) override {
    from.begin("tail", 1);
    records_.load(from);
    last_.load(from, [this](Last& last, StateReader& one) {
      for (std::size_t left = one.count(sizeof(KeptRecords::Handle)); left > 0; left--)
        last.records.push_back(records_.load_handle(one));
      last.oldest = one.number<std::uint64_t>();
      if (last.records.size() > bound_->count || last.oldest > last.records.size())
        throw StateReader::damaged();
    });
    last_.account(records_.held());
  }

 private:
  // The last records of a group, in a ring.
  struct Last {
    std::vector<KeptRecords::Handle> records;
    std::size_t oldest = 0;
    std::uint64_t coming = 0;  // in the current batch
  };

  std::shared_ptr<const Bound> bound_;
  KeyedState<Last> last_;
  KeptRecords records_;
};

Planned make(Setup& setup) {
  Bound bound{setup.arguments.count("N", default_count), keys_of(setup, "--by"), setup.holder()};
  return std::make_unique<Tail>(std::make_shared<const Bound>(std::move(bound)));
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
  row.passes_one = true;
  row.elsewhere = {"last"};
  row.foreign_flags = {{"-F", "--follow reads on as the input grows"}};
  return row;
}

}  // namespace riffle
