#include "formats/lines/named_columns.h"

#include <algorithm>

namespace riffle {

void NamedColumns::start(Batch& batch, std::shared_ptr<const Header> header, std::size_t most) {
  static constexpr Value missing{};
  const std::vector<std::string>& names = header->names;
  filled_.clear();
  const auto fill = [&](std::size_t name, std::uint8_t flags) {
    filled_.push_back({name, flags, batch.memory->allocate<Value>(most)});
    return Column{filled_.back().values};
  };
  for (const SourceField& field : batch.shape->slots().source) {
    const auto found = std::find(names.begin(), names.end(), field.name.literal);
    const std::uint8_t flags = field.name.is_path() ? Value::literal_key : 0;
    batch.columns[static_cast<std::size_t>(field.slot)] =
        found == names.end() ? Column{&missing, 0}
                             : fill(static_cast<std::size_t>(found - names.begin()), flags);
  }
  if (batch.shape->slots().rest)
    for (std::size_t name = 0; name < names.size(); name++)
      batch.source.header_columns.push_back(fill(name, 0));
  batch.dialect.header = std::move(header);
}

void NamedColumns::set(Row row, std::span<const Value> values) const {
  for (const Filled& column : filled_) {
    Value& value = column.values[row];
    value = values[column.name];
    if (!value.is_missing()) value.flags |= column.flags;
  }
}

}  // namespace riffle
