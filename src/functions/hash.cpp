// Hash and privacy: digests, checksums, and bytes written as text. Of any scalar the text as it was
// written.
#include <absl/strings/escaping.h>
#include <isa-l/crc.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <xxhash.h>

#include <array>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"
#include "functions/hexadecimal.h"
#include "functions/percent.h"

namespace riffle {
namespace {

absl::string_view absl_view(std::string_view text) { return {text.data(), text.size()}; }

Value hexadecimal(FunctionCall& call, const void* bytes, std::size_t size) {
  return text_value(
      call.memory.copy(absl::BytesToHexString({static_cast<const char*>(bytes), size})));
}

// A digest of OpenSSL, looked up once per thread. OpenSSL sets itself up at the first, not when
// riffle starts.
class Digest {
 public:
  explicit Digest(const char* name)
      : kind_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {}
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  ~Digest() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(kind_);
  }

  // False: the machine's OpenSSL refuses this digest (md5 where it is set up for FIPS 140).
  bool make(std::string_view text, unsigned char* out, unsigned int& size) {
    return kind_ && context_ && EVP_DigestInit_ex2(context_, kind_, nullptr) == 1 &&
           EVP_DigestUpdate(context_, text.data(), text.size()) == 1 &&
           EVP_DigestFinal_ex(context_, out, &size) == 1;
  }

 private:
  EVP_MD* kind_;
  EVP_MD_CTX* context_;
};

Value digest(FunctionCall& call, Digest& digest) {
  const auto text = text_argument(call, 0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  if (!text || !digest.make(*text, out.data(), size)) return call.fail();
  return hexadecimal(call, out.data(), size);
}

Value md5(FunctionCall& call) {
  thread_local Digest of_thread("MD5");
  return digest(call, of_thread);
}

Value sha256(FunctionCall& call) {
  thread_local Digest of_thread("SHA256");
  return digest(call, of_thread);
}

// HMAC (RFC 2104) with SHA-256; the last key stays set up.
class KeyedHash {
 public:
  KeyedHash() : kind_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)), context_(EVP_MAC_CTX_new(kind_)) {}
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;
  ~KeyedHash() {
    EVP_MAC_CTX_free(context_);
    EVP_MAC_free(kind_);
  }

  bool make(std::string_view text, std::string_view key, unsigned char* out, std::size_t& size) {
    return context_ && begin(key) &&
           EVP_MAC_update(context_, reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1 &&
           EVP_MAC_final(context_, out, &size, size) == 1;
  }

 private:
  bool begin(std::string_view key) {
    if (has_key_ && key == key_) return EVP_MAC_init(context_, nullptr, 0, nullptr) == 1;
    key_ = key;
    std::string name = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
                                     OSSL_PARAM_construct_end()};
    has_key_ = EVP_MAC_init(context_, reinterpret_cast<const unsigned char*>(key_.data()),
                            key_.size(), parameters) == 1;
    return has_key_;
  }

  EVP_MAC* kind_;
  EVP_MAC_CTX* context_;
  std::string key_;
  bool has_key_ = false;
};

Value hmac_sha256(FunctionCall& call) {
  thread_local KeyedHash of_thread;
  const auto text = text_argument(call, 0), key = text_argument(call, 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  std::size_t size = out.size();
  if (!text || !key || !of_thread.make(*text, *key, out.data(), size)) return call.fail();
  return hexadecimal(call, out.data(), size);
}

Value xxh3(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(&bytes, XXH3_64bits(text->data(), text->size()));
  return hexadecimal(call, bytes.digest, sizeof bytes.digest);
}

Value crc32(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  return integer_value(crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(text->data()),
                                       static_cast<std::uint64_t>(text->size())));
}

// Text that was made of an argument.
Value made(FunctionCall& call, const std::string& text) {
  return text.size() > longest_text ? call.fail() : text_value(call.memory.copy(text));
}

// Bytes that a text described; what is no UTF-8 cannot be a value.
Value described(FunctionCall& call, const std::string& bytes) {
  return is_utf8(bytes) ? made(call, bytes) : call.fail();
}

Value base64(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  return text ? made(call, absl::Base64Escape(absl_view(*text))) : call.fail();
}

Value unbase64(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  std::string bytes;
  if (!text) return call.fail();
  const bool for_urls = text->find_first_of("-_") != text->npos;
  if (!(for_urls ? absl::WebSafeBase64Unescape(absl_view(*text), &bytes)
                 : absl::Base64Unescape(absl_view(*text), &bytes)))
    return call.fail();
  return described(call, bytes);
}

Value hex(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  return text ? made(call, absl::BytesToHexString(absl_view(*text))) : call.fail();
}

Value unhex(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  std::string bytes;
  for (std::size_t i = 0; i < text->size(); i += 2) {
    const auto byte = byte_of_hexadecimal(text->substr(i, 2));
    if (!byte) return call.fail();
    bytes += *byte;
  }
  return described(call, bytes);
}

Value url_encode(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  return text ? made(call, percent_encoded(*text)) : call.fail();
}

Value url_decode(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const auto decoded = text ? percent_decoded(*text, PercentStyle::url) : std::nullopt;
  return decoded ? made(call, *decoded) : call.fail();
}

// RFC 9562, version 4.
Value uuid(FunctionCall& call) {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return call.fail();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text =
      absl::BytesToHexString({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}})
    text.insert(at, 1, '-');
  return text_value(call.memory.copy(text));
}

void add_digest_rows(Rows& rows) {
  rows.add("md5(text)", "text", 1, 1, md5,
           "the MD5 digest of a text, in hexadecimal; no protection, but widely understood",
           {{"md5('abc')", R"("900150983cd24fb0d6963f7d28e17f72")"},
            {"md5(null)", "null"},
            {"md5([1])", ""}});
  rows.add(
      "sha256(text)", "text", 1, 1, sha256, "the SHA-256 digest of a text, in hexadecimal",
      {{"sha256('abc')", R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")"},
       {"sha256(12) == sha256('12')", "true"}});
  rows.add("hmac_sha256(text, key)", "text", 2, 2, hmac_sha256,
           "the digest of a text that only who has the key can make: pseudonyms that cannot be "
           "guessed; env() can give the key",
           {{"hmac_sha256('what do ya want for nothing?', 'Jefe')",
             R"("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")"},
            {"hmac_sha256('a', null)", "null"}});
  rows.add("xxh3(text)", "text", 1, 1, xxh3,
           "the XXH3 hash of a text, 64 bits in hexadecimal: fast, and no protection",
           {{"xxh3('')", R"("2d06800538d394c2")"}, {"xxh3('abc')", R"("78af5f94892f3950")"}});
  rows.add("crc32(text)", "integer", 1, 1, crc32,
           "the CRC-32 checksum of a text, as gzip and zip have it",
           {{"crc32('123456789')", "3421780262"}, {"crc32('')", "0"}});
}

}  // namespace

std::vector<Function> hash_functions() {
  Rows rows("hash and privacy");
  add_digest_rows(rows);
  rows.add("base64(text)", "text", 1, 1, base64, "the bytes of a text in Base64",
           {{"base64('hé')", R"("aMOp")"}, {"base64('a')", R"("YQ==")"}, {"base64('')", R"("")"}});
  rows.add("unbase64(text)", "text", 1, 1, unbase64,
           "the text that Base64 says, also that with - and _ for URLs; = at its end may be left "
           "out",
           {{"unbase64('aMOp')", R"("hé")"},
            {"unbase64('YQ')", R"("a")"},
            {"unbase64('Pz8_')", R"("???")"},
            {"unbase64('a%b')", ""},
            {"unbase64('/w==')", ""}})
      .hint = "it is no Base64, or its bytes are no UTF-8";
  rows.add("hex(text)", "text", 1, 1, hex, "the bytes of a text, two hexadecimal digits each",
           {{"hex('hé')", R"("68c3a9")"}, {"hex(12)", R"("3132")"}});
  rows.add("unhex(text)", "text", 1, 1, unhex, "the text whose bytes are written in hexadecimal",
           {{"unhex('68C3a9')", R"("hé")"}, {"unhex('6')", ""}, {"unhex('ff')", ""}})
      .hint = "it is no pairs of hexadecimal digits, or its bytes are no UTF-8";
  rows.add("url_encode(text)", "text", 1, 1, url_encode,
           "a text as a part of a URL: %XX in place of all but letters, digits and -._~",
           {{"url_encode('a b/é')", R"("a%20b%2F%C3%A9")"}});
  rows.add("url_decode(text)", "text", 1, 1, url_decode,
           "a text with the bytes that %XX stands for; + is itself (parse_query reads it as a "
           "blank)",
           {{"url_decode('a%20b%2f%C3%A9+')", R"("a b/é+")"},
            {"url_decode('100%')", ""},
            {"url_decode('%FF')", ""}})
      .hint = "a % without two hexadecimal digits, or bytes that are no UTF-8";
  rows.add("uuid()", "text", 0, 0, uuid, "a new random UUID (version 4) for each record",
           {{"length(uuid())", "36"}, {"uuid() == uuid()", "false"}})
      .constant = false;
  return rows.take();
}

}  // namespace riffle
