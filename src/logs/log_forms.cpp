#include "logs/log_forms.h"

#include <algorithm>
#include <array>

namespace riffle {
namespace {

constexpr std::array table = {
    LogForm{"clf",
            "the common and combined log formats of Apache and nginx; ip, ident, user, time, "
            "method, path, protocol, status, bytes, referer, agent, where - is null and escapes "
            "stay; a request that is none is in path. A virtual host before the address is vhost, "
            "with its port. A list of addresses in its place, or X-Forwarded-For in quotes at the "
            "end (nginx's main format), is forwarded_for, and the list's first is ip.",
            make_clf_parser},
    LogForm{"syslog",
            "RFC 5424 and RFC 3164, with or without <PRI>; priority, facility, severity, "
            "timestamp, host, app, pid, msgid, structured_data, message. A stamp without a year is "
            "a time in the latest year that is not after --now by more than a day, in --tz. What "
            "makes no header of RFC 3164 stays in the message.",
            make_syslog_parser},
};

}  // namespace

std::span<const LogForm> log_forms() { return table; }

const LogForm* find_log_form(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const LogForm& form) { return form.name == name; });
  return found == table.end() ? nullptr : found;
}

}  // namespace riffle
