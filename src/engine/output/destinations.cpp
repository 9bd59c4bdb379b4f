#include "engine/output/destinations.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/connector.h"
#include "engine/input/side_inputs.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Destination {
  std::string where;  // as written
  std::string by;     // what writes there: "--output", "tee", "window --late-to"
  std::string file;   // what is replaced; empty: nothing
};

std::string file_at(const std::string& where) {
  return connector_of(where).destination_key({where});
}

std::vector<Destination> destinations_of(const Job& job) {
  std::vector<Destination> all = {{job.output, "--output", file_at(job.output)}};
  if (!job.summary.empty()) all.push_back({job.summary, "--summary", file_at(job.summary)});
  if (!job.rejects.empty()) all.push_back({job.rejects, "--rejects", file_at(job.rejects)});
  if (!job.state.empty()) all.push_back({job.state, "--state", file_at(job.state)});
  for (const Call& call : job.stages)
    for (const Argument& argument : call.arguments.all()) {
      const Parameter& parameter = *argument.parameter;
      if (parameter.kind != Parameter::Kind::file) continue;
      const std::string& where = argument.text->text;
      const std::string by = parameter.is_flag()
                                 ? fmt::format("{} {}", call.row->name, parameter.name)
                                 : std::string(call.row->name);
      all.push_back({where, by, file_at(where)});
    }
  std::erase_if(all, [](const Destination& destination) { return destination.file.empty(); });
  return all;
}

std::vector<std::string> inputs_of(const Job& job) {
  std::vector<std::string> all = job.inputs;
  for (std::string& input : side_inputs_of(job)) all.push_back(std::move(input));
  return all;
}

void refuse_second(const Destination& first, const Destination& second) {
  throw usage_error(fmt::format("'{}' would be written twice (by {} and {})", visible(second.where),
                                first.by, second.by));
}

}  // namespace

std::vector<std::string> files_of(const Job& job) {
  std::vector<std::string> files;
  for (const Destination& destination : destinations_of(job)) files.push_back(destination.file);
  for (const std::string& input : inputs_of(job)) files.push_back(file_at(input));
  return files;
}

void check_destinations(const Job& job) {
  const std::vector<Destination> all = destinations_of(job);
  for (auto second = all.begin(); second != all.end(); ++second)
    for (auto first = all.begin(); first != second; ++first)
      if (first->file == second->file) refuse_second(*first, *second);
  for (const std::string& input : side_inputs_of(job))
    for (const Destination& destination : all)
      if (destination.file == file_at(input))
        throw usage_error(fmt::format("'{}' is an input; {} would replace it",
                                      visible(destination.where), destination.by));
  for (const std::string& input : job.inputs)
    for (const Destination& destination : all)
      if (destination.by != "--output" && destination.file == file_at(input))
        throw usage_error(fmt::format("'{}' is an input; {} would replace it",
                                      visible(destination.where), destination.by));
}

}  // namespace riffle
