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
    LogForm{"nginx_error",
            "nginx's error log; time, level, pid, tid, connection, message, and of the request: "
            "client, server, request, subrequest, upstream, host, referrer.",
            make_nginx_error_parser},
    LogForm{"apache_error",
            "the error logs of Apache 2.4 and 2.2; time (without an offset, in --tz), module, "
            "level, pid, tid, client (with its port), code (AH00526), message. What stands between "
            "them stays in the message.",
            make_apache_error_parser},
    LogForm{"postgres",
            "PostgreSQL's log, with its own prefix or that of Debian, RDS or pgBadger; time, pid, "
            "user, database, application, client, level, message, and, where it says how long a "
            "statement took, duration and statement. Another prefix is in prefix.",
            make_postgres_parser},
    LogForm{"klog",
            "what Kubernetes' own programs write (klog, glog); time, level, thread, file, line, "
            "message. The year is that of --as syslog.",
            make_klog_parser},
    LogForm{"cri", "containers' lines of containerd and CRI-O; time, stream, tag, message.",
            make_cri_parser},
    LogForm{"haproxy",
            "HAProxy's HTTP and TCP logs, with what syslog puts before them or without; client_ip, "
            "client_port, time, frontend, backend, server, time_request, time_queue, "
            "time_connect, time_response, time_total (milliseconds), status, bytes, "
            "request_cookie, response_cookie, termination, connections, frontend_connections, "
            "backend_connections, server_connections, retries, server_queue, backend_queue, "
            "request_headers, response_headers, method, path, protocol.",
            make_haproxy_parser},
    LogForm{"alb",
            "access logs of AWS's load balancers; type, time, elb, client_ip, client_port, "
            "target_ip, target_port, request_processing_time, target_processing_time, "
            "response_processing_time, elb_status_code, target_status_code, received_bytes, "
            "sent_bytes, method, url, protocol, user_agent, and the further columns by AWS's "
            "names; what is more than those is in more.",
            make_alb_parser},
    LogForm{"log4j",
            "Log4j, Logback and their like in the usual patterns (Hadoop, Spark, ZooKeeper, Kafka, "
            "Spring Boot, Elasticsearch); time, level, pid, thread, logger, message.",
            make_log4j_parser},
    LogForm{"python",
            "Python's logging in the usual orders, and those of Gunicorn, Uvicorn, Celery, Airflow "
            "and OpenStack; time, level, logger, process, pid, file, line, message.",
            make_python_parser},
};

}  // namespace

std::span<const LogForm> log_forms() { return table; }

const LogForm* find_log_form(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const LogForm& form) { return form.name == name; });
  return found == table.end() ? nullptr : found;
}

}  // namespace riffle
