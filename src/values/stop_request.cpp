#include "values/stop_request.h"

#include <algorithm>

namespace riffle {
namespace {

thread_local std::int64_t progress_at = 0;

std::int64_t now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::atomic<std::int64_t> StopRequest::asked_at = 0;

void StopRequest::ask() {
  std::int64_t not_asked = 0;
  asked_at.compare_exchange_strong(not_asked, now());
}

bool StopRequest::is_older_than(std::chrono::nanoseconds age) {
  const std::int64_t asked = asked_at.load(std::memory_order_relaxed);
  return asked != 0 && now() - asked > age.count();
}

void StopRequest::check_progress() {
  constexpr std::int64_t patience = std::chrono::nanoseconds(last_patience).count();
  if (now() - std::max(asked_at.load(std::memory_order_relaxed), progress_at) > patience)
    throw Abandoned();
}

void StopRequest::reset_progress() { progress_at = now(); }

}  // namespace riffle
