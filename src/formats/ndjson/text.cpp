#include "formats/ndjson/text.h"

#include <algorithm>
#include <set>

#include "formats/lines/lines.h"
#include "records/record.h"
#include "values/json.h"
#include "values/json_cell.h"

namespace riffle {
namespace {

std::string key_text(std::string_view name) { return json_string(name) + ':'; }

std::size_t shared_steps(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

}  // namespace

RecordText::RecordText(const Shape& shape) : splicer_(Splicer::of(shape)) {
  has_items_ = !shape.is_open() && shape.edits().empty() && plan_fields(shape);
}

// False: these fields depend on the record (patterns), or write into each other (`user` and
// `user.id`, or `user.id` and `user.name` with another field between).
bool RecordText::plan_fields(const Shape& shape) {
  // All paths so far, and the outer maps that are complete.
  std::set<std::vector<std::string>> closed;
  std::vector<std::string> before;
  for (const Field& field : shape.fields()) {
    const std::vector<std::string>& path = field.name.path;
    if (!field.pattern.empty()) return false;
    const std::size_t shared = shared_steps(before, path);
    for (std::size_t steps = before.size(); steps > shared; steps--)
      closed.emplace(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(steps));
    if (shared == path.size()) return false;
    for (std::size_t steps = shared + 1; steps <= path.size(); steps++)
      if (closed.contains({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(steps)}))
        return false;
    if (shared == before.size() && shared > 0) return false;
    Item item{field.slot, {}, shared};
    for (const std::string& step : path) item.keys.push_back(key_text(step));
    items_.push_back(std::move(item));
    before = path;
  }
  return true;
}

RecordText::Method RecordText::method_for(const Batch& batch) const {
  const Shape& shape = *batch.shape;
  if (!shape.is_open()) return has_items_ ? Method::fields : Method::members;
  if (batch.dialect.header) return shape.edits().empty() ? Method::header : Method::members;
  if (batch.dialect.format != "ndjson") return Method::members;
  if (shape.edits().empty()) return Method::source;
  return splicer_ ? Method::spliced : Method::members;
}

void RecordText::start(const Batch& batch) {
  batch_ = &batch;
  method_ = method_for(batch);
  if (method_ != Method::header || header_ == batch.dialect.header) return;
  header_ = batch.dialect.header;
  header_keys_.clear();
  for (const std::string& name : header_->names) {
    HeaderKey key{"," + key_text(name)};
    key.size = key.text.size();
    key.text.resize((key.size + key_piece - 1) / key_piece * key_piece);
    header_keys_.push_back(std::move(key));
  }
}

void RecordText::write(Row row, TextBuffer& out) {
  switch (method_) {
    case Method::source:
      out += without_line_end(batch_->source.text[row]);
      break;
    case Method::spliced:
      splicer_->write(*batch_, row, out);
      break;
    case Method::header:
      write_header_row(row, out);
      break;
    case Method::fields:
      if (write_fields(row, out)) break;
      [[fallthrough]];
    case Method::members:
      write_members(row, out);
      break;
  }
}

void RecordText::write_header_row(Row row, TextBuffer& out) {
  const Column* column = batch_->source.header_columns.data();
  char* to = out.room(2);
  const char* end = out.end_of_room();
  char before = '{';
  for (const HeaderKey& key : header_keys_) {
    const Value& value = (*column++)[row];
    if (value.is_missing()) continue;
    const std::size_t needed = key.text.size() + json_room(value.size);
    if (static_cast<std::size_t>(end - to) < needed) [[unlikely]] {
      out.advance(to);
      to = out.room(needed);
      end = out.end_of_room();
    }
    std::memcpy(to, key.text.data(), key_piece);
    for (std::size_t done = key_piece; done < key.size; done += key_piece)
      [[unlikely]] std::memcpy(to + done, key.text.data() + done, key_piece);
    *to = before;
    before = ',';
    to += key.size;
    if (value.kind == Kind::cell) [[likely]] {
      to = write_json_cell(value, to);
    } else {
      out.advance(to);
      write_json(value, out);
      to = out.room(2);
      end = out.end_of_room();
    }
  }
  if (before == '{') *to++ = '{';
  *to++ = '}';
  out.advance(to);
}

// False, with nothing written: a value was found as a literal key of a dotted name, which changes
// where it stands.
bool RecordText::write_fields(Row row, TextBuffer& out) {
  const std::size_t begin = out.size();
  out += '{';
  std::size_t open = 0, shared = 0;  // maps that are open inside the record; of the next item
  bool first = true;
  for (const Item& item : items_) {
    shared = std::min(shared, item.shared);
    const Value& value = batch_->columns[static_cast<std::size_t>(item.slot)][row];
    if (value.is_missing()) continue;
    if (item.keys.size() > 1 && value.flags & Value::literal_key) {
      out.truncate(begin);
      return false;
    }
    if (open > shared) out.append(open - shared, '}');
    if (!first) out += ',';
    first = false;
    open = item.keys.size() - 1;
    for (std::size_t step = shared; step < open; step++) out.append(item.keys[step]).append("{");
    out += item.keys.back();
    write_json(value, out);
    shared = item.keys.size();
  }
  out.append(open + 1, '}');
  return true;
}

void RecordText::write_members(Row row, TextBuffer& out) {
  Memory& memory = scratch_.next();
  members(*batch_, row, memory, members_);
  note_escaped_keys(row, memory);
  char before = '{';
  for (const Member& member : members_) {
    out += before;
    before = ',';
    const auto none = escaped_keys_.end();
    const auto escaped = escaped_keys_.empty() ? none : escaped_keys_.find(member.name);
    if (escaped != none)
      out += escaped->second;
    else
      write_json_string(member.name, out);
    out += ':';
    write_json(member.value, out);
  }
  out += before == '{' ? "{}" : "}";
}

// The keys of the record's source whose spelling is not how they would be written.
void RecordText::note_escaped_keys(Row row, Memory& memory) {
  escaped_keys_.clear();
  if (!batch_->shape->is_open() || batch_->dialect.format != "ndjson" ||
      !has_escapes(batch_->source.text[row]))
    return;
  for (JsonWalk walk(trim_blanks(batch_->source.text[row])); walk.next();)
    if (has_escapes(walk.raw_key()))
      escaped_keys_.emplace(decode_string(walk.raw_key(), memory), walk.raw_key());
}

}  // namespace riffle
