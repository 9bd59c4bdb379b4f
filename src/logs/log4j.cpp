// Log4j, Logback and java.util.logging's like, in the patterns that are common: Hadoop, Spark,
// ZooKeeper, Kafka, Spring Boot, Elasticsearch.
#include "logs/leveled.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, level, pid, thread, logger, message };

class Log4jParser : public TextParser {
 public:
  explicit Log4jParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time", "level", "pid", "thread", "logger", "message"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    LeveledLine line;
    if (!read_leveled(text, settings_, line) || line.time.is_missing() || !line.file.empty())
      return false;
    values[time] = line.time;
    values[level] = text_value(line.level);
    values[pid] = number_value(line.pid);
    values[thread] = part_value(line.thread);
    values[logger] = part_value(line.logger);
    values[message] = text_value(line.message);
    return true;
  }

 private:
  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_log4j_parser(const LogSettings& settings) {
  return std::make_unique<Log4jParser>(settings);
}

}  // namespace riffle
