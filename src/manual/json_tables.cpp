#include "manual/json_tables.h"

#include <vector>

#include "aggregates/aggregate.h"
#include "connectors/connector.h"
#include "formats/format.h"
#include "functions/function.h"
#include "manual/options.h"
#include "sequences/sequence.h"
#include "stages/stage.h"
#include "values/json_object.h"

namespace riffle {
namespace {

std::string_view name_of(Parameter::Kind kind) {
  using K = Parameter::Kind;
  switch (kind) {
    case K::expression:
      return "expression";
    case K::lambda:
      return "lambda";
    case K::assignments:
      return "assignments";
    case K::aggregates:
      return "aggregates";
    case K::annotations:
      return "annotations";
    case K::items:
      return "items";
    case K::names:
      return "names";
    case K::plain_names:
      return "plain_names";
    case K::name:
      return "name";
    case K::renamings:
      return "renamings";
    case K::keys:
      return "keys";
    case K::key_pairs:
      return "key_pairs";
    case K::key_pair:
      return "key_pair";
    case K::sort_keys:
      return "sort_keys";
    case K::event_time:
      return "event_time";
    case K::count:
      return "count";
    case K::share:
      return "share";
    case K::number:
      return "number";
    case K::duration:
      return "duration";
    case K::delay:
      return "delay";
    case K::offset:
      return "offset";
    case K::length:
      return "length";
    case K::choice:
      return "choice";
    case K::pattern:
      return "pattern";
    case K::word:
      return "word";
    case K::format:
      return "format";
    case K::path_template:
      return "path_template";
    case K::file:
      return "file";
    case K::input:
      return "input";
    case K::zone:
      return "zone";
    case K::flag:
      return "flag";
  }
  return {};
}

std::string json_of(const Parameter& parameter) {
  JsonObject object;
  object.add("name", parameter.name);
  object.add("kind", name_of(parameter.kind));
  object.add("summary", parameter.summary);
  object.add("required", parameter.required);
  object.add("repeats", parameter.repeats);
  object.add("choices", parameter.choices);
  object.add("needs", parameter.needs);
  return object.text();
}

std::string json_of(const Form& form) {
  std::vector<std::string> parameters;
  for (const Parameter& parameter : form.signature.parameters)
    parameters.push_back(json_of(parameter));
  JsonObject object;
  object.add("usage", form.signature.usage);
  object.add("word", form.signature.word);
  object.add("flag", form.signature.flag);
  object.add_raw("parameters", json_list(parameters));
  return object.text();
}

std::string json_of(const StageExample& example) {
  JsonObject object;
  object.add("command", example.command);
  object.add("input", example.input);
  object.add("output", example.output);
  object.add("file", example.file);
  object.add("content", example.content);
  return object.text();
}

std::string json_of(const StageRow& row) {
  std::vector<std::string> forms, examples;
  for (const Form& form : row.forms) forms.push_back(json_of(form));
  for (const StageExample& example : row.examples) examples.push_back(json_of(example));
  JsonObject object;
  object.add("name", row.name);
  object.add("summary", row.summary);
  object.add("details", row.details);
  object.add_raw("forms", json_list(forms));
  object.add_raw("examples", json_list(examples));
  return object.text();
}

// Functions of all kinds.
template <typename Row>
std::string json_of(const Row& row) {
  JsonObject object;
  object.add("name", row.name);
  object.add("usage", row.usage);
  object.add("summary", row.summary);
  return object.text();
}

std::string json_of(const Format& format) {
  JsonObject object;
  object.add("name", format.name);
  object.add("summary", format.summary);
  object.add("extensions", format.extensions);
  object.add("reads", format.make_cutter != nullptr);
  object.add("writes", format.make_writer != nullptr);
  return object.text();
}

std::string json_of(const Connector& connector) {
  JsonObject object;
  object.add("scheme", connector.scheme);
  object.add("usage", connector.usage);
  object.add("summary", connector.summary);
  return object.text();
}

std::string json_of(const Option& option) {
  JsonObject object;
  object.add("name", option.name);
  object.add("short_name", option.short_name);
  object.add("value", option.value);
  object.add("summary", option.summary);
  object.add("group", option.group);
  object.add("formats", option.formats);
  return object.text();
}

template <typename Rows>
std::string list_of(const Rows& rows) {
  std::vector<std::string> objects;
  for (const auto& row : rows) objects.push_back(json_of(row));
  return json_list(objects);
}

}  // namespace

std::string tables_as_json() {
  JsonObject object;
  object.add("version", RIFFLE_VERSION);
  object.add_raw("stages", list_of(stages()));
  object.add_raw("functions", list_of(functions()));
  object.add_raw("sequence_functions", list_of(sequence_functions()));
  object.add_raw("aggregate_functions", list_of(aggregate_functions()));
  object.add_raw("formats", list_of(formats()));
  object.add_raw("connectors", list_of(connectors()));
  object.add_raw("options", list_of(options()));
  return object.text() + "\n";
}

}  // namespace riffle
