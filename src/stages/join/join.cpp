#include "stages/join/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "expression/check.h"
#include "records/pieces.h"
#include "records/record.h"
#include "stages/fields/fields.h"
#include "stages/join/join_table.h"
#include "stages/null_output.h"
#include "stages/rows.h"
#include "stages/time/event_time.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Bound {
  JoinKind kind = JoinKind::inner;
  std::vector<ExpressionPtr> keys;
  std::optional<EventTimes> times;  // --asof
  std::shared_ptr<const JoinTable> table;
  // One for each of the table's names; none for a key.
  std::vector<std::optional<FieldAdder>> fields;
  std::string prefix;     // of their names
  std::string time_name;  // of the field that --asof compares, in the table
  LookupTable names;      // for messages
};

class Join : public RecordStage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Join(Bound bound) : bound_(std::move(bound)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn& hand_on) const override {
    const std::vector<Column> keys = evaluate(bound_.keys, batch, effects);
    std::vector<JoinTable::Record> found;
    found.reserve(batch.rows.size());
    if (bound_.times)
      find_latest(batch, keys, found, effects);
    else
      for (const Row row : batch.rows)
        found.push_back(bound_.table->find(join_key(keys, row, *batch.memory)));
    if (!bound_.names.key.empty()) note_first(batch, keys, found, effects);
    if (bound_.kind == JoinKind::semi || bound_.kind == JoinKind::anti)
      keep(batch, found);
    else if (multiplies(found))
      return multiplied(batch, found, hand_on);
    else
      add_fields(batch, found);
    return batch;
  }

  // The table is read again: it must be the same.
  void save(StateWriter& to) const override {
    to.begin("join", 1);
    bound_.table->save_outline(to);
  }
  void verify(StateReader& from) const override {
    from.begin("join", 1);
    if (!bound_.table->has_outline(from))
      throw failure(fmt::format("join: {} has other records than when the state was saved",
                                bound_.names.file));
  }

 private:
  // Records without a time are rejected.
  void find_latest(Batch& batch, std::span<const Column> keys,
                   std::vector<JoinTable::Record>& found, Effects& effects) const {
    const Column times = bound_.times->evaluate(batch, effects);
    std::erase_if(batch.rows, [&](Row row) {
      const auto time = bound_.times->time_of(batch, row, times[row], effects);
      if (time) found.push_back(bound_.table->latest(join_key(keys, row, *batch.memory), *time));
      return !time;
    });
  }

  void note_first(const Batch& batch, std::span<const Column> keys,
                  std::span<const JoinTable::Record> found, Effects& effects) const {
    const auto is_none = [](JoinTable::Record record) { return record == JoinTable::none; };
    const auto row_at = [&](auto place) {
      return batch.rows[static_cast<std::size_t>(place - found.begin())];
    };
    const auto hit = std::find_if_not(found.begin(), found.end(), is_none);
    const auto miss = std::find_if(found.begin(), found.end(), is_none);
    if (hit != found.end())
      effects.lookups.push_back({batch.position(row_at(hit)),
                                 &bound_.names,
                                 true,
                                 {},
                                 clashes(batch, row_at(hit), *hit)});
    if (miss != found.end())
      effects.lookups.push_back(
          {batch.position(row_at(miss)), &bound_.names, false, shown_key(keys, row_at(miss))});
  }

  // The fields that both records have, but for those that say which belong together.
  std::vector<std::string> clashes(const Batch& batch, Row row, JoinTable::Record record) const {
    std::vector<std::string> both;
    if (bound_.fields.empty()) return both;
    Memory memory;
    std::vector<Member> own;
    members(batch, row, memory, own);
    for (const JoinTable::Entry& entry : bound_.table->fields_of(record)) {
      const std::string name = bound_.prefix + bound_.table->names()[entry.field];
      const bool has_it = std::any_of(own.begin(), own.end(),
                                      [&](const Member& member) { return member.name == name; });
      if (has_it && bound_.fields[entry.field] && name != bound_.time_name) both.push_back(name);
    }
    return both;
  }

  void keep(Batch& batch, std::span<const JoinTable::Record> found) const {
    Row* kept = batch.rows.data();
    for (std::size_t i = 0; i < found.size(); i++)
      if ((found[i] != JoinTable::none) == (bound_.kind == JoinKind::semi)) *kept++ = batch.rows[i];
    batch.rows.resize(static_cast<std::size_t>(kept - batch.rows.data()));
  }

  // Whether a record is joined with several.
  bool multiplies(std::span<const JoinTable::Record> found) const {
    return std::any_of(found.begin(), found.end(), [&](JoinTable::Record record) {
      return record != JoinTable::none && bound_.table->next(record) != JoinTable::none;
    });
  }

  Batch multiplied(const Batch& batch, std::span<const JoinTable::Record> found,
                   const HandOn& hand_on) const {
    const Pieces<JoinTable::Record>::Finish finish =
        [this](Batch joined, std::span<const Row>, std::span<const JoinTable::Record> records) {
          fill(joined, records);
          return joined;
        };
    Pieces<JoinTable::Record> pieces(batch, finish, hand_on, bound_.fields.size());
    for (std::size_t i = 0; i < found.size(); i++) {
      pieces.begin_row();
      JoinTable::Record record = found[i];
      if (record == JoinTable::none && bound_.kind == JoinKind::inner) continue;
      pieces.add(batch.rows[i], record);
      while (record != JoinTable::none && (record = bound_.table->next(record)) != JoinTable::none)
        pieces.add(batch.rows[i], record);
    }
    return pieces.last();
  }

  void add_fields(Batch& batch, std::span<const JoinTable::Record> found) const {
    std::vector<Row> rows;
    std::vector<JoinTable::Record> records;  // of each row; none: it stays without
    rows.reserve(found.size());
    records.reserve(found.size());
    for (std::size_t i = 0; i < found.size(); i++) {
      if (found[i] == JoinTable::none && bound_.kind == JoinKind::inner) continue;
      rows.push_back(batch.rows[i]);
      records.push_back(found[i]);
    }
    batch.rows = std::move(rows);
    fill(batch, records);
  }

  void fill(Batch& batch, std::span<const JoinTable::Record> records) const {
    batch.memory->keep(bound_.table);
    std::vector<Value*> columns(bound_.fields.size());
    for (Value*& column : columns) {
      column = batch.new_values();
      for (const Row row : batch.rows) column[row] = Value();
    }
    for (std::size_t i = 0; i < records.size(); i++)
      if (records[i] != JoinTable::none)
        for (const JoinTable::Entry& entry : bound_.table->fields_of(records[i]))
          columns[entry.field][batch.rows[i]] = entry.value;
    for (std::size_t i = 0; i < columns.size(); i++)
      if (bound_.fields[i]) bound_.fields[i]->add(batch, columns[i]);
  }

  Bound bound_;
};

// The file's records into the table; those that need a time and have none are bad ones.
void fill(JoinTable& table, const EventTimes& times, Batch& batch, Effects& effects) {
  const Column values = times.evaluate(batch, effects);
  auto* const moments = batch.memory->allocate<std::int64_t>(batch.size);
  std::erase_if(batch.rows, [&](Row row) {
    const auto time = times.time_of(batch, row, values[row], effects);
    if (time) moments[row] = *time;
    return !time;
  });
  table.add(batch, moments);
}

Planned make(Setup& setup) {
  JoinSides sides(setup);
  Bound bound;
  bound.kind = sides.kind;
  sides.other.slots().rest = sides.adds_fields;
  if (sides.time) bound.times.emplace(setup, sides.time, std::nullopt, setup.streams);
  std::optional<EventTimes> other_times;
  if (sides.time) other_times.emplace(setup, sides.other_time, std::nullopt, Streams());

  const bool is_full = sides.kind == JoinKind::full;
  const auto table =
      std::make_shared<JoinTable>(setup.holder(), std::move(sides.other_keys),
                                  is_full ? std::vector<std::string>() : sides.left_out,
                                  is_full             ? JoinTable::Keeps::all_records
                                  : sides.adds_fields ? JoinTable::Keeps::members
                                                      : JoinTable::Keeps::keys);
  setup.shape.has_unread_fields |=
      !setup.read_input(sides.file, setup.arguments.text("--format"), sides.other,
                        [&](Batch& batch, Effects& effects) {
                          if (other_times)
                            fill(*table, *other_times, batch, effects);
                          else
                            table->add(batch);
                        });
  if (other_times) table->order_by_time();
  for (const KeyPair& pair : setup.arguments.key_pairs("--asof"))
    bound.time_name = pair.other.literal;
  bound.prefix = setup.arguments.text("--prefix");
  for (const std::string& name : table->names()) {
    bound.fields.emplace_back();
    if (!std::binary_search(sides.left_out.begin(), sides.left_out.end(), name))
      bound.fields.back().emplace(setup.shape, bound.prefix + name);
  }
  bound.names = {setup.stage, sides.shown_file(), sides.keys.empty() ? "" : table->example(),
                 bound.times.has_value()};
  bound.keys = std::move(sides.keys);
  bound.table = table;
  if (!is_full) return std::make_unique<Join>(std::move(bound));
  std::vector<ExpressionPtr> keys = bound.keys;
  return make_full_join(setup, std::make_shared<const Join>(std::move(bound)), std::move(keys),
                        table);
}

}  // namespace

JoinSides::JoinSides(const Setup& setup)
    : kind(static_cast<JoinKind>(setup.arguments.choice("--kind"))),
      adds_fields(kind != JoinKind::semi && kind != JoinKind::anti),
      file(setup.arguments.text("INPUT")) {
  if (!adds_fields && setup.arguments.has("--prefix"))
    throw usage_error("join: --prefix names the joined fields; semi and anti add none");
  for (const KeyPair& pair : setup.arguments.key_pairs("--on")) {
    const auto& text = setup.arguments.source("--on");
    keys.push_back(bind_name(pair.name, text, setup.shape));
    other_keys.push_back(bind_name(pair.other, text, other));
    left_out.push_back(pair.other.literal);
  }
  std::sort(left_out.begin(), left_out.end());
  for (const std::string_view flag : {"--asof", "--time"}) {
    for (const KeyPair& pair : setup.arguments.key_pairs(flag)) {
      time = bind_name(pair.name, setup.arguments.source(flag), setup.shape);
      other_time = bind_name(pair.other, setup.arguments.source(flag), other);
    }
  }
}

std::string JoinSides::shown_file() const {
  return file == "-" ? "standard input" : fmt::format("'{}'", file);
}

StageRow join_row() {
  StageRow row;
  row.name = "join";
  row.summary =
      "adds the fields of the records of a file, or another stream, that have the same key";
  row.details =
      "The file is read whole and held in memory before the first record comes; - is standard "
      "input, where that is no other input. Keys are compared by their text: 7 and \"7\" are one, "
      "1.0 and 1 two; null and missing match nothing. A record that matches several is emitted "
      "once "
      "with each, in the file's order. A field that the record has already stays as it is; the "
      "file's key is not repeated. --asof: of the file's records with the key the latest one that "
      "is not after the record's time. --within D: all that lie D or less before or after it; the "
      "other input is read along with this one, no further than its time needs. With --delay "
      "records are held for as long as they can match, and one that comes later than that is "
      "counted and left out; without it nothing is let go, and all pairs are found.";
  using K = Parameter::Kind;
  const Parameter input{"INPUT", K::input, "the file", true};
  Parameter on{"--on", K::key_pairs,
               "KEY here is OTHER in the file, or has the same name; commas between several", true};
  const Parameter kind{.name = "--kind",
                       .kind = K::choice,
                       .summary =
                           "inner: records that match (the default); left: all; semi: those "
                           "that match, as they are; anti: those that do not",
                       .choices = {"inner", "left", "semi", "anti"}};
  Parameter every_kind = kind;
  every_kind.summary =
      "inner: records that match (the default); left: all; semi: those that match, as they are; "
      "anti: those that do not; full: all, and the file's that none matched at the end";
  every_kind.choices.push_back("full");
  every_kind.elsewhere = {{"outer", "full"},      {"full_outer", "full"},
                          {"left_outer", "left"}, {"left_semi", "semi"},
                          {"left_anti", "anti"},  {"right", "left, with the two inputs swapped"}};
  const Parameter prefix{"--prefix", K::word, "goes before the name of each joined field"};
  const Parameter format{"--format", K::format,
                         "the file's format (default: by extension, then by content), with options "
                         "of it in one word: 'csv delimiter=; no-header'"};
  row.add_form({.usage = "join INPUT --on KEY[=OTHER],... [--kind "
                         "inner|left|semi|anti|full] [--prefix P] [--format F]",
                .parameters = {input, on, every_kind, prefix, format}},
               make);
  on.required = false;  // records of one time match, whatever their keys
  row.add_form({.usage = "join INPUT --asof TIME[=OTHER] [--on KEY[=OTHER],...] [--kind ...] "
                         "[--prefix P] [--format F]",
                .parameters = {input,
                               on,
                               {"--asof", K::key_pair,
                                "the latest record of the file by this time, OTHER there", true},
                               kind,
                               prefix,
                               format},
                .flag = "--asof"},
               make);
  row.add_form({.usage = "join INPUT --within D --time TIME[=OTHER] [--delay D] "
                         "[--on KEY[=OTHER],...] [--kind ...] [--prefix P] [--format F]",
                .parameters = {input,
                               on,
                               {"--within", K::duration,
                                "records of two streams whose times are no further apart", true},
                               {"--time", K::key_pair,
                                "of --within: the event time, OTHER in the other stream", true},
                               {"--delay", K::delay,
                                "of --within: how far both streams may be out of order"},
                               kind,
                               prefix,
                               format},
                .flag = "--within"},
               [](Setup& setup) { return make_join_within(setup, JoinSides(setup)); })
      .follows_time = true;
  row.examples = {{"join users.csv --on user=id", "{\"user\":7,\"n\":1}\n{\"user\":8,\"n\":2}\n",
                   "{\"user\":7,\"n\":1,\"name\":\"Ada\"}\n", "users.csv",
                   "id,name\n"
                   "7,Ada\n"
                   "9,Bob\n"},
                  {"join users.csv --on user=id --kind left --prefix user_",
                   "{\"user\":7}\n"
                   "{\"user\":8}\n",
                   "{\"user\":7,\"user_name\":\"Ada\"}\n"
                   "{\"user\":8}\n",
                   "users.csv",
                   "id,name\n"
                   "7,Ada\n"
                   "9,Bob\n"},
                  {"join prices.ndjson --on item --asof ts",
                   "{\"ts\":5,\"item\":\"a\"}\n"
                   "{\"ts\":9,\"item\":\"a\"}\n",
                   "{\"ts\":5,\"item\":\"a\",\"price\":10}\n"
                   "{\"ts\":9,\"item\":\"a\",\"price\":12}\n",
                   "prices.ndjson",
                   "{\"ts\":1,\"item\":\"a\",\"price\":10}\n"
                   "{\"ts\":8,\"item\":\"a\",\"price\":12}\n"},
                  {"join clicks.ndjson --on user --within 10s --time ts --prefix click_",
                   "{\"ts\":100,\"user\":1}\n"
                   "{\"ts\":150,\"user\":1}\n",
                   "{\"ts\":100,\"user\":1,\"click_ts\":95}\n", "clicks.ndjson",
                   "{\"ts\":95,\"user\":1}\n"
                   "{\"ts\":120,\"user\":1}\n"}};
  row.multiplies = true;
  row.elsewhere = {"lookup", "merge", "vlookup", "left_join", "inner_join"};
  return row;
}

}  // namespace riffle
