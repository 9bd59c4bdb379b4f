// The forms of lines that programs write to their logs: one row each. Input formats and
// `parse --as` read them alike.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "logs/text_parser.h"
#include "time/zone.h"

namespace riffle {

// What a line does not say of its time.
struct LogSettings {
  Zone zone;             // of a stamp without an offset
  std::int64_t now = 0;  // a stamp without a year is not later than a day after this
};

struct LogForm {
  std::string_view name;     // "clf"
  std::string_view details;  // what it reads, and into which fields: for `help parse`
  std::unique_ptr<TextParser> (*make)(const LogSettings& settings) = nullptr;
};

std::span<const LogForm> log_forms();
// Null: there is none.
const LogForm* find_log_form(std::string_view name);

// The rows' parsers.
//
// The common and combined log formats of Apache and nginx, also with a virtual host or a list of
// addresses at the start, or with X-Forwarded-For at the end. A line with anything else is not of
// the form.
std::unique_ptr<TextParser> make_clf_parser(const LogSettings& settings = {});
// RFC 5424, RFC 3164, and the lines of both without the priority, as syslog daemons write them to
// files. Nothing of a line is dropped but blanks, brackets and the like between its parts.
std::unique_ptr<TextParser> make_syslog_parser(const LogSettings& settings = {});
// The others, each as its file says.
std::unique_ptr<TextParser> make_nginx_error_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_apache_error_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_postgres_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_klog_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_cri_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_haproxy_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_alb_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_log4j_parser(const LogSettings& settings);
std::unique_ptr<TextParser> make_python_parser(const LogSettings& settings);

}  // namespace riffle
