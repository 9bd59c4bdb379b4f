// An access log, made up: generate COUNT ndjson|csv [SEED [RATE]]. RATE is records a second. The
// same arguments give the same rows in both formats.
//
// The rows look like those of a busy service: skewed services, paths and users, log-normal
// latencies, user agents with commas, messages with escapes and UTF-8, and one record in ten up to
// two seconds out of order.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace {

using Random = std::mt19937_64;

// Distributions of our own: the standard library's differ from one implementation to the next.
double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }
int below(Random& random, int n) { return static_cast<int>(uniform(random) * n); }
// Small numbers more often, the more so the higher the power.
int skewed(Random& random, int n, double power) {
  return static_cast<int>(std::pow(uniform(random), power) * n);
}
double exponential(Random& random, double mean) { return -mean * std::log(1 - uniform(random)); }
double normal(Random& random) {  // Box and Muller, 1958
  const double radius = std::sqrt(-2 * std::log(1 - uniform(random)));
  return radius * std::cos(6.283185307179586 * uniform(random));
}

struct Words {
  const char* json;
  const char* csv;
};

constexpr const char* levels[] = {"info", "info",  "info",  "info", "info",
                                  "info", "debug", "debug", "warn", "error"};
constexpr const char* methods[] = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};
constexpr int statuses[] = {200, 200, 200, 200, 200, 200, 201, 204, 301,
                            304, 400, 403, 404, 404, 500, 502, 503};
constexpr const char* agents[] = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 "
    "Safari/537.36",
    "curl/8.11.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko)",
    "health-check/2.1", "python-requests/2.32.5"};
constexpr Words messages[] = {
    {"request served", "request served"},
    {"not in the cache, fetched from origin", "\"not in the cache, fetched from origin\""},
    {"upstream said \\\"later\\\"", "\"upstream said \"\"later\"\"\""},
    {"retry scheduled", "retry scheduled"},
    {"menu of the caf\xc3\xa9 rendered", "menu of the caf\xc3\xa9 rendered"},
    {"wrote C:\\\\logs\\\\today", "wrote C:\\logs\\today"},
    {"slow query", "slow query"}};

template <typename T, std::size_t N>
const T& one_of(Random& random, const T (&items)[N]) {
  return items[below(random, static_cast<int>(N))];
}

struct Record {
  std::string time;
  const char* level;
  int service, host;
  const char* method;
  int path, status;
  double latency;
  int bytes, user;
  int address[3];
  const char* agent;
  std::uint64_t trace[2];
  const Words* message;
};

// Days since 1970 as a date (Hinnant's civil_from_days, for years after 1970).
std::string time_text(double seconds) {
  const auto milliseconds = static_cast<std::int64_t>(seconds * 1000);
  const std::int64_t days = milliseconds / 86400000 + 719468, era = days / 146097,
                     of_era = days % 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100),
                     shifted = (5 * of_year + 2) / 153;
  const int day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1),
            month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  const int of_day = static_cast<int>(milliseconds % 86400000);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                static_cast<int>(year_of_era + era * 400 + (month <= 2)), month, day,
                of_day / 3600000, of_day / 60000 % 60, of_day / 1000 % 60, of_day % 1000);
  return text;
}

Record next(Random& random, double rate, double& clock) {
  clock += exponential(random, 1 / rate);
  const bool late = below(random, 10) == 0;
  const double delay = late ? std::min(2.0, exponential(random, 0.5)) : 0;
  Record r = {};
  r.time = time_text(clock - delay);
  r.level = one_of(random, levels);
  r.service = skewed(random, 20, 2);
  r.host = below(random, 200);
  r.method = one_of(random, methods);
  r.path = skewed(random, 5000, 3);
  r.status = one_of(random, statuses);
  r.latency = std::exp(3 + normal(random));
  r.bytes = below(random, 100000);
  r.user = skewed(random, 200000, 2);
  for (int& part : r.address) part = below(random, 256);
  r.agent = one_of(random, agents);
  for (std::uint64_t& half : r.trace) half = random();
  r.message = &one_of(random, messages);
  return r;
}

void write_ndjson(const Record& r) {
  std::printf(
      "{\"ts\":\"%s\",\"level\":\"%s\",\"service\":\"svc-%02d\",\"host\":\"host-%03d\",\"method\":"
      "\"%s\",\"path\":\"/api/v1/item/"
      "%d\",\"status\":%d,\"latency_ms\":%.3f,\"bytes\":%d,\"user\":{\"id\":%d,\"name\":\"user%d\"}"
      ",\"ip\":\"10.%d.%d.%d\",\"ua\":\"%s\",\"trace\":\"%016llx%016llx\",\"msg\":\"%s\"}\n",
      r.time.c_str(), r.level, r.service, r.host, r.method, r.path, r.status, r.latency, r.bytes,
      r.user, r.user, r.address[0], r.address[1], r.address[2], r.agent,
      static_cast<unsigned long long>(r.trace[0]), static_cast<unsigned long long>(r.trace[1]),
      r.message->json);
}

void write_csv(const Record& r) {
  std::printf(
      "%s,%s,svc-%02d,host-%03d,%s,/api/v1/item/"
      "%d,%d,%.3f,%d,%d,user%d,10.%d.%d.%d,\"%s\",%016llx%016llx,%s\n",
      r.time.c_str(), r.level, r.service, r.host, r.method, r.path, r.status, r.latency, r.bytes,
      r.user, r.user, r.address[0], r.address[1], r.address[2], r.agent,
      static_cast<unsigned long long>(r.trace[0]), static_cast<unsigned long long>(r.trace[1]),
      r.message->csv);
}

}  // namespace

int main(int argc, char** argv) {
  const bool csv = argc > 2 && !std::strcmp(argv[2], "csv");
  if (argc < 3 || argc > 5 || (!csv && std::strcmp(argv[2], "ndjson") != 0)) {
    std::fputs("usage: generate COUNT ndjson|csv [SEED [RATE]]\n", stderr);
    return 2;
  }
  Random random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  const double rate = argc > 4 ? std::atof(argv[4]) : 300;
  double clock = 1769853600;  // 2026-01-31T10:00:00Z
  if (csv)
    std::puts(
        "ts,level,service,host,method,path,status,latency_ms,bytes,user_id,user_name,ip,ua,trace,"
        "msg");
  for (long i = 0, count = std::atol(argv[1]); i < count; i++) {
    const Record record = next(random, rate, clock);
    if (csv)
      write_csv(record);
    else
      write_ndjson(record);
  }
  return std::ferror(stdout) || std::fflush(stdout) != 0;
}
