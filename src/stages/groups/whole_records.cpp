#include "stages/groups/whole_records.h"

#include <algorithm>
#include <string>
#include <vector>

#include "records/record.h"
#include "values/decode.h"

namespace riffle {
namespace {

void append_record(std::vector<Member>& record, std::string& text) {
  std::stable_sort(record.begin(), record.end(),
                   [](const Member& a, const Member& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < record.size(); i++) {
    const bool comes_again = i + 1 < record.size() && record[i + 1].name == record[i].name;
    if (comes_again || is_nothing(record[i].value)) continue;
    append_key(text_value(record[i].name), text);
    append_key(record[i].value, text);
  }
}

}  // namespace

Column whole_records(Batch& batch) {
  Value* const texts = batch.new_values();
  std::vector<Member> record;
  std::string text;
  for (const Row row : batch.rows) {
    members(batch, row, *batch.memory, record);
    text.clear();
    append_record(record, text);
    texts[row] = text_value(batch.memory->copy(text));
  }
  return {texts};
}

}  // namespace riffle
