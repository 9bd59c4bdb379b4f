#include "cli/foreign_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/format.h"

namespace riffle {
namespace {

struct Replacement {
  std::string_view words;  // with blanks between, and around
  std::string_view here;
};

constexpr Replacement options_elsewhere[] = {
    {" -n -N --limit --head --lines --max-count ",
     "the stage head takes the first records: head 3"},
    {" -F -d --sep --separator --fs --ifs --field-separator --input-delimiter ",
     "write: --delimiter C"},
    {" --ofs --output-delimiter --out-sep ", "write: --out-delimiter C"},
    {" -r --raw --raw-output ", "texts without quotes: -t text; sorted downwards: sort KEY desc"},
    {" -s --slurp ", "stages see all records as it is: aggregate, sort, implode"},
    {" -c --compact --compact-output ", "write: -t ndjson; the stage count counts records"},
    {" -e -E --expression --filter --where --query --grep --search ",
     "the stage filter keeps records: filter EXPR"},
    {" -v --invert-match ", "the stage filter leaves records out: filter 'not (EXPR)'"},
    {" -k --sort --sort-by --order-by ", "the stage sort sorts: sort KEY desc"},
    {" -p --pretty ", "write: -t table, or -t json --indent 2"},
    {" --select --fields --field --cols ", "the stage select chooses fields: select a,b"},
    {" --by --group-by --groupby --group ", "it belongs to a stage: count --by KEYS"},
    {" -q --sql ", "stages in place of SQL: filter EXPR then count --by KEYS; -q is --quiet"},
    {" --format --output-format --out-format ", "write: -t FORMAT"},
    {" --input-format --in-format ", "write: -i FORMAT"},
    {" --no-headers --noheader --headerless-csv-input --implicit-csv-header --hi ",
     "write: --no-header"},
    {" --headerless-csv-output --ho ", "write: --out-no-header"},
    {" --in-place --inplace -I ", "-o FILE may be the input: riffle x.csv ... -o x.csv"},
    {" --threads --parallel --nthreads ", "write: -j N"},
    {" --dry-run --plan --debug ", "write: --explain"},
    {" --silent ", "write: --quiet"},
    {" --verbose ", "write: --progress"},
    {" --no-color --no-colour --monochrome-output -M ", "write: --color never"},
    {" -C --color-output --colour ", "write: --color always"},
    {" --argjson --var ", "write: --arg NAME=VALUE"},
    {" --timezone --utc ", "write: --tz ZONE"},
    {" --tail ", "the stage tail takes the last records: tail 3"},
    {" --xtab --oxtab --vertical ", "write: -t record"},
    {" --opprint --barred ", "write: -t table"},
};

// Miller's --icsv, --ojson, --c2j, --csv.
std::string of_miller(std::string_view word) {
  constexpr std::string_view letters = "cjtlpxm";
  constexpr std::string_view names[] = {"csv",   "json",   "tsv",     "ndjson",
                                        "table", "record", "markdown"};
  if (!word.starts_with("--")) return {};
  word.remove_prefix(2);
  if (find_format(word))
    return fmt::format("write: -i {0} for the input, -t {0} for the output", word);
  if (word.size() > 2 && (word[0] == 'i' || word[0] == 'o') && find_format(word.substr(1)))
    return fmt::format("write: -{} {}", word[0] == 'i' ? "i" : "t", word.substr(1));
  if (word.size() != 3 || word[1] != '2') return {};
  const std::size_t from = letters.find(word[0]), to = letters.find(word[2]);
  if (from == letters.npos || to == letters.npos) return {};
  return fmt::format("write: -i {} -t {}", names[from], names[to]);
}

}  // namespace

std::string option_here(std::string_view word) {
  const auto find = [](std::string_view sought) {
    const std::string padded = fmt::format(" {} ", sought);
    const auto found = std::find_if(
        std::begin(options_elsewhere), std::end(options_elsewhere),
        [&](const Replacement& row) { return row.words.find(padded) != row.words.npos; });
    return found == std::end(options_elsewhere) ? std::string_view() : found->here;
  };
  if (const std::string_view here = find(word); !here.empty()) return std::string(here);
  if (std::string here = of_miller(word); !here.empty()) return here;
  const bool has_value = word.size() > 2 && word[0] == '-' && word[1] != '-';
  return has_value ? std::string(find(word.substr(0, 2))) : std::string();  // -F:
}

}  // namespace riffle
