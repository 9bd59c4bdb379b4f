// Zone: an IANA time zone (Abseil's CCTZ over the system's tzdata).
#pragma once

#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values/calendar.h"

namespace riffle {

class Zone {
 public:
  Zone() : zone_(absl::UTCTimeZone()) {}
  // "UTC", "Europe/Paris", "+02:00". Nothing: unknown. Names may come from records: only those of
  // the database of zones are opened, no path leads out of it.
  static std::optional<Zone> named(std::string_view name);

  const std::string& name() const { return name_; }
  bool is_utc() const { return utc_; }
  absl::TimeZone time_zone() const { return zone_; }
  // Seconds that local time is ahead of UTC at a moment.
  std::int32_t offset_at(std::int64_t nanoseconds) const;
  // The calendar's reading of a moment in this zone.
  Civil civil(std::int64_t nanoseconds) const;
  // The moment of a local time (fields may be out of range and are normalised: month 13, day 0). In
  // a gap the moment after it by the offset before; of two the earlier. Nothing: outside 1677-09-22
  // to 2262-04-11.
  std::optional<std::int64_t> moment(const Civil& local) const;

 private:
  absl::TimeZone zone_;
  std::string name_ = "UTC";
  bool utc_ = true;
};

}  // namespace riffle
