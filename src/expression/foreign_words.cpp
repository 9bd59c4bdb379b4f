#include "expression/foreign_words.h"

#include <re2/re2.h>

#include <algorithm>
#include <span>

#include "expression/syntax.h"
#include "text/letter_case.h"

namespace riffle {
namespace {

struct Replacement {
  std::string_view words;  // with blanks between, and around
  std::string_view here;
};

std::string_view find_exactly(std::span<const Replacement> table, std::string_view word) {
  const std::string sought = " " + std::string(word) + " ";
  const auto found = std::find_if(table.begin(), table.end(), [&](const Replacement& row) {
    return row.words.find(sought) != row.words.npos;
  });
  return found == table.end() ? std::string_view() : found->here;
}

std::string_view find_in(std::span<const Replacement> table, std::string_view word) {
  return find_exactly(table, lower_ascii(word));
}

constexpr Replacement foreign_functions[] = {
    // aggregates
    {" mean average avgif ", "avg(x)"},
    {" percentile percentile_cont percentile_disc perc quantile_cont approx_percentile ",
     "p95(x) or quantile(x, 0.95)"},
    {" stdev std stddev_samp stddev_pop ", "stddev(x)"},
    {" variance var_samp var_pop ", "var(x)"},
    {" nunique n_distinct count_unique unique_count uniq count_distinct countdistinct dc uniqexact "
     "distinct_count ",
     "distinct(x)"},
    {" approx_count_distinct ", "approx_distinct(x)"},
    {" group_concat string_agg listagg ", "join_text(x)"},
    {" array_agg collect_list collect ", "list(x)"},
    {" collect_set ", "set(x)"},
    {" max_by argmax ", "arg_max(x, by)"},
    {" min_by argmin ", "arg_min(x, by)"},
    {" any_value anyvalue earliest first_value ", "first(x)"},
    {" latest last_value ", "last(x)"},
    {" countif count_if ", "count() where CONDITION"},
    {" sumif sum_if ", "sum(x) where CONDITION"},
    {" total ", "sum(x)"},
    {" dense_rank percent_rank ntile ", "rank(x), in annotate"},
    {" bool_or ", "any(x)"},
    {" bool_and ", "every(x)"},
    // conditions and null
    {" if iff iif ifelse if_else cond case when ", "condition ? a : b"},
    {" nvl ifnull fillna default ", "if_null(x, y) or x ?? y"},
    {" isnull is_null isna isnan_or_null is_missing ", "x == null"},
    {" isnotnull is_not_null notnull notna is_present ", "x != null"},
    {" nullif ", "null_if(x, y)"},
    {" is_empty isempty empty ", "x == \"\", or length(x) == 0"},
    // numbers
    {" to_number tonumber number num float double numeric decimal to_float tofloat ",
     "real(x) or int(x)"},
    {" integer to_int toint long bigint ", "int(x)"},
    {" boolean to_bool ", "bool(x)"},
    {" cast convert try_cast astype ", "int(x), real(x), text(x), bool(x) or time(x)"},
    {" isin is_in one_of ", "x in [1, 2]"},
    {" includes has_substring str_contains strcontains ", "text contains \"part\""},
    {" has_key haskey isset defined is_defined ", "exists(x), or map contains \"key\""},
    {" power ", "pow(x, y) or x ** y"},
    {" ceiling ", "ceil(x)"},
    {" log ", "ln(x), log2(x) or log10(x)"},
    {" rand urand ", "random()"},
    {" greatest ", "max(a, b)"},
    {" least ", "min(a, b)"},
    {" mod ", "a % b"},
    {" div ", "a // b"},
    // texts
    {" len strlen size char_length character_length array_length cardinality array_size ",
     "length(x)"},
    {" str string to_string tostring to_str varchar char ", "text(x)"},
    {" tolower to_lower lowercase lcase downcase ascii_downcase ", "lower(text)"},
    {" toupper to_upper uppercase ucase upcase ascii_upcase ", "upper(text)"},
    {" startswith begins_with ", "starts_with(text, part)"},
    {" endswith ", "ends_with(text, part)"},
    {" substring mid left right ", "text[from:to], positions from 0"},
    {" position instr strpos find indexof locate charindex ", "index(text, part)"},
    {" lpad ljust ", "pad_left(text, width)"},
    {" rpad rjust ", "pad_right(text, width)"},
    {" strip trim_all ", "trim(text)"},
    {" lstrip ", "ltrim(text)"},
    {" rstrip ", "rtrim(text)"},
    {" concat_ws array_join ", "join([a, b], \",\")"},
    {" split_part splitax splitnv ", "split(text, \",\")[0]"},
    {" sprintf printf fmtnum ", "format(\"{:.2f}\", x)"},
    {" strip_ansi strip_colors strip_colours strip_ansi_escape_codes remove_ansi decolorize plain ",
     "replace_re(text, \"\\x1b\\[[0-9;]*m\", \"\")"},
    // regular expressions
    {" sub gsub ssub regexp_replace regex_replace ",
     "replace(text, part, with) or replace_re(text, regex, with)"},
    {" regexp_extract regexp_substr regex_extract capture scan rex ", "extract(text, \"regex\")"},
    {" regexp_matches regexp_match regexp_like regexp_contains match matches test regexp rlike "
     "regex regex_match regex_search matchall ",
     "text =~ \"regex\""},
    {" like ilike ", "text contains \"part\" or text =~ \"regex\""},
    // times
    {" strftime date_format to_char formatdate strftime_local ", "format_time(t, \"%Y-%m-%d\")"},
    {" strptime to_date str_to_date parse_date date_parse parsedatetime ",
     "parse_time(text, \"%Y-%m-%d\")"},
    {" date_trunc time_bucket timestamp_trunc datetrunc tumble bin trunc ", "bucket(ts, 1h)"},
    {" date todate to_day ", "bucket(ts, 1d) or format_time(ts, \"%Y-%m-%d\")"},
    {" to_timestamp from_unixtime fromunixtime sec2gmt sec2time gmtime localtime timestamp "
     "datetime to_datetime to_time totime fromdate fromdateiso8601 gmt2sec parsetime from_unix "
     "from_epoch fromtimestamp epoch_to_time unix_to_time to_timestamp_ms epoch_ms ",
     "time(x), time(x, \"ms\") or parse_time(text, pattern)"},
    {" unix_timestamp to_unix_timestamp mktime tounixtime to_unix to_epoch unixtime unix ",
     "epoch(t)"},
    {" timezone at_time_zone tz convert_tz convert_timezone localize astimezone ",
     "to_zone(t, \"Europe/Paris\")"},
    {" current_timestamp sysdate systime getdate today current_date ", "now()"},
    {" dayofweek day_of_week dow ", "weekday(t)"},
    {" dayofyear day_of_year doy ", "yearday(t)"},
    {" day_name dayname weekday_name ", "format_time(t, \"%A\")"},
    {" month_name monthname ", "format_time(t, \"%B\")"},
    {" hour_of_day hourofday ", "hour(t)"},
    {" weekofyear week_of_year isoweek iso_week weeknum ", "week(t)"},
    {" date_part datepart extract_year ", "year(t), month(t), day(t), hour(t), ..."},
    {" datediff timestampdiff time_diff timediff ", "date_diff(from, to, unit), or a - b"},
    {" dateadd timestampadd date_sub add_days adddays add_months add_hours ",
     "date_add(t, n, unit), or t + 1h"},
    {" ago ", "now() - 1h"},
    {" sec2dhms sec2hms ", "duration(x), which tables show as 1h30m"},
    {" sec2date sec2gmtdate ", "format_time(time(x), \"%Y-%m-%d\")"},
    // earlier records
    {" cumsum cusum ", "running_sum(x)"},
    {" shift prev previous prior before ", "lag(x)"},
    {" diff difference ", "delta(x)"},
    {" derivative per_second nonnegative_derivative ", "rate(x) or counter_increase(x)"},
    {" running_total cum_sum cumulative_sum cumulative accum step ", "running_sum(x)"},
    {" row_num rownum rownumber row_index nr ", "row_number()"},
    {" rolling rolling_mean rolling_avg rolling_average moving_average moving_mean movavg sma ",
     "moving_avg(x, n)"},
    {" rolling_min ", "moving_min(x, n)"},
    {" rolling_max ", "moving_max(x, n)"},
    {" rolling_sum moving_sum movsum ", "moving_avg(x, n) * n"},
    {" ema ewm exponential_moving_average ", "ewma(x, halflife)"},
    {" ffill forward_fill fill_down filldown last_non_null ", "fill_forward(x)"},
    {" pct_change ", "delta(x) / lag(x)"},
    // structure
    {" json_extract json_value get_json_object fromjson from_json json_parse ",
     "parse_json(text).name"},
    {" tojson to_json json_stringify json_encode ", "json(x)"},
    {" typeof ", "type(x)"},
};

constexpr Replacement operators_elsewhere[] = {
    {" like ilike ", "write: text contains \"part\", or text =~ \"regex\""},
    {" rlike regexp matches match similar glob ", "write: text =~ \"regex\""},
    {" between ", "write: x >= 1 and x <= 2"},
    {" eq ", "write: =="},
    {" ne neq ", "write: !="},
    {" gt ", "write: >"},
    {" ge gte ", "write: >="},
    {" lt ", "write: <"},
    {" le lte ", "write: <="},
    {" mod ", "write: %"},
    {" startswith starts_with begins ", "write: starts_with(text, part)"},
    {" endswith ends_with ", "write: ends_with(text, part)"},
    {" as ", "a new name comes first: name = EXPR"},
    {" asc desc ascending descending ",
     "sort has directions; top takes the greatest, bottom the least"},
    {" if when else end case ", "a choice is written: condition ? a : b"},
    {" by group over partition ", "the keys of groups come after the expression: --by KEYS"},
};

constexpr Replacement constants_elsewhere[] = {
    {" None NULL Null nil undefined NaN ", "null"},
    {" True TRUE ", "true"},
    {" False FALSE ", "false"},
};

// What a call that lacks arguments wants.
struct ShorterCall {
  std::string_view function;
  int arguments;
  std::string_view here;
};

constexpr ShorterCall shorter_calls[] = {
    {"parse_time", 1, "time(text) reads RFC 3339 and ISO 8601"},
    {"format_time", 1, "text(t) writes RFC 3339"},
    {"bucket", 1, "the size is one like 1h or 1d"},
    {"split", 1, "the separator is one like \",\""},
    {"date_diff", 2, "the unit is one like \"day\"; b - a is a duration"},
    {"if_null", 1, "x == null tells whether it is null"},
};

}  // namespace

std::string_view shorter_call_here(std::string_view function, int arguments) {
  const auto found = std::find_if(std::begin(shorter_calls), std::end(shorter_calls),
                                  [&](const ShorterCall& call) {
                                    return call.function == function && call.arguments == arguments;
                                  });
  return found == std::end(shorter_calls) ? std::string_view() : found->here;
}

std::string_view function_here(std::string_view name) { return find_in(foreign_functions, name); }

std::vector<std::pair<std::string_view, std::string_view>> functions_elsewhere() {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (const Replacement& row : foreign_functions)
    for (std::string_view rest = row.words.substr(1); !rest.empty();) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      all.emplace_back(word, row.here);
      rest.remove_prefix(word.size() + 1);
    }
  return all;
}

std::string operator_here(std::string_view word, std::string_view rest) {
  const std::string small = lower_ascii(word);
  if (small == "is" || small == "isnull" || small == "notnull") {
    const std::string after = lower_ascii(rest.substr(0, 12));
    const bool is_negative = small == "notnull" || after.find("not") != after.npos;
    return is_negative ? "write: x != null" : "write: x == null";
  }
  if (const std::string_view here = find_in(operators_elsewhere, small); !here.empty())
    return std::string(here);
  if (small == "then" || small == "pipe")
    return "it stands between stages, outside of the quotes: filter 'a > 1' then count";
  return {};
}

std::string_view character_here(char c) {
  switch (c) {
    case '~':
      return "=~ matches a regex: text =~ \"regex\"";
    case ';':
      return "commas stand between assignments, 'then' between stages";
    case '|':
      return "write 'or' between conditions, 'then' between stages";
    case '&':
      return "write 'and' between conditions";
    case '^':
      return "x ** 2 is the power; a regex is written in quotes";
    case '\\':
      return "a regex is written in quotes";
    default:
      return {};
  }
}

bool stands_for_text(const Syntax& tree, std::string_view name) {
  constexpr std::string_view operators = " == != =~ !~ contains not contains in not in ?? ";
  const bool compares =
      tree.kind == Syntax::Kind::binary && operators.find(" " + tree.text + " ") != operators.npos;
  const bool is_list = tree.kind == Syntax::Kind::list;
  const bool is_choice = tree.kind == Syntax::Kind::choice;
  for (std::size_t i = 0; i < tree.children.size(); i++) {
    const Syntax* const child = tree.children[i].get();
    if (!child) continue;
    const bool is_it = child->kind == Syntax::Kind::name && child->name.literal == name;
    if (is_it && ((compares && i == 1) || (is_choice && i > 0) || is_list)) return true;
    if (stands_for_text(*child, name)) return true;
  }
  return false;
}

std::string_view constant_here(std::string_view name) {
  return find_exactly(constants_elsewhere, name);
}

bool reads_as_regex(std::string_view text, bool has_unknown_escape) {
  // Repeated: a dot, a class, a group, \d. A class with a range or a negation. A choice in
  // parentheses. Anchored, and something is repeated.
  static const RE2 shapes(
      R"(\.[*+]|[\])][*+]|\]\{\d|\\[dDwWsS]([*+?{]|$)|\[\^|\[[^\]]*(a-z|A-Z|0-9|a-f|A-F))"
      R"(|\(\S*\|\S*\)|^\^.*[*+?]|[*+?]\$$)");
  static const RE2 escapes(R"(\\[dDwWsSbB.()\[\]{}*+?|^$-])");
  return RE2::PartialMatch(text, shapes) ||
         (has_unknown_escape && RE2::PartialMatch(text, escapes));
}

}  // namespace riffle
