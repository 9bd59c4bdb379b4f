#include <algorithm>
#include <cmath>

#include "stages/groups/kept.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/error.h"
#include "values/number.h"
#include "values/random.h"

namespace riffle {
namespace {

class SamplePart : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  SamplePart(double part, std::uint64_t seed) : part_(part), random_(seed) {}

  void process(Batch batch, Output& out) override {
    std::erase_if(batch.rows, [this](Row) { return random_.part() >= part_; });
    out.emit(std::move(batch));
  }
  void save(StateWriter& to) const override {
    to.begin("sample %", 1);
    to.number(random_.state());
  }
  void load(StateReader& from) override {
    from.begin("sample %", 1);
    random_ = Random(from.number<std::uint64_t>());
  }

 private:
  double part_;
  Random random_;
};

struct Bound {
  std::uint64_t count = 0, seed = 0;
  std::vector<Key> keys;
  Holder holder;
};

// Algorithm R (Vitter, "Random Sampling with a Reservoir", 1985), for each key.
class SampleCount : public GatheringStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  // `instances`: how many of these the run has had. Each window draws numbers of its own.
  SampleCount(std::shared_ptr<const Bound> bound, std::shared_ptr<std::uint64_t> instances,
              std::uint64_t instance)
      : bound_(std::move(bound)),
        instances_(std::move(instances)),
        random_(seed_of_part(bound_->seed, instance)),
        reservoirs_(bound_->keys.size(), bound_->holder) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Column> keys = values_of(bound_->keys, batch, out.effects);
    reservoirs_.find(batch.rows, keys);
    records_.start(batch);
    for (std::size_t i = 0; i < batch.rows.size(); i++) offer(batch.rows[i], reservoirs_.found(i));
    reservoirs_.account(records_.held());
  }

  void finish(Output& out) override {
    std::vector<Kept> all;
    for (std::size_t group = 0; group < reservoirs_.size(); group++) {
      const std::vector<Kept>& kept = reservoirs_[group].kept;
      all.insert(all.end(), kept.begin(), kept.end());
    }
    std::sort(all.begin(), all.end(),
              [](const Kept& a, const Kept& b) { return a.sequence < b.sequence; });
    std::vector<KeptRecords::Handle> handles;
    for (const Kept& kept : all) handles.push_back(kept.record);
    records_.emit(handles, out);
  }

  std::unique_ptr<GatheringStage> fresh() const override {
    return std::make_unique<SampleCount>(bound_, instances_, (*instances_)++);
  }

  void save(StateWriter& to) const override {
    to.begin("sample", 1);
    to.number(*instances_);
    to.number(random_.state());
    to.number(sequence_);
    records_.save(to);
    reservoirs_.save(to, [](const Reservoir& reservoir, StateWriter& one) {
      one.number(reservoir.seen);
      one.count(reservoir.kept.size());
      for (const Kept& kept : reservoir.kept) {
        one.number(kept.sequence);
        one.number(kept.record);
      }
    });
  }
  void load(StateReader& from) override {
    from.begin("sample", 1);
    *instances_ = from.number<std::uint64_t>();
    random_ = Random(from.number<std::uint64_t>());
    sequence_ = from.number<std::uint64_t>();
    records_.load(from);
    reservoirs_.load(from, [this](Reservoir& reservoir, StateReader& one) {
      reservoir.seen = one.number<std::uint64_t>();
      for (std::size_t left = one.count(sizeof(std::uint64_t)); left > 0; left--) {
        const auto sequence = one.number<std::uint64_t>();
        reservoir.kept.push_back({sequence, records_.load_handle(one)});
        reservoirs_.hold(sizeof(Kept));
      }
      if (reservoir.kept.size() > bound_->count) throw StateReader::damaged();
    });
    reservoirs_.account(records_.held());
  }

 private:
  struct Kept {
    std::uint64_t sequence = 0;  // of the record in the input
    KeptRecords::Handle record = 0;
  };
  struct Reservoir {
    std::uint64_t seen = 0;
    std::vector<Kept> kept;
  };

  void offer(Row row, Reservoir& reservoir) {
    const std::uint64_t sequence = sequence_++;
    reservoir.seen++;
    if (reservoir.kept.size() < bound_->count) {
      reservoir.kept.push_back({sequence, records_.keep(row)});
      reservoirs_.hold(sizeof(Kept));
      return;
    }
    const std::uint64_t place = random_.below(reservoir.seen);
    if (place >= bound_->count) return;
    records_.release(reservoir.kept[place].record);
    reservoir.kept[place] = {sequence, records_.keep(row)};
  }

  std::shared_ptr<const Bound> bound_;
  std::shared_ptr<std::uint64_t> instances_;
  Random random_;
  KeyedState<Reservoir> reservoirs_;
  KeptRecords records_;
  std::uint64_t sequence_ = 0;
};

Planned make(Setup& setup) {
  const Share& size = setup.arguments.share("N");
  if (size.count) {
    auto bound = std::make_shared<const Bound>(
        Bound{*size.count, setup.settings.seed, keys_of(setup, "--by"), setup.holder()});
    return std::make_unique<SampleCount>(std::move(bound), std::make_shared<std::uint64_t>(0), 0);
  }
  if (setup.arguments.has("--by"))
    throw usage_error("sample: --by needs a count; a percentage samples every key alike");
  return in_order<SamplePart>(size.part, setup.settings.seed);
}

}  // namespace

StageRow sample_row() {
  StageRow row;
  row.name = "sample";
  row.summary =
      "N records taken at random (of each group), or each record with a probability of P%";
  row.details =
      "They are emitted in the order of the input. N is a reservoir: every record has the "
      "same chance, and N records (of each group) are in memory; it gathers. P% passes records on "
      "at once, window or not. The same --seed takes the same records of the same input, whatever "
      "the number of threads.";
  row.add_form(
      {.usage = "sample N|P% [--by KEYS]",
       .parameters = {{"N", Parameter::Kind::share, "how many, or what part: 5%", true},
                      {"--by", Parameter::Kind::keys,
                       "with N: names, or NAME = EXPR: the fields that tell groups apart"}}},
      make);
  row.examples = {{"sample 2",
                   "{\"a\":1}\n"
                   "{\"a\":2}\n"
                   "{\"a\":3}\n"
                   "{\"a\":4}\n",
                   "{\"a\":2}\n"
                   "{\"a\":3}\n"},
                  {"sample 50%", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n", "{\"a\":3}\n"}};
  row.passes_one = true;
  row.elsewhere = {"shuf", "shuffle", "bootstrap"};
  return row;
}

}  // namespace riffle
