// The names of the fields that a stage makes: each must have a place of its own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/name.h"
#include "records/shape.h"

namespace riffle {

// Why a field cannot be called `name` where fields are called `others`: one has that name, or one
// of two paths leads into the other (`x` and `x.y`). Empty: it can.
std::string clash(const Name& name, std::span<const Name> others);

// Whether the field would stand where a window puts its bounds, or (of windows with keys) its key,
// in front of what stages gather.
bool is_window_bound(const Name& name);
bool is_of_window(const WindowFields& window, const Name& name);
constexpr std::string_view window_bound_taken = "the window itself gives a field of this name";

// The names of a list of which each stands for itself, as an option takes them: no patterns, no
// name twice. Throws Error (usage).
std::vector<std::string> names_in(std::string_view option, const std::string& list);

}  // namespace riffle
