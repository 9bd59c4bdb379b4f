#include "stages/fields/record_maker.h"

#include "records/record.h"

namespace riffle {

RecordMaker::RecordMaker(Shape& shape) : from_(std::make_shared<const Shape>(shape)) {
  Field all{literal_name("*"), no_slot, "*"};
  all.from = from_;
  shape.slots().rest = true;
  slot_ = all.slot = shape.slots().add();
  shape.close({std::move(all)});
}

void RecordMaker::take(const Batch& batch, Row row, std::vector<Member>& record) {
  members(batch, row, *batch.memory, record);
}

}  // namespace riffle
