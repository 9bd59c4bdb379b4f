#include "manual/options.h"

#include <algorithm>

namespace riffle {
namespace {

constexpr Option table[] = {
    {"--from", "-i", "FORMAT", "input format (default: by extension, then by content)", "Input"},
    {"--input", "", "FILE", "an input whose name is also a stage's", "Input", true},
    {"--in-order", "", "",
     "the inputs are one stream that was split into files: windows close as it advances", "Input"},
    {"--merge", "", "TIME", "merge the inputs into one stream by TIME, a field or name = EXPR",
     "Input"},
    {"--follow", "", "",
     "read files as they grow, and their successors after a rotation, as tail -F does", "Input"},
    {"--idle", "", "D",
     "treat an input as idle after D without data: it no longer holds back windows; while all are, "
     "event time goes on with the clock",
     "Input"},
    {"--encoding", "", "latin1|windows-1252|utf16",
     "encoding of the inputs, if not UTF-8; utf16 is found by its byte order mark, and "
     "little-endian without one",
     "Input"},
    {"--invalid-utf8", "", "reject|replace",
     "a record that is not UTF-8 is rejected (the default), or each such sequence of bytes becomes "
     "U+FFFD",
     "Input"},
    {"--all-text", "", "", "every cell is text, numbers too", "Input", false, "csv, tsv"},
    {"--delimiter", "", "C", "what separates cells", "Input", false, "csv, tsv"},
    {"--no-header", "", "", "the first line is a record; fields are c1, c2, ...", "Input", false,
     "csv, tsv"},
    {"--comment", "", "C", "lines that begin with C are skipped", "Input", false, "csv, tsv"},
    {"--skip-lines", "", "N", "the first N lines are skipped", "Input", false, "csv, tsv"},
    {"--ragged", "", "reject|pad|cut",
     "lines with too few or too many cells are rejected (the default); pad takes those with too "
     "few; cut takes both, and counts the cells it leaves out",
     "Input", false, "csv, tsv"},
    {"--null", "", "TEXT", "an unquoted cell of exactly TEXT is null: NA, -", "Input", true,
     "csv, tsv"},
    {"--numbers", "", "json|loose",
     "loose: cells as .5, +3, 1., 1,234 and 12% (which is 12) are numbers, too", "Input", false,
     "csv, tsv"},
    {"--quote", "", "C",
     "what quotes cells, in place of \"; doubled inside them, it is one of theirs", "Input", false,
     "csv"},
    {"--escape", "", "C",
     "takes its meaning from the next character, which is the cell's: \\ for \"a \\\"b\\\"\"",
     "Input", false, "csv"},
    {"--quoted", "", "", "in and out: cells may be quoted, as in csv; there are no escapes",
     "Input", false, "tsv"},
    {"--multiline", "", "HOW",
     "join lines into one record: java, python, go (stack traces), indent, start=REGEX, end=REGEX",
     "Input", false, "text, clf, syslog, logfmt"},
    {"--max-record", "", "SIZE", "the longest record; a longer one is rejected (default 64MiB)",
     "Input"},

    {"--to", "-t", "FORMAT",
     "output format (default: by the extension of -o, then the first input's format)", "Output"},
    {"--output", "-o", "FILE", "write to FILE, which appears whole or not at all", "Output"},
    {"--columns", "", "NAME,...", "the columns to write", "Output", false, "csv, tsv"},
    {"--extra", "", "reject|drop|union", "what to do with a key that has no column", "Output",
     false, "csv, tsv"},
    {"--out-delimiter", "", "C", "what separates cells", "Output", false, "csv, tsv"},
    {"--out-no-header", "", "", "no header line", "Output", false, "csv, tsv"},
    {"--quote-all", "", "", "every cell in quotes", "Output", false, "csv, tsv"},
    {"--crlf", "", "", "lines end in CR LF", "Output", false, "csv, tsv"},
    {"--csv-safe", "", "",
     "for spreadsheets: an apostrophe before cells, but not numbers, that begin with = + - @ or a "
     "control character, so that none is taken for a formula",
     "Output", false, "csv, tsv"},
    {"--indent", "", "N", "each record over several lines, N blanks a level", "Output", false,
     "json"},

    {"--digits", "", "N", "significant digits of numbers (default for table: 6; 0: all)", "Output",
     false, "table, record"},
    {"--wide", "", "", "wider than the terminal, too: nothing is cut", "Output", false, "table"},

    {"--file", "-f", "PIPELINE", "options and stages from a file", "Run"},
    {"--jobs", "-j", "N",
     "threads that read and work (default: the cores); the output does not depend on it", "Run"},
    {"--memory", "", "SIZE",
     "how much stages may hold before they spill to $TMPDIR or /tmp (default: three quarters of "
     "the memory)",
     "Run"},
    {"--rejects", "", "FILE", "writes each rejected record as a line of NDJSON", "Run"},
    {"--max-rejects", "", "N|P%",
     "stops when more records, or a greater part of them, are rejected", "Run"},
    {"--state", "", "FILE",
     "go on where the last run with FILE stopped, and keep there where this one does", "Run"},
    {"--final", "", "", "with --state: what is still open is closed, and no run goes on", "Run"},
    {"--reset", "", "", "with --state: start anew; the old state is kept as FILE.old", "Run"},
    {"--strict", "", "", "stops at the first rejected record or failed operation", "Run"},
    {"--errors", "", "text|json",
     "messages on stderr for people (the default), or for programs: one JSON object a line", "Run"},
    {"--progress", "", "", "reports progress on stderr, and at the end the counts of records",
     "Run"},
    {"--summary", "", "FILE", "writes the counts of records as one line of JSON when the run ends",
     "Run"},
    {"--explain", "", "", "prints how the pipeline would run, and does not run it", "Run"},
    {"--quiet", "", "", "reports no rejected records and no failed operations", "Run"},
    {"--tz", "", "ZONE", "the zone of times without an offset, and of printed times (default UTC)",
     "Run"},
    {"--now", "", "TIME", "what now() gives", "Run"},
    {"--seed", "", "N", "seed of random choices (default 1)", "Run"},
    {"--color", "", "auto|always|never",
     "colours in NDJSON and JSON, bold headers in tables (default: if the output is a terminal and "
     "NO_COLOR is not set)",
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
