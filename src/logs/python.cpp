// Python's logging: basicConfig's `LEVEL:logger:message`, the usual orders of asctime, name,
// levelname and message, and those of Gunicorn, Uvicorn, Celery, Airflow and OpenStack.
#include "logs/leveled.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, level, logger, process, pid, file, line, message };

// WARNING:root:message
bool read_basic(std::string_view text, LeveledLine& read) {
  TextPieces pieces(text);
  const auto level = pieces.until(":"), logger = level ? pieces.until(":") : std::nullopt;
  if (!logger || !is_level(*level) || logger->empty() || logger->find(' ') != logger->npos)
    return false;
  read.level = *level;
  read.logger = *logger;
  read.message = pieces.rest();
  return true;
}

class PythonParser : public TextParser {
 public:
  explicit PythonParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time", "level", "logger", "process", "pid", "file", "line", "message"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    LeveledLine read;
    if (!read_basic(text, read) && !read_leveled(text, settings_, read)) return false;
    values[time] = read.time;
    values[level] = text_value(read.level);
    values[logger] = part_value(read.logger);
    values[process] = part_value(read.thread);
    values[pid] = number_value(read.pid);
    values[file] = part_value(read.file);
    values[line] = number_value(read.line);
    values[message] = text_value(read.message);
    return true;
  }

 private:
  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_python_parser(const LogSettings& settings) {
  return std::make_unique<PythonParser>(settings);
}

}  // namespace riffle
