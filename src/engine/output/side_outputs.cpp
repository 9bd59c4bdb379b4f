#include "engine/output/side_outputs.h"

#include <fmt/format.h>

#include "engine/output/destinations.h"
#include "engine/output/written_format.h"
#include "values/error.h"

namespace riffle {
namespace {

// How many bytes of a pattern come before the part that records name: up to the last slash before
// its first brace.
std::size_t literal_folder(std::string_view pattern) {
  return pattern.rfind('/', pattern.find('{')) + 1;
}

}  // namespace

void SplitFiles::write(const std::string& path, const Batch& batch, Effects& effects) {
  File& file = file_at(path);
  if (file.is_open) {
    recent_.splice(recent_.end(), recent_, file.place);
  } else {
    make_room();
    file.place = recent_.insert(recent_.end(), &file);
    file.is_open = true;
  }
  file.output->write(batch, effects);
}

SplitFiles::File& SplitFiles::file_at(const std::string& path) {
  const auto known = files_.find(path);
  if (known != files_.end()) return *known->second;
  make_room();
  const SinkOptions sink{.where = path, .from_data = path.size() - folder_};
  const std::string key = connector_of(path).destination_key(sink);
  if (!key.empty() && !taken_.insert(key).second)
    throw failure(
        fmt::format("split: '{}' is a file that the run reads or writes already", visible(path)));
  File& file = *files_.try_emplace(path, std::make_unique<File>()).first->second;
  file.output = std::make_unique<OutputFile>(sink, format_, options_, shape_);
  in_order_.push_back(&file);
  return file;
}

// For one more open file.
void SplitFiles::make_room() {
  while (recent_.size() >= open_) {
    recent_.front()->output->pause();
    recent_.front()->is_open = false;
    recent_.pop_front();
  }
}

void SplitFiles::finish(bool will_publish) {
  for (File* const file : in_order_) file->output->finish(will_publish);
}

void SplitFiles::publish() {
  for (File* const file : in_order_) {
    file->output->publish();
    file->output.reset();
  }
}

SideOutputs::SideOutputs(const Job& job, const OutputOptions& options, const Format* usual,
                         const Format& input)
    : options_(options), usual_(usual), input_(input), has_format_(job.to) {
  for (std::string& file : files_of(job)) taken_.insert(std::move(file));
}

const Format& SideOutputs::format_of(const std::string& path, const Shape& shape) const {
  const Format* format = has_format_ ? format_of_file(path) : format_of_written_file(path);
  if (!format) format = usual_ ? usual_ : &written_format(input_, shape);
  check_direction(*format, Direction::out);
  return *format;
}

void SideOutputs::request_fields(const std::string& path, Shape& shape) {
  const Format& format = format_of(path, shape);
  if (shape.is_open()) shape.slots().rest = true;
  if (format.request_fields) format.request_fields(shape);
  formats_.push_back(&format);
}

std::shared_ptr<Sink> SideOutputs::open(const std::string& path, const Shape& shape) {
  const auto file =
      std::make_shared<OutputFile>(SinkOptions{path}, format_of(path, shape), options_, shape);
  opened_.push_back(
      {[file](bool will_publish) { file->finish(will_publish); }, [file] { file->publish(); }});
  return file;
}

std::shared_ptr<SinkSet> SideOutputs::open_many(const std::string& pattern, const Shape& shape,
                                                std::size_t open) {
  const auto files = std::make_shared<SplitFiles>(format_of(pattern, shape), options_, shape,
                                                  literal_folder(pattern), open, taken_);
  opened_.push_back(
      {[files](bool will_publish) { files->finish(will_publish); }, [files] { files->publish(); }});
  return files;
}

void SideOutputs::finish(bool will_publish) {
  for (const Opened& output : opened_) output.finish(will_publish);
}

void SideOutputs::publish() {
  for (const Opened& output : opened_) output.publish();
}

}  // namespace riffle
