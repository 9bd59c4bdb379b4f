// Other encodings of text as UTF-8, on the fly.
#pragma once

#include <memory>
#include <string_view>

#include "connectors/byte_source.h"

namespace riffle {

// ISO 8859-1: every byte is the code point of its number.
std::unique_ptr<ByteSource> from_latin1(std::unique_ptr<ByteSource> raw);

// Microsoft's code page 1252, as the WHATWG Encoding Standard has it: ISO 8859-1 but for 0x80 to
// 0x9F.
std::unique_ptr<ByteSource> from_windows_1252(std::unique_ptr<ByteSource> raw);

// UTF-8, in which each sequence of bytes that is none becomes U+FFFD: as many as the Unicode
// Standard's "maximal subparts" (3.9) are.
std::unique_ptr<ByteSource> with_invalid_utf8_replaced(std::unique_ptr<ByteSource> raw);

// UTF-16 (RFC 2781): a byte order mark says the order and is taken off; without one it is
// little-endian. A surrogate that stands alone, and a last odd byte, become 0xFF: that is not
// UTF-8, and so the record in which it is will be a bad one.
std::unique_ptr<ByteSource> from_utf16(std::unique_ptr<ByteSource> raw);

// Whether they begin with a byte order mark of UTF-16.
bool has_utf16_mark(std::string_view bytes);

// The bytes as they are, or, if they begin with a byte order mark of UTF-16, from_utf16 of them: no
// UTF-8 begins so.
std::unique_ptr<ByteSource> utf16_if_marked(std::unique_ptr<ByteSource> raw);

}  // namespace riffle
