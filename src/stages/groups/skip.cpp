#include <algorithm>

#include "stages/rows.h"

namespace riffle {
namespace {

class Skip : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  explicit Skip(std::uint64_t count) : left_(count) {}

  void process(Batch batch, Output& out) override {
    const std::uint64_t skipped = std::min<std::uint64_t>(left_, batch.rows.size());
    batch.rows.erase(batch.rows.begin(), batch.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
    left_ -= skipped;
    out.emit(std::move(batch));
  }
  void save(StateWriter& to) const override {
    to.begin("skip", 1);
    to.number(left_);
  }
  void load(StateReader& from) override {
    from.begin("skip", 1);
    left_ = from.number<std::uint64_t>();
  }

 private:
  std::uint64_t left_;
};

}  // namespace

StageRow skip_row() {
  StageRow row;
  row.name = "skip";
  row.summary = "leaves out the first N records";
  row.details = "It counts all records, windows or not.";
  row.add_form({.usage = "skip N", .parameters = {{"N", Parameter::Kind::count, "how many", true}}},
               [](Setup& setup) -> Planned { return in_order<Skip>(setup.arguments.count("N")); });
  row.examples = {{"skip 2", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":3}\n"}};
  return row;
}

}  // namespace riffle
