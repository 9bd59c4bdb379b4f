#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "arguments/names.h"
#include "expression/expression.h"
#include "expression/failure.h"
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

// Into fields whose names are known.
class ParseFields : public RecordStage {
 public:
  ParseFields(Texts texts, std::unique_ptr<TextParser> parser, std::vector<FieldSetter> fields)
      : texts_(std::move(texts)), parser_(std::move(parser)), fields_(std::move(fields)) {}

  Batch apply(Batch batch, Effects& effects) const override {
    const Column texts = texts_.read(batch);
    std::vector<Value*> columns(fields_.size());
    for (Value*& column : columns) column = batch.new_values();
    std::vector<Value> parts(fields_.size());
    for (const Row row : batch.rows) {
      std::fill(parts.begin(), parts.end(), Value());
      const auto parse = [&](std::string_view text) {
        return parser_->parse(text, *batch.memory, parts);
      };
      if (!texts_.parse(texts[row], batch, row, effects, parse))
        std::fill(parts.begin(), parts.end(), Value());
      for (std::size_t i = 0; i < parts.size(); i++) columns[i][row] = parts[i];
    }
    for (std::size_t i = 0; i < fields_.size(); i++) fields_[i].set(batch, {columns[i]});
    return batch;
  }

 private:
  Texts texts_;
  std::unique_ptr<TextParser> parser_;
  std::vector<FieldSetter> fields_;
};

// Into the fields that each text names.
class ParseMembers : public RecordStage {
 public:
  ParseMembers(Texts texts, MemberParser parser, RecordMaker records)
      : texts_(std::move(texts)), parser_(parser), records_(records) {}

  Batch apply(Batch batch, Effects& effects) const override {
    const Column texts = texts_.read(batch);
    std::vector<Member> made;
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      made.clear();
      const auto parse = [&](std::string_view text) { return parser_(text, *batch.memory, made); };
      if (!texts_.parse(texts[row], batch, row, effects, parse)) return;
      for (const Member& member : made) set(member, record);
    });
    return batch;
  }

 private:
  static void set(const Member& made, std::vector<Member>& record) {
    bool found = false;
    for (Member& member : record)
      if (member.name == made.name) member.value = made.value, found = true;
    if (!found) record.push_back(made);
  }

  Texts texts_;
  MemberParser parser_;
  RecordMaker records_;
};

struct TextForm {
  std::string_view name;
  std::unique_ptr<TextParser> (*fields)() = nullptr;
  MemberParser members = nullptr;
};
constexpr std::array<TextForm, 5> forms = {{{"logfmt", nullptr, parse_logfmt_members},
                                            {"json", nullptr, parse_json_members},
                                            {"kv", nullptr, parse_kv_members},
                                            {"clf", make_clf_parser},
                                            {"syslog", make_syslog_parser}}};

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
  Texts texts(setup, setup.arguments.name("FIELD"), operation);
  std::vector<FieldSetter> fields = setters(setup.shape, flag, parser->names());
  return std::make_unique<ParseFields>(std::move(texts), std::move(parser), std::move(fields));
}

Planned make_by_form(Setup& setup) {
  const TextForm& form = forms[setup.arguments.choice("--as")];
  const std::string operation = "--as " + std::string(form.name);
  if (form.fields) return make_with(setup, form.fields(), "--as", operation);
  Texts texts(setup, setup.arguments.name("FIELD"), operation);
  return std::make_unique<ParseMembers>(std::move(texts), form.members, RecordMaker(setup.shape));
}

}  // namespace

StageRow parse_row() {
  StageRow row;
  row.name = "parse";
  row.summary = "takes a text apart into fields; the text stays";
  row.details =
      "With --regex each named group, (?<name>...), is a field, where RE is found in the text; a "
      "group that takes no part makes none. In a PATTERN <name> is a field, <_> is skipped, a "
      "blank is one or more blanks or tabs, and all else stands for itself; the whole text must be "
      "so, and a field extends to the first place where the text after it in the pattern is. Parts "
      "are "
      "typed as unquoted CSV cells are: 12 is a number, 007 is text, an empty part is null. --as "
      "logfmt: key=value pairs with blanks between; a key alone is true; values may be in double "
      "quotes with JSON's escapes, or in single quotes. --as kv: the same with commas or "
      "semicolons between. --as json: a JSON object's members. --as clf: the common and combined "
      "log formats; ip, ident, user, time, method, path, protocol, status, bytes, referer, agent, "
      "where - is null and escapes stay; a request that is none is in path. A virtual host before "
      "the address is vhost, with its port. A list of addresses in its place, or X-Forwarded-For "
      "in quotes at the end (nginx's main format), is forwarded_for, and the list's first is ip. "
      "--as syslog: RFC 5424 and RFC 3164, with or without <PRI>; priority, facility, severity, "
      "timestamp, host, app, pid, msgid, structured_data, message. What makes no header of RFC "
      "3164 stays in the message. A field that is there already is replaced. A text that is not of "
      "the form, a list and a map are failed operations: nothing is made. Nor is it of null, which "
      "is no failure.";
  using K = Parameter::Kind;
  const Parameter field{"FIELD", K::name, "the field with the text", true};
  Parameter form{"--as", K::choice, "the text is of this form", true};
  for (const TextForm& known : forms) form.choices.push_back(known.name);
  row.add_form(
      {.usage = "parse FIELD --regex RE",
       .parameters = {field,
                      {"--regex", K::word, "a regular expression (RE2) with named groups", true}},
       .flag = "--regex"},
      [](Setup& setup) {
        return make_with(setup, make_regex_parser(setup.arguments.text("--regex")), "--regex",
                         "--regex");
      });
  row.add_form(
      {.usage = "parse FIELD --pattern PATTERN",
       .parameters = {field, {"--pattern", K::word, "text with <name> where a field stands", true}},
       .flag = "--pattern"},
      [](Setup& setup) {
        return make_with(setup, make_pattern_parser(setup.arguments.text("--pattern")), "--pattern",
                         "--pattern");
      });
  row.add_form({.usage = "parse FIELD --as logfmt|json|kv|clf|syslog",
                .parameters = {field, form},
                .flag = "--as"},
               make_by_form);
  row.examples = {
      {"parse line --pattern '<ip> - [<ts>] \"<method> <path> <_>\"' then drop line",
       "{\"line\":\"10.0.0.1 - [today] \\\"GET /a HTTP/1.1\\\"\"}\n",
       "{\"ip\":\"10.0.0.1\",\"ts\":\"today\",\"method\":\"GET\",\"path\":\"/a\"}\n"},
      {"parse path --regex '^/v(?<version>[0-9]+)/(?<what>[a-z]+)'", "{\"path\":\"/v2/users/7\"}\n",
       "{\"path\":\"/v2/users/7\",\"version\":2,\"what\":\"users\"}\n"},
      {"parse msg --as logfmt then drop msg",
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
  row.elsewhere = {"extract", "grok"};
  return row;
}

}  // namespace riffle
