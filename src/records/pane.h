// Pane: one firing of a window.
#pragma once

#include <string_view>

namespace riffle {

// Before the window is over, when it is, and for a record that comes after that.
enum class Pane { early, on_time, late };

constexpr std::string_view name_of(Pane pane) {
  return pane == Pane::early ? "early" : pane == Pane::on_time ? "on_time" : "late";
}

}  // namespace riffle
