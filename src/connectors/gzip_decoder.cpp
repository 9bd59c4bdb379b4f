// gzip by ISA-L: all members, checksums included.
#include <isa-l/igzip_lib.h>

#include <algorithm>

#include "connectors/decoder.h"

namespace riffle {
namespace {

constexpr unsigned char first_magic = 0x1f;

std::string_view reason_of(int code) {
  switch (code) {
    case ISAL_INCORRECT_CHECKSUM:
      return "its checksum is wrong";
    case ISAL_INVALID_WRAPPER:
      return "its header is wrong";
    case ISAL_UNSUPPORTED_METHOD:
      return "its header names an unknown method";
    default:
      return "it holds an invalid block";
  }
}

class GzipDecoder : public Decoder {
 public:
  GzipDecoder() { isal_inflate_init(&state_); }

  std::string_view format() const override { return "gzip"; }

  std::size_t decode(std::string_view& in, char* to, std::size_t size) override {
    std::size_t produced = 0;
    while (fault_.empty() && produced < size) {
      if (!in_member_ && !begin_member(in)) break;
      const std::size_t before = produced;
      const std::size_t left = in.size();
      produced += inflate(in, to + produced, size - produced);
      if (in_member_ && produced == before && in.size() == left) break;  // it wants more input
    }
    return produced;
  }

  void end() override {
    if (in_member_ && fault_.empty()) fault_ = "it ends too early";
  }

 private:
  // Finds the next member's first byte after padding; false when there is none yet.
  bool begin_member(std::string_view& in) {
    if (members_ > 0) in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));
    if (in.empty()) return false;
    if (static_cast<unsigned char>(in.front()) != first_magic) {
      fault_ = "other bytes follow its last member";
      return false;
    }
    isal_inflate_reset(&state_);
    state_.crc_flag = ISAL_GZIP;
    in_member_ = true;
    return true;
  }

  std::size_t inflate(std::string_view& in, char* to, std::size_t size) {
    constexpr std::size_t most = UINT32_MAX;
    const std::uint32_t room = static_cast<std::uint32_t>(std::min(size, most));
    const std::uint32_t input = static_cast<std::uint32_t>(std::min(in.size(), most));
    state_.next_out = reinterpret_cast<std::uint8_t*>(to);
    state_.avail_out = room;
    state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
    state_.avail_in = input;
    const int code = isal_inflate(&state_);
    in.remove_prefix(input - state_.avail_in);
    if (code < 0) {
      fault_ = members_ > 0 && code == ISAL_INVALID_WRAPPER ? "other bytes follow its last member"
                                                            : reason_of(code);
    } else if (state_.block_state == ISAL_BLOCK_FINISH) {
      in_member_ = false;
      members_++;
    }
    return room - state_.avail_out;
  }

  inflate_state state_;
  bool in_member_ = false;
  std::uint64_t members_ = 0;
};

}  // namespace

std::unique_ptr<Decoder> make_gzip_decoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace riffle
