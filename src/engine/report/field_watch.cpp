#include "engine/report/field_watch.h"

#include "engine/report/member_names.h"
#include "records/member_pattern.h"
#include "records/record.h"

namespace riffle {
namespace {

bool has(const WatchedField& field, std::span<const Member> record, Memory& memory) {
  return field.is_pattern ? takes_any(field.name.literal, record, memory)
                          : has_field(record, field.name, memory);
}

std::vector<std::string> names_of(std::span<const Member> record, Memory& memory) {
  MemberNames names;
  names.add(record, memory);
  return names.take();
}

}  // namespace

FieldWatch::FieldWatch(std::span<const WatchedField> fields) {
  for (const WatchedField& field : fields) sought_.push_back({&field});
}

void FieldWatch::look_at(const Batch& batch, Effects& effects) {
  if (sought_.empty()) return;
  Memory memory;
  std::vector<Member> record;
  for (auto row = batch.rows.begin(); row != batch.rows.end() && !sought_.empty(); row++) {
    members(batch, *row, memory, record);
    std::erase_if(sought_, [&](Watched& watched) {
      const bool found = has(*watched.field, record, memory);
      if (found)
        effects.sightings.push_back({batch.position(*row), watched.field, true});
      else if (!watched.missed)
        effects.sightings.push_back(
            {batch.position(*row), watched.field, false, names_of(record, memory)});
      watched.missed = true;
      return found;
    });
  }
}

}  // namespace riffle
