#include "connectors/binary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "connectors/encoding.h"
#include "text/shell_word.h"
#include "values/error.h"

namespace riffle {
namespace {

using namespace std::string_view_literals;

// Enough for the mark of a tar, and for the name of a zip's first member.
constexpr std::size_t looked_at = 512;

struct Binary {
  std::size_t offset;
  std::string_view mark;
  std::string_view what;
  std::string_view command;  // {} is the file; empty: it holds no records
};

constexpr std::array<Binary, 26> binaries = {{
    {0, "PAR1"sv, "Parquet",
     "duckdb -c \"copy (from '{}') to '/dev/stdout' (format json)\" | riffle -i ndjson ..."},
    {0, "SQLite format 3\0"sv, "an SQLite database",
     "sqlite3 -json {} 'select * from TABLE' | riffle -i json ..."},
    {0, "\x04\x22\x4d\x18"sv, "lz4", "lz4 -dc {} | riffle ..."},
    {0, "LZIP"sv, "lzip", "lzip -dc {} | riffle ..."},
    {0, "\x1f\x9d"sv, "compress", "gzip -dc {} | riffle ..."},
    {0, "7z\xbc\xaf\x27\x1c"sv, "7z", "7z x -so {} | riffle ..."},
    {0, "Rar!\x1a\x07"sv, "RAR", "unrar p -inul {} | riffle ..."},
    {0, "PK\x03\x04"sv, "zip", "unzip -p {} | riffle ..."},
    {257, "ustar"sv, "tar", "tar -xOf {} | riffle ..."},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an Office file", "in2csv {} | riffle -i csv ..."},
    {0, "ARROW1\0\0"sv, "Arrow",
     "python3 -c \"import pyarrow.feather as f; "
     "print(f.read_table('{}').to_pandas().to_csv(index=False), end='')\" | riffle -i csv ..."},
    {0, "FEA1"sv, "Feather",
     "python3 -c \"import pyarrow.feather as f; "
     "print(f.read_table('{}').to_pandas().to_csv(index=False), end='')\" | riffle -i csv ..."},
    {0, "Obj\x01"sv, "Avro", "avro-tools tojson {} | riffle -i ndjson ..."},
    {0, "ORC"sv, "ORC", "orc-contents {} | riffle -i ndjson ..."},
    {0, "LPKSHHRH"sv, "a systemd journal", "journalctl --file {} -o json | riffle -i ndjson ..."},
    {0, "\xd4\xc3\xb2\xa1"sv, "a packet capture", "tshark -r {} -T ek | riffle -i ndjson ..."},
    {0, "\xa1\xb2\xc3\xd4"sv, "a packet capture", "tshark -r {} -T ek | riffle -i ndjson ..."},
    {0, "\x0a\x0d\x0d\x0a"sv, "a packet capture", "tshark -r {} -T ek | riffle -i ndjson ..."},
    {0, "%PDF-"sv, "PDF", "pdftotext -layout {} - | riffle -i text ..."},
    {0, "\x89PNG\r\n"sv, "a PNG image", ""},
    {0, "\xff\xd8\xff"sv, "a JPEG image", ""},
    {0, "GIF89a"sv, "a GIF image", ""},
    {0,
     "\x7f"
     "ELF"sv,
     "a program (ELF)", ""},
    {0, "\x89HDF\r\n\x1a\n"sv, "HDF5", ""},
    {0, "\xca\xfe\xba\xbe"sv, "a Java class", ""},
    {0, "wOF2"sv, "a font", ""},
}};

// A byte that no text has.
bool is_binary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\x1b';
}

// A short mark of letters alone may begin a text: something after it must not be one.
bool fits(const Binary& binary, std::string_view bytes) {
  if (bytes.size() <= binary.offset || !bytes.substr(binary.offset).starts_with(binary.mark))
    return false;
  const bool could_be_text = (binary.mark.size() <= 4 || binary.offset > 0) &&
                             std::all_of(binary.mark.begin(), binary.mark.end(),
                                         [](unsigned char c) { return std::isprint(c); });
  return !could_be_text || std::any_of(bytes.begin(), bytes.end(), is_binary);
}

// A zip by its first member: "[Content_Types].xml" and "xl/..." are those of a spreadsheet.
bool is_spreadsheet(std::string_view bytes) {
  return bytes.find("xl/") != bytes.npos || bytes.find("spreadsheet") != bytes.npos;
}

Error refusal(const Binary& binary, const std::string& name, std::string_view bytes) {
  const bool is_stream = name == "-";
  const std::string shown = is_stream ? "standard input" : visible(name);
  std::string_view what = binary.what, command = binary.command;
  if (what == "zip" && is_spreadsheet(bytes))
    what = "a spreadsheet (xlsx)", command = "in2csv {} | riffle -i csv ...";
  if (command.empty()) return failure(fmt::format("{} is {}; it holds no records", shown, what));
  std::string line(command);
  const bool is_quoted = line.find("'{}'") != line.npos;
  // Inside the command's own quotes a name can only stand as it is.
  const bool has_no_place = is_stream || (is_quoted && name.find_first_of("'\"$`\\") != name.npos);
  line.replace(line.find("{}"), 2,
               has_no_place ? "FILE" : visible(is_quoted ? name : quoted(name)));
  return failure(fmt::format("{} is {}, which riffle does not read; {}", shown, what, line));
}

// A NUL, where nobody said what the input is.
Error refusal_of_nul(const std::string& name, std::string_view bytes) {
  const std::string shown = name == "-" ? "standard input" : visible(name);
  const auto nuls = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  if (nuls * 3 >= bytes.size())
    return failure(fmt::format("{} is binary, or UTF-16, which --encoding utf16 reads", shown));
  return failure(fmt::format(
      "{} is binary: a NUL is byte {} of it; -i names a format that reads it all the same", shown,
      bytes.find('\0') + 1));
}

class RefusingBinary : public ByteSource {
 public:
  RefusingBinary(std::unique_ptr<ByteSource> raw, std::string name, bool is_guessed)
      : raw_(std::move(raw)), name_(std::move(name)), is_guessed_(is_guessed) {}

  std::size_t read(char* to, std::size_t size) override {
    const std::size_t n = raw_->read(to, size);
    if (first_.size() < looked_at && n > 0) look_at({to, n});
    return n;
  }
  bool would_wait() override { return raw_->would_wait(); }
  int descriptor() const override { return raw_->descriptor(); }
  bool is_regular() const override { return raw_->is_regular(); }
  bool can_seek() const override { return raw_->can_seek(); }
  // What is passed over was looked at by the run that read it.
  bool skip(std::uint64_t count) override {
    if (count > 0) first_.assign(looked_at, ' ');
    return raw_->skip(count);
  }
  Successor begin_successor() override {
    first_.clear();
    return raw_->begin_successor();
  }

 private:
  void look_at(std::string_view bytes) {
    first_.append(bytes.substr(0, looked_at - first_.size()));
    for (const Binary& binary : binaries)
      if (fits(binary, first_)) throw refusal(binary, name_, first_);
    if (is_guessed_ && !has_utf16_mark(first_) && first_.find('\0') != first_.npos)
      throw refusal_of_nul(name_, first_);
  }

  std::unique_ptr<ByteSource> raw_;
  std::string name_, first_;
  bool is_guessed_;
};

}  // namespace

std::unique_ptr<ByteSource> refusing_binary(std::unique_ptr<ByteSource> raw, std::string name,
                                            bool is_guessed) {
  return std::make_unique<RefusingBinary>(std::move(raw), std::move(name), is_guessed);
}

}  // namespace riffle
