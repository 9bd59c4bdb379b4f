#include "stages/rows.h"

namespace riffle {
namespace {

class Tee : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  explicit Tee(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}

  void process(Batch batch, Output& out) override {
    sink_->write(batch, out.effects);
    out.emit(std::move(batch));
  }

 private:
  std::shared_ptr<Sink> sink_;
};

Planned make(Setup& setup) {
  return in_order<Tee>(setup.open_sink(setup.arguments.text("FILE"), setup.shape));
}

}  // namespace

StageRow tee_row() {
  StageRow row;
  row.name = "tee";
  row.summary = "copies the records to a file and passes them on";
  row.details =
      "The file's extension names its format; without one it is the output's. It appears whole, or "
      "not at all. A head after a tee does not stop the run: the file is complete.";
  row.add_form({.usage = "tee FILE",
                .parameters = {{"FILE", Parameter::Kind::file, "where to write", true}}},
               make);
  row.elsewhere = {"copy"};
  return row;
}

}  // namespace riffle
