// What containerd and CRI-O write of a container: `2026-01-31T10:00:00.123456789Z stdout F
// MESSAGE`.
#include "logs/log_forms.h"
#include "logs/text_pieces.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, stream, tag, message };

class CriParser : public TextParser {
 public:
  CriParser() { names_ = {"time", "stream", "tag", "message"}; }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    TextPieces pieces(text);
    const std::string_view stamp = pieces.word(), from = pieces.word(), tags = pieces.word();
    constexpr std::string_view form = "0000-00-00T00:00:00";
    const bool is_stamp =
        stamp.size() > form.size() && looks_like(stamp.substr(0, form.size()), form);
    if (!is_stamp || (from != "stdout" && from != "stderr")) return false;
    if (tags.empty() || (tags[0] != 'F' && tags[0] != 'P')) return false;
    values[time] = text_value(stamp);
    values[stream] = text_value(from);
    values[tag] = text_value(tags);
    values[message] = text_value(pieces.rest());
    return true;
  }
};

}  // namespace

std::unique_ptr<TextParser> make_cri_parser(const LogSettings&) {
  return std::make_unique<CriParser>();
}

}  // namespace riffle
