// The names of zones that stand in texts next to a time: what %Z reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "time/zone.h"

namespace riffle {

// The zone of a name as an input has it: UTC, GMT, UT, Z; an abbreviation that means one offset
// (those of RFC 5322, CET, JST and their like; not IST or BST); an offset without a name (+03);
// an IANA name. Nothing: it is none. Never the machine's own zone, nor a file that is no zone.
std::optional<Zone> zone_called(std::string_view name);

// The moment of a local time that `zone` calls by an abbreviation then. Nothing: it does not.
std::optional<std::int64_t> moment_called(std::string_view abbreviation, const Civil& local,
                                          const Zone& zone);
// The moment of a local time this many seconds ahead of UTC. Nothing: outside the range of times.
std::optional<std::int64_t> moment_at(const Civil& local, std::int32_t offset);
// Whether `zone` is called so at a moment.
bool is_called(std::string_view abbreviation, std::int64_t moment, const Zone& zone);

// Whether a name next to an offset may be meant. Abbreviations are not checked: the same one has
// several offsets in the world (+0800 CST).
bool may_have_offset(std::string_view name, std::int32_t offset, std::int64_t moment);

// Whether a zone's name may have the character.
bool is_of_zone_name(char c);

}  // namespace riffle
