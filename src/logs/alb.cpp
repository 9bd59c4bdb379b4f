// Access logs of AWS's load balancers: application (28 columns and more), and classic, which have
// no type in front.
#include <array>

#include "logs/log_forms.h"
#include "logs/text_pieces.h"

namespace riffle {
namespace {

enum Place : std::size_t {
  type,
  time,
  elb,
  client_ip,
  client_port,
  target_ip,
  target_port,
  first_plain,  // request_processing_time ... sent_bytes
  method = first_plain + 7,
  url,
  protocol,
  first_after  // user_agent ...
};

constexpr std::array<std::string_view, 18> after_request = {"user_agent",
                                                            "ssl_cipher",
                                                            "ssl_protocol",
                                                            "target_group_arn",
                                                            "trace_id",
                                                            "domain_name",
                                                            "chosen_cert_arn",
                                                            "matched_rule_priority",
                                                            "request_creation_time",
                                                            "actions_executed",
                                                            "redirect_url",
                                                            "error_reason",
                                                            "target_port_list",
                                                            "target_status_code_list",
                                                            "classification",
                                                            "classification_reason",
                                                            "conn_trace_id",
                                                            "more"};

Value text_or_null(std::string_view text) { return text == "-" ? null_value() : text_value(text); }
Value cell_or_null(std::string_view text) { return text == "-" ? null_value() : cell_value(text); }

bool is_stamp(std::string_view word) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  return word.size() > form.size() && looks_like(word.substr(0, form.size()), form);
}

// 203.0.113.7:4711, or - where there was none.
bool take_endpoint(std::string_view text, Value& ip, Value& port) {
  if (text == "-") {
    ip = port = null_value();
    return true;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return false;
  ip = text_value(text.substr(0, colon));
  port = cell_value(text.substr(colon + 1));
  return true;
}

// A column: a word, or what is in quotes.
std::optional<std::string_view> take_column(TextPieces& pieces) {
  if (!pieces.rest().starts_with('"')) return pieces.word();
  const auto text = pieces.quoted();
  if (!text || (!pieces.empty() && !pieces.take(" "))) return std::nullopt;
  return text;
}

void take_request(std::string_view request, std::span<Value> values) {
  const std::size_t first = request.find(' '), last = request.rfind(' ');
  if (first == request.npos || first == last) {
    values[url] = text_or_null(request);
    values[method] = values[protocol] = null_value();
    return;
  }
  values[method] = text_or_null(request.substr(0, first));
  values[url] = text_or_null(request.substr(first + 1, last - first - 1));
  values[protocol] = text_or_null(request.substr(last + 1));
}

class AlbParser : public TextParser {
 public:
  AlbParser() {
    names_ = {"type",
              "time",
              "elb",
              "client_ip",
              "client_port",
              "target_ip",
              "target_port",
              "request_processing_time",
              "target_processing_time",
              "response_processing_time",
              "elb_status_code",
              "target_status_code",
              "received_bytes",
              "sent_bytes",
              "method",
              "url",
              "protocol"};
    names_.insert(names_.end(), after_request.begin(), after_request.end());
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    TextPieces pieces(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
    std::string_view word = pieces.word();
    if (!is_stamp(word)) {
      values[type] = text_value(word);
      word = pieces.word();
    }
    if (!is_stamp(word)) return false;
    values[time] = text_value(word);
    values[elb] = text_value(pieces.word());
    if (!take_endpoint(pieces.word(), values[client_ip], values[client_port]) ||
        !take_endpoint(pieces.word(), values[target_ip], values[target_port]))
      return false;
    for (std::size_t i = first_plain; i < method; i++) {
      const std::string_view plain = pieces.word();
      if (plain.empty() || plain.front() == '"') return false;
      values[i] = cell_or_null(plain);
    }
    const auto request = pieces.rest().starts_with('"') ? take_column(pieces) : std::nullopt;
    if (!request) return false;
    take_request(*request, values);
    return take_columns(pieces, values);
  }

 private:
  // Those that AWS has added since are in the last one, as they are.
  static bool take_columns(TextPieces& pieces, std::span<Value> values) {
    for (std::size_t i = 0; !pieces.empty(); i++) {
      if (i + 1 == after_request.size()) {
        values[first_after + i] = text_value(pieces.rest());
        return true;
      }
      const bool is_quoted = pieces.rest().starts_with('"');
      const auto column = take_column(pieces);
      if (!column) return false;
      values[first_after + i] = is_quoted ? text_or_null(*column) : cell_or_null(*column);
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<TextParser> make_alb_parser(const LogSettings&) {
  return std::make_unique<AlbParser>();
}

}  // namespace riffle
