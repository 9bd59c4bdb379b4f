#include "stages/fields/record_maker.h"

#include <utility>

#include "records/record.h"

namespace riffle {

Slot become_members_of_maps(Shape& shape, std::shared_ptr<const Shape> from) {
  Field all{literal_name("*"), shape.slots().add(), "*"};
  all.from = std::move(from);
  const Slot slot = all.slot;
  shape.close({std::move(all)});
  return slot;
}

RecordMaker::RecordMaker(Shape& shape, Columns columns)
    : RecordMaker(shape,
                  columns == Columns::of_first ? nullptr : std::make_shared<const Shape>(shape)) {}

RecordMaker::RecordMaker(Shape& shape, std::shared_ptr<const Shape> before)
    : from_(std::make_shared<const Shape>(shape)) {
  shape.slots().rest = true;
  slot_ = become_members_of_maps(shape, std::move(before));
}

void RecordMaker::take(const Batch& batch, Row row, std::vector<Member>& record) {
  members(batch, row, *batch.memory, record);
}

}  // namespace riffle
