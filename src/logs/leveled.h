// Lines with a stamp, a level and a message, as logging libraries write them, in the orders that
// their patterns give.
#pragma once

#include <array>
#include <string_view>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"

namespace riffle {

// What a line says before its message; empty: nothing.
struct LeveledLine {
  Value time;
  std::string_view level, thread, logger, pid, file, line, message;
};

// Reads one; false: there is no level in it. A logger is a name with dots, or a word that is set
// off by " - ", or by "[...]" right after the level's brackets.
bool read_leveled(std::string_view text, const LogSettings& settings, LeveledLine& read);

// `word`, if it is the name of a level in some library.
bool is_level(std::string_view word);

// The part of a line that is there, typed as a cell.
inline Value part_value(std::string_view text) { return text.empty() ? Value() : text_value(text); }
inline Value number_value(std::string_view text) {
  return text.empty() ? Value() : cell_value(text);
}

}  // namespace riffle
