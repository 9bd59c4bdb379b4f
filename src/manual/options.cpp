#include "manual/options.h"

#include <algorithm>

namespace riffle {
namespace {

constexpr Option table[] = {
    {"--from", "-i", "FORMAT",
     "the inputs' format; otherwise the extension, then the first byte, says it", "Input"},
    {"--input", "", "FILE", "an input whose name is also a stage's", "Input", true},
    {"--in-order", "", "",
     "the inputs are one stream, cut into files: none holds back the windows of those before it",
     "Input"},
    {"--merge", "", "TIME",
     "the inputs as one stream: always the record with the least TIME, a field or name = EXPR",
     "Input"},
    {"--follow", "", "",
     "files are read as they grow, and anew when others take their names, as tail -F does",
     "Input"},
    {"--idle", "", "D",
     "an input of which nothing comes for so long holds windows back no more, until something "
     "comes",
     "Input"},
    {"--encoding", "", "latin1|utf16",
     "what the inputs are written in, if not UTF-8; utf16 is little-endian without a byte order "
     "mark",
     "Input"},
    {"--all-text", "", "", "every cell is text; nothing is taken for a number", "Input", false,
     "csv, tsv"},
    {"--delimiter", "", "C", "what separates cells", "Input", false, "csv, tsv"},
    {"--no-header", "", "", "the first line is a record; fields are c1, c2, ...", "Input", false,
     "csv, tsv"},
    {"--comment", "", "C", "lines that begin with C are skipped", "Input", false, "csv, tsv"},
    {"--skip-lines", "", "N", "the first N lines are skipped", "Input", false, "csv, tsv"},
    {"--ragged", "", "reject|pad", "lines with too few cells are rejected (the default) or padded",
     "Input", false, "csv, tsv"},
    {"--quoted", "", "", "in and out: cells may stand in quotes, as in csv; there are no escapes",
     "Input", false, "tsv"},
    {"--max-record", "", "SIZE", "the longest record; a longer one is rejected (default 64MiB)",
     "Input"},

    {"--to", "-t", "FORMAT",
     "the output's format; otherwise the extension of -o, then the first input's format", "Output"},
    {"--output", "-o", "FILE", "where to write; the file appears whole or not at all", "Output"},
    {"--columns", "", "NAME,...", "the columns to write", "Output", false, "csv, tsv"},
    {"--extra", "", "reject|drop|union", "what to do with a key that has no column", "Output",
     false, "csv, tsv"},
    {"--out-delimiter", "", "C", "what separates cells", "Output", false, "csv, tsv"},
    {"--out-no-header", "", "", "no header line", "Output", false, "csv, tsv"},
    {"--quote-all", "", "", "every cell in quotes", "Output", false, "csv, tsv"},
    {"--indent", "", "N", "each record over several lines, N blanks a level", "Output", false,
     "json"},

    {"--file", "-f", "PIPELINE", "options and stages from a file", "Run"},
    {"--jobs", "-j", "N",
     "threads that read and work (default: the cores); the output does not depend on it", "Run"},
    {"--memory", "", "SIZE",
     "how much stages may hold; what is more goes to disk ($TMPDIR, else /tmp) (default: three "
     "quarters of the memory)",
     "Run"},
    {"--rejects", "", "FILE", "writes each rejected record as a line of NDJSON", "Run"},
    {"--max-rejects", "", "N|P%",
     "stops when more records, or a greater part of them, are rejected", "Run"},
    {"--strict", "", "", "stops at the first rejected record or failed operation", "Run"},
    {"--progress", "", "",
     "says on stderr how far the run is, and in the end what became of the records", "Run"},
    {"--summary", "", "FILE",
     "writes what became of the records as one line of JSON, when the run ends", "Run"},
    {"--explain", "", "", "prints how the pipeline would run, and does not run it", "Run"},
    {"--quiet", "", "", "reports no rejected records and no failed operations", "Run"},
    {"--tz", "", "ZONE", "the zone of times without an offset, and of printed times (default UTC)",
     "Run"},
    {"--now", "", "TIME", "what now() gives", "Run"},
    {"--seed", "", "N", "another choice of what is taken at random (default 1)", "Run"},
    {"--color", "", "auto|always|never",
     "bold headers in tables (default: where the output is a terminal and NO_COLOR is not set)",
     "Run"},
    {"--arg", "", "NAME=VALUE", "the value of $NAME in expressions", "Run", true},

    {"--help", "-h", "", "shows this", "Help"},
    {"--version", "-V", "", "shows the version", "Help"},
};

}  // namespace

std::span<const Option> options() { return table; }

const Option* find_option(std::string_view word) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Option& option) {
    return word == option.name || (!option.short_name.empty() && word == option.short_name);
  });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace riffle
