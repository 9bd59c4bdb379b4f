#include "state/records.h"

#include <algorithm>
#include <utility>

#include "records/saved_header.h"
#include "text/lies_in.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t rows_at_once = 4096;

constexpr std::size_t aligned(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

// Room for what a value points to, outside its record's source.
std::size_t room_for(const Value& value, std::string_view source) {
  if (value.has_bytes()) return lies_in(value.view(), source) ? 0 : aligned(value.size);
  std::size_t room = 0;
  if (value.kind == Kind::list) {
    for (const Value& item : value.list()) room += sizeof(Value) + room_for(item, source);
  } else if (value.kind == Kind::map) {
    for (const Member& member : value.map())
      room += sizeof(Member) + aligned(member.name.size()) + room_for(member.value, source);
  }
  return room;
}

// Puts what values point to behind each other, at the end of a saved row.
class Writer {
 public:
  Writer(char* row, std::string_view source, std::size_t source_at, std::size_t free)
      : row_(row), source_(source), source_at_(source_at), free_(free) {}

  // The value with distances from the row's beginning in place of pointers.
  Value moved(const Value& value) {
    Value result = value;
    if (value.has_bytes()) {
      if (lies_in(value.view(), source_))
        result.natural = source_at_ + static_cast<std::size_t>(value.text - source_.data());
      else
        result.natural = put(value.view());
    } else if (value.kind == Kind::list) {
      result.natural = take(value.size * sizeof(Value));
      for (std::uint32_t i = 0; i < value.size; i++) {
        const Value item = moved(value.items[i]);
        std::memcpy(row_ + result.natural + i * sizeof item, &item, sizeof item);
      }
    } else if (value.kind == Kind::map) {
      result.natural = take(value.size * sizeof(Member));
      for (std::uint32_t i = 0; i < value.size; i++) {
        const std::string_view name = value.members[i].name;
        const SavedMember member{put(name), name.size(), moved(value.members[i].value)};
        std::memcpy(row_ + result.natural + i * sizeof member, &member, sizeof member);
      }
    }
    return result;
  }

  struct SavedMember {
    std::size_t name, name_size;
    Value value;
  };
  static_assert(sizeof(SavedMember) == sizeof(Member));

 private:
  std::size_t take(std::size_t size) {
    const std::size_t at = free_;
    free_ += aligned(size);
    return at;
  }
  std::size_t put(std::string_view text) {
    const std::size_t at = take(text.size());
    if (!text.empty()) std::memcpy(row_ + at, text.data(), text.size());
    return at;
  }

  char* row_;
  std::string_view source_;
  std::size_t source_at_, free_;
};

// A value with pointers again. Lists and maps are put together in `memory`.
Value located(const Value& saved, const char* row, Memory& memory) {
  Value value = saved;
  if (saved.has_bytes()) {
    value.text = row + saved.natural;
  } else if (saved.kind == Kind::list) {
    const auto* const from = reinterpret_cast<const Value*>(row + saved.natural);
    Value* const items = memory.allocate<Value>(saved.size);
    for (std::uint32_t i = 0; i < saved.size; i++) items[i] = located(from[i], row, memory);
    value.items = items;
  } else if (saved.kind == Kind::map) {
    const auto* const from = reinterpret_cast<const Writer::SavedMember*>(row + saved.natural);
    Member* const members = memory.allocate<Member>(saved.size);
    for (std::uint32_t i = 0; i < saved.size; i++)
      new (members + i)
          Member{{row + from[i].name, from[i].name_size}, located(from[i].value, row, memory)};
    value.members = members;
  }
  return value;
}

}  // namespace

bool Records::Kind::operator==(const Kind& other) const {
  return shape == other.shape && dialect == other.dialect && has_source == other.has_source &&
         filled == other.filled && columns == other.columns;
}

Records::Kind Records::kind_of(const Batch& batch) {
  Kind kind{batch.shape, batch.dialect, batch.source.text != nullptr, {}, batch.columns.size(), 0};
  const std::vector<bool> reached = batch.shape->reached_slots();
  for (std::size_t slot = 0; slot < batch.columns.size(); slot++)
    kind.filled.push_back(batch.columns[slot].values && reached[slot]);
  for (const Column& column : batch.source.header_columns)
    kind.filled.push_back(column.values != nullptr);
  kind.values = static_cast<std::size_t>(std::count(kind.filled.begin(), kind.filled.end(), true));
  return kind;
}

void Records::start(const Batch& batch) {
  batch_ = &batch;
  Kind kind = kind_of(batch);
  if (kinds_.empty() || !(kinds_[current_] == kind)) {
    const auto known = std::find(kinds_.begin(), kinds_.end(), kind);
    current_ = static_cast<std::uint32_t>(known - kinds_.begin());
    if (current_ == most_kinds)
      throw failure("records of more than 65536 different headers cannot be held together");
    if (known == kinds_.end()) kinds_.push_back(std::move(kind));
  }
  columns_.clear();
  const std::vector<bool>& filled = kinds_[current_].filled;
  for (std::size_t i = 0; i < filled.size(); i++)
    if (filled[i])
      columns_.push_back(i < batch.columns.size()
                             ? batch.columns[i]
                             : batch.source.header_columns[i - batch.columns.size()]);
}

std::size_t Records::room_for(Row row, std::span<const Value> more) const {
  const std::string_view source = source_of(row);
  std::size_t size =
      sizeof(Head) + (columns_.size() + more.size()) * sizeof(Value) + aligned(source.size());
  for (const Column& column : columns_) size += riffle::room_for(column[row], source);
  for (const Value& value : more) size += riffle::room_for(value, source);
  if (size > UINT32_MAX) throw failure("a record of more than 4 GiB cannot be held");
  return size;
}

const char* Records::save(Row row, std::span<const Value> more, Memory& memory) const {
  const std::size_t room = room_for(row, more);
  char* const to =
      reinterpret_cast<char*>(memory.allocate<std::uint64_t>(room / sizeof(std::uint64_t)));
  save(row, more, room, to);
  return to;
}

void Records::save(Row row, std::span<const Value> more, std::size_t room, char* saved) const {
  const std::string_view source = source_of(row);
  const std::size_t source_at = sizeof(Head) + (columns_.size() + more.size()) * sizeof(Value);
  const Position position = batch_->position(row);
  const Head head{static_cast<std::uint32_t>(room),
                  static_cast<std::uint32_t>(source.size()),
                  position.turn,
                  position.input,
                  position.offset,
                  position.line & most_lines,
                  static_cast<std::uint16_t>(current_)};
  std::memcpy(saved, &head, sizeof head);
  Writer writer(saved, source, source_at, source_at + aligned(source.size()));
  auto* to = reinterpret_cast<Value*>(saved + sizeof head);
  for (const Column& column : columns_) *to++ = writer.moved(column[row]);
  for (const Value& value : more) *to++ = writer.moved(value);
  if (!source.empty()) std::memcpy(saved + source_at, source.data(), source.size());
}

std::string RecordKinds::text_of(const Shape& shape) {
  std::string text;
  StateWriter to(text);
  const auto add_name = [&](const Name& name) {
    to.text(name.literal);
    to.count(name.path.size());
    for (const std::string& step : name.path) to.text(step);
  };
  to.number(shape.is_open());
  for (const Field& field : shape.fields()) {
    add_name(field.name);
    to.number(field.slot);
    to.text(field.pattern);
  }
  for (const Edit& edit : shape.edits()) {
    to.number(edit.kind);
    add_name(edit.name);
    to.number(edit.slot);
    to.text(edit.from);
    to.text(edit.inside);
    to.text(edit.moved);
    to.number(edit.adds);
  }
  return text;
}

void Records::save(StateWriter& to) const {
  to.count(kinds_.size());
  for (const Kind& kind : kinds_) {
    to.text(RecordKinds::text_of(*kind.shape));
    to.text(kind.dialect.format);
    to.number(kind.dialect.delimiter);
    to.number(kind.dialect.header != nullptr);
    if (kind.dialect.header) save_header(*kind.dialect.header, to);
    to.number(kind.has_source);
    to.count(kind.filled.size());
    for (const bool filled : kind.filled) to.number(filled);
    to.count(kind.columns);
  }
}

void Records::load(StateReader& from) {
  for (std::size_t left = from.count(); left > 0; left--) {
    Kind& kind = kinds_.emplace_back();
    if (!from.kinds()) throw StateReader::damaged();
    kind.shape = from.kinds()->shape(from.text());
    if (!kind.shape) throw failure("the saved state is of another pipeline");
    const std::string_view format = from.text();
    if (!format.empty()) kind.dialect = from.kinds()->dialect(format);
    if (kind.dialect.format != format) throw StateReader::damaged();
    kind.dialect.delimiter = from.number<char>();
    if (from.number<bool>()) kind.dialect.header = load_header(from);
    kind.has_source = from.number<bool>();
    for (std::size_t columns = from.count(); columns > 0; columns--)
      kind.filled.push_back(from.number<bool>());
    kind.values =
        static_cast<std::size_t>(std::count(kind.filled.begin(), kind.filled.end(), true));
    kind.columns = from.number<std::uint64_t>();
    if (kind.columns > kind.filled.size()) throw StateReader::damaged();
  }
}

void Records::check_row(std::string_view bytes) const {
  if (bytes.size() < sizeof(Head)) throw StateReader::damaged();
  const Head head = head_of(bytes.data());
  if (head.size != bytes.size() || head.kind >= kinds_.size()) throw StateReader::damaged();
}

const char* Records::load_row(std::string_view bytes, Memory& memory) const {
  check_row(bytes);
  char* const row =
      reinterpret_cast<char*>(memory.allocate<std::uint64_t>(bytes.size() / sizeof(std::uint64_t)));
  bytes.copy(row, bytes.size());
  return row;
}

RowBytes Records::load_row(std::string_view bytes) const {
  check_row(bytes);
  RowBytes row = new_row(bytes.size());
  bytes.copy(row.get(), bytes.size());
  return row;
}

std::size_t Records::size_of(const char* saved) { return head_of(saved).size; }

Value Records::more_of(const char* saved, std::size_t index, Memory& memory) const {
  return located(values_of(saved)[kinds_[head_of(saved).kind].values + index], saved, memory);
}

bool Records::can_add(const char* saved) const {
  return added_.empty() ||
         (added_.size() < rows_at_once && head_of(saved).kind == head_of(added_.front()).kind);
}

void Records::add_copy(std::string_view saved) {
  if (!copies_) copies_ = std::make_shared<Memory>();
  char* const copy = reinterpret_cast<char*>(
      copies_->allocate<std::uint64_t>(saved.size() / sizeof(std::uint64_t)));
  saved.copy(copy, saved.size());
  add(copy);
}

Batch Records::take() {
  const Kind& kind = kinds_[added_.empty() ? 0 : head_of(added_.front()).kind];
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = kind.shape;
  batch.size = static_cast<Row>(added_.size());
  batch.revive_rows();
  batch.dialect = kind.dialect;
  batch.columns.resize(kind.columns);
  batch.source.header_columns.resize(kind.filled.size() - kind.columns);
  fill(batch);
  if (copies_) batch.memory->keep(std::exchange(copies_, nullptr));
  added_.clear();
  return batch;
}

void Records::fill(Batch& batch) const {
  const Kind& kind = kinds_[added_.empty() ? 0 : head_of(added_.front()).kind];
  std::vector<Value*> columns;
  for (std::size_t i = 0; i < kind.filled.size(); i++) {
    if (!kind.filled[i]) continue;
    Value* const values = batch.new_values();
    columns.push_back(values);
    (i < kind.columns ? batch.columns[i]
                      : batch.source.header_columns[i - kind.columns]) = {values};
  }
  Position* const positions = batch.memory->allocate<Position>(added_.size());
  std::string_view* const source =
      kind.has_source ? batch.memory->allocate<std::string_view>(added_.size()) : nullptr;
  for (std::size_t row = 0; row < added_.size(); row++) {
    const char* const saved = added_[row];
    const Head head = head_of(saved);
    positions[row] = {head.turn, head.input, head.offset, head.line};
    for (std::size_t i = 0; i < columns.size(); i++)
      columns[i][row] = located(values_of(saved)[i], saved, *batch.memory);
    if (source)
      source[row] = {saved + sizeof(Head) + (columns.size() + more_) * sizeof(Value),
                     head.source_size};
  }
  batch.origin.positions = positions;
  batch.source.text = source;
  if (batch.size > 0) batch.origin.where = positions[0];
}

}  // namespace riffle
