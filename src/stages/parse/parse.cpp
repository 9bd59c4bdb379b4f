#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "arguments/names.h"
#include "expression/expression.h"
#include "expression/failure.h"
#include "logs/log_forms.h"
#include "stages/fields/fields.h"
#include "stages/fields/record_maker.h"
#include "stages/parse/text_parsers.h"
#include "stages/rows.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

// The field whose text is taken apart.
class Texts {
 public:
  Texts(Setup& setup, const Name& name, const std::string& operation)
      : field_(setup.shape, name),
        field_name_(print(name)),
        site_{.text = setup.arguments.source("FIELD"),
              .span = {},
              .name = field_name_ + ' ' + operation} {}

  Column read(Batch& batch) const { return field_.read(batch); }

  // Calls `parse(text)` for each text of the rows, which outlives the batch; where it says false,
  // or there is a list or a map, the failure is counted. Nothing is done for a missing value or
  // null.
  template <typename Parse>
  bool parse(const Value& value, Batch& batch, Row row, Effects& effects,
             const Parse& parse) const {
    if (is_nothing(value)) return false;
    const Value decoded = decode(value, *batch.memory);
    if (decoded.kind != Kind::list && decoded.kind != Kind::map) {
      const std::string_view text = text_of(value, *batch.memory);
      // A part of a text that a stage made may lie where the bytes after it cannot be read.
      if (parse(value.is_untouched() ? text : batch.memory->copy(text))) return true;
    }
    effects.fail(batch.position(row), &site_, [&] { return why_failed(decoded); });
    return false;
  }

 private:
  std::string why_failed(const Value& decoded) const {
    if (decoded.kind == Kind::map)
      return fmt::format("{}, and needs no parsing: {}.NAME is a member of it", described(decoded),
                         field_name_);
    return decoded.kind == Kind::list ? described(decoded) : shown(decoded) + " has another form";
  }

  FieldReader field_;
  std::string field_name_;
  Site site_;
};

// Takes the text's field away, and gives it back to the records whose text is not of the form.
class Kept {
 public:
  // `made`: the new fields' names; one of them that bears the field's name gets its place.
  Kept(Setup& setup, const Name& name, const std::vector<std::string>& made)
      : remover_(setup.shape, name) {
    const auto same = std::find(made.begin(), made.end(), name.literal);
    if (same != made.end())
      place_ = static_cast<std::size_t>(same - made.begin());
    else
      setter_.emplace(setup.shape, name, std::string(), false);
  }

  // `columns`: the made fields'.
  void keep(Batch& batch, const Column& texts, const std::vector<bool>& parsed,
            std::span<Value* const> columns) const {
    remover_.remove(batch);
    Value* const kept = setter_ ? batch.new_values() : columns[place_];
    for (const Row row : batch.rows) {
      if (!parsed[row])
        kept[row] = texts[row];
      else if (setter_)
        kept[row] = Value();
    }
    if (setter_) setter_->set(batch, {kept});
  }

 private:
  FieldRemover remover_;
  std::optional<FieldSetter> setter_;
  std::size_t place_ = 0;
};

// Into fields whose names are known.
class ParseFields : public RecordStage {
 public:
  ParseFields(Texts texts, std::unique_ptr<TextParser> parser, std::optional<Kept> kept,
              std::vector<FieldSetter> fields)
      : texts_(std::move(texts)),
        parser_(std::move(parser)),
        kept_(std::move(kept)),
        fields_(std::move(fields)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    const Column texts = texts_.read(batch);
    std::vector<Value*> columns(fields_.size());
    for (Value*& column : columns) column = batch.new_values();
    std::vector<Value> parts(fields_.size());
    std::vector<bool> parsed(batch.size);
    for (const Row row : batch.rows) {
      std::fill(parts.begin(), parts.end(), Value());
      const auto parse = [&](std::string_view text) {
        return parser_->parse(text, *batch.memory, parts);
      };
      parsed[row] = texts_.parse(texts[row], batch, row, effects, parse);
      if (!parsed[row]) std::fill(parts.begin(), parts.end(), Value());
      for (std::size_t i = 0; i < parts.size(); i++) columns[i][row] = parts[i];
    }
    if (kept_) kept_->keep(batch, texts, parsed, columns);
    for (std::size_t i = 0; i < fields_.size(); i++) fields_[i].set(batch, {columns[i]});
    return batch;
  }

 private:
  Texts texts_;
  std::unique_ptr<TextParser> parser_;
  std::optional<Kept> kept_;  // nothing with --keep
  std::vector<FieldSetter> fields_;
};

// Into the fields that each text names.
class ParseMembers : public RecordStage {
 public:
  // `taken`: the field that its members replace; nothing with --keep.
  ParseMembers(Texts texts, MemberParser parser, std::optional<Name> taken, RecordMaker records)
      : texts_(std::move(texts)), parser_(parser), taken_(std::move(taken)), records_(records) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    const Column texts = texts_.read(batch);
    std::vector<Member> made;
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      made.clear();
      const auto parse = [&](std::string_view text) { return parser_(text, *batch.memory, made); };
      if (!texts_.parse(texts[row], batch, row, effects, parse)) return;
      if (taken_) take_away(record, *batch.memory);
      for (const Member& member : made) set(member, record);
    });
    return batch;
  }

 private:
  void take_away(std::vector<Member>& record, Memory& memory) const {
    const auto erased =
        std::erase_if(record, [&](const Member& m) { return m.name == taken_->literal; });
    if (erased > 0 || !taken_->is_path()) return;
    const std::span<const std::string> path = taken_->path;
    for (Member& member : record)
      if (member.name == path[0])
        member.value = without_member(member.value, path.subspan(1), memory);
  }

  static void set(const Member& made, std::vector<Member>& record) {
    bool found = false;
    for (Member& member : record)
      if (member.name == made.name) member.value = made.value, found = true;
    if (!found) record.push_back(made);
  }

  Texts texts_;
  MemberParser parser_;
  std::optional<Name> taken_;
  RecordMaker records_;
};

struct MemberForm {
  std::string_view name;
  MemberParser parse;
};
constexpr std::array<MemberForm, 3> member_forms = {
    {{"logfmt", parse_logfmt_members}, {"json", parse_json_members}, {"kv", parse_kv_members}}};

// The choices of --as: the forms above, then those of logs.
std::vector<std::string_view> names_of_forms() {
  std::vector<std::string_view> names;
  for (const MemberForm& form : member_forms) names.push_back(form.name);
  for (const LogForm& form : log_forms()) names.push_back(form.name);
  return names;
}

std::vector<FieldSetter> setters(Shape& shape, std::string_view flag,
                                 const std::vector<std::string>& names) {
  std::vector<FieldSetter> fields;
  std::vector<Name> made;
  for (const std::string& text : names) {
    const Name name = parse_items(std::make_shared<const Text>(Text{"parse", text}), false)[0].name;
    if (const std::string reason = clash(name, made); !reason.empty())
      throw usage_error(fmt::format("parse: {}: {}", flag, reason));
    made.push_back(name);
    fields.emplace_back(shape, name);
  }
  return fields;
}

// `operation`: the flag, and the form.
Planned make_with(Setup& setup, std::unique_ptr<TextParser> parser, std::string_view flag,
                  const std::string& operation) {
  const Name& name = setup.arguments.name("FIELD");
  Texts texts(setup, name, operation);
  std::optional<Kept> kept;
  if (!setup.arguments.has("--keep")) kept.emplace(setup, name, parser->names());
  std::vector<FieldSetter> fields = setters(setup.shape, flag, parser->names());
  return std::make_unique<ParseFields>(std::move(texts), std::move(parser), std::move(kept),
                                       std::move(fields));
}

Planned make_by_form(Setup& setup) {
  const std::size_t choice = setup.arguments.choice("--as");
  const std::string operation = "--as " + std::string(names_of_forms()[choice]);
  if (choice >= member_forms.size()) {
    const LogForm& form = log_forms()[choice - member_forms.size()];
    return make_with(setup, form.make({setup.settings.zone, setup.settings.now}), "--as",
                     operation);
  }
  const Name& name = setup.arguments.name("FIELD");
  Texts texts(setup, name, operation);
  std::optional<Name> taken;
  if (!setup.arguments.has("--keep")) taken = name;
  Shape before = setup.shape;
  if (taken) FieldRemover(before, name);
  return std::make_unique<ParseMembers>(
      std::move(texts), member_forms[choice].parse, std::move(taken),
      RecordMaker(setup.shape, std::make_shared<const Shape>(before)));
}

std::string details_of_forms() {
  std::string details =
      "With --regex each named group, (?<name>...), is a field, where RE is found in the text; a "
      "group that takes no part makes none. In a PATTERN <name> is a field, <_> is skipped, a "
      "blank is one or more blanks or tabs, and all else stands for itself; the whole text must be "
      "so, and a field extends to the first place where the text after it in the pattern is. Parts "
      "are typed as unquoted CSV cells are: 12 is a number, 007 is text, an empty part is null. "
      "FIELD is taken away unless --keep is given. A field that is there already is replaced. A "
      "text that is not of the form, a list and a map are failed operations: FIELD stays, and "
      "nothing is made. Nor is it of null, which is no failure. "
      "--as logfmt: key=value pairs with blanks between; a key alone is true; values may be in "
      "double quotes with JSON's escapes, or in single quotes. "
      "--as json: a JSON object's members. "
      "--as kv: as logfmt, with commas or semicolons between.";
  for (const LogForm& form : log_forms())
    details += fmt::format(" --as {}: {}", form.name, form.details);
  return details;
}

}  // namespace

StageRow parse_row() {
  StageRow row;
  row.name = "parse";
  row.summary = "takes a text apart into fields, which take its place";
  static const std::string details = details_of_forms();
  row.details = details;
  static const std::string of_form =
      fmt::format("the text is of this form: {}", fmt::join(names_of_forms(), ", "));
  using K = Parameter::Kind;
  const Parameter field{"FIELD", K::name, "the field with the text", true};
  Parameter form{"--as", K::choice, of_form, true};
  form.choices = names_of_forms();
  form.elsewhere = {{"combined", "clf"},
                    {"common", "clf"},
                    {"apache", "clf"},
                    {"nginx", "clf"},
                    {"access", "clf"},
                    {"rfc3164", "syslog"},
                    {"rfc5424", "syslog"},
                    {"glog", "klog"},
                    {"containerd", "cri"},
                    {"elb", "alb"},
                    {"log4j2", "log4j"},
                    {"logback", "log4j"},
                    {"java", "log4j"},
                    {"postgresql", "postgres"},
                    {"nginx-error", "nginx_error"},
                    {"apache-error", "apache_error"}};
  const Parameter keep{"--keep", K::flag, "FIELD stays, too"};
  row.add_form(
      {.usage = "parse FIELD --regex RE [--keep]",
       .parameters = {field,
                      {"--regex", K::word, "a regular expression (RE2) with named groups", true},
                      keep},
       .flag = "--regex"},
      [](Setup& setup) {
        return make_with(setup, make_regex_parser(setup.arguments.text("--regex")), "--regex",
                         "--regex");
      });
  row.add_form(
      {.usage = "parse FIELD --pattern PATTERN [--keep]",
       .parameters = {field,
                      {"--pattern", K::word, "text with <name> where a field stands", true},
                      keep},
       .flag = "--pattern"},
      [](Setup& setup) {
        return make_with(setup, make_pattern_parser(setup.arguments.text("--pattern")), "--pattern",
                         "--pattern");
      });
  row.add_form(
      {.usage = "parse FIELD --as ... [--keep]", .parameters = {field, form, keep}, .flag = "--as"},
      make_by_form);
  row.examples = {
      {"parse line --pattern '<ip> - [<ts>] \"<method> <path> <_>\"'",
       "{\"line\":\"10.0.0.1 - [today] \\\"GET /a HTTP/1.1\\\"\"}\n",
       "{\"ip\":\"10.0.0.1\",\"ts\":\"today\",\"method\":\"GET\",\"path\":\"/a\"}\n"},
      {"parse path --regex '^/v(?<version>[0-9]+)/(?<what>[a-z]+)'", "{\"path\":\"/v2/users/7\"}\n",
       "{\"version\":2,\"what\":\"users\"}\n"},
      {"parse msg --as logfmt",
       "{\"id\":1,\"msg\":\"level=info took=1.50 msg2=\\\"all \\\\\\\"well\\\\\\\"\\\" cached\"}\n",
       "{\"id\":1,\"level\":\"info\",\"took\":1.50,\"msg2\":\"all "
       "\\\"well\\\"\",\"cached\":true}\n"},
      {"parse a --as kv then parse b --as json then select x,y,z",
       "{\"a\":\"x=1, y=two words\",\"b\":\"{\\\"z\\\": [1.0]}\"}\n",
       "{\"x\":1,\"y\":\"two words\",\"z\":[1.0]}\n"},
      {"parse l --as clf then select ip,user,time,method,path,status,bytes",
       "{\"l\":\"::1 - frank [10/Oct/2000:13:55:36 -0700] \\\"GET /a.gif HTTP/1.0\\\" 200 -\"}\n",
       "{\"ip\":\"::1\",\"user\":\"frank\",\"time\":\"2000-10-10T13:55:36-07:00\",\"method\":"
       "\"GET\",\"path\":\"/a.gif\",\"status\":200,\"bytes\":null}\n"},
      {"parse l --as syslog then select severity,host,app,pid,message",
       "{\"l\":\"<34>Oct 11 22:14:15 mymachine su[17]: 'su root' failed\"}\n",
       "{\"severity\":\"crit\",\"host\":\"mymachine\",\"app\":\"su\",\"pid\":17,\"message\":\"'su "
       "root' failed\"}\n"}};
  row.elsewhere = {"extract", "grok", "rex", "dissect"};
  return row;
}

}  // namespace riffle
