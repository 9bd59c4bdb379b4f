#include "manual/man_pages.h"

#include <fmt/format.h>

#include "aggregates/aggregate.h"
#include "expression/language.h"
#include "formats/format.h"
#include "functions/function.h"
#include "manual/options.h"
#include "sequences/sequence.h"
#include "stages/stage.h"

namespace riffle {
namespace {

// A page as it grows. What is added is text: what roff would take for its own is escaped.
class Page {
 public:
  Page(std::string_view title, std::string_view summary) {
    text_ = fmt::format(".TH {} 1 \"\" \"riffle {}\" \"riffle\"\n", upper(title), RIFFLE_VERSION);
    section("NAME");
    text_ += fmt::format("{} \\- {}\n", escaped(title), escaped(summary));
  }

  void section(std::string_view title) { start(fmt::format(".SH {}\n", title)); }
  void part(std::string_view title) { start(fmt::format(".SS {}\n", escaped(title))); }
  void paragraph(std::string_view text) {
    text_ += fmt::format("{}{}\n", started_ ? "" : ".PP\n", line(text));
    started_ = false;
  }
  void entry(std::string_view name, std::string_view text) {
    text_ += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(name), line(text));
    started_ = false;
  }
  // As it stands, line by line.
  void block(std::string_view text) {
    text_ += ".PP\n.nf\n.RS 4\n";
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      text_ += line(text.substr(0, end)) + "\n";
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    text_ += ".RE\n.fi\n";
  }
  std::string take() { return std::move(text_); }

 private:
  void start(const std::string& heading) {
    text_ += heading;
    started_ = true;  // the first paragraph needs no request
  }
  static std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '\\')
        out += "\\e";
      else if (c == '-')
        out += "\\-";
      else if (c == '\'')
        out += "\\(aq";
      else if (c == '^')
        out += "\\(ha";
      else if (c == '~')
        out += "\\(ti";
      else if (c == '`')
        out += "\\(ga";
      else
        out += c;
    }
    return out;
  }
  // A line that begins with a point would be a request.
  static std::string line(std::string_view text) {
    return std::string(text.starts_with('.') ? "\\&" : "").append(escaped(text));
  }

  std::string text_;
  bool started_ = false;
};

std::string page_of(const StageRow& row) { return fmt::format("riffle-{}", row.name); }

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out.ends_with('.') ? out : out + ".";
}

void add_options(Page& page) {
  page.section("OPTIONS");
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group) page.part(group = option.group);
    std::string name(option.short_name);
    if (!name.empty()) name += ", ";
    name += option.name;
    if (!option.value.empty()) name.append(" ").append(option.value);
    page.entry(name,
               sentence(option.summary) +
                   (option.formats.empty() ? "" : fmt::format(" Formats: {}.", option.formats)));
  }
}

void add_formats(Page& page) {
  page.section("FORMATS");
  for (const Format& format : formats()) {
    const std::string_view ways = !format.make_writer   ? "in"
                                  : !format.make_cutter ? "out"
                                                        : "in and out";
    page.entry(format.name, fmt::format("{} ({})", sentence(format.summary), ways));
  }
}

void add_expressions(Page& page) {
  page.section("EXPRESSIONS");
  page.paragraph(
      "An expression computes a value from the fields of a record. Operators stand by rising "
      "precedence.");
  std::string_view group;
  for (const LanguageRow& row : language()) {
    if (row.group != group) page.part(group = row.group);
    page.entry(row.usage, sentence(row.summary));
  }
}

void add_functions(Page& page) {
  page.section("FUNCTIONS");
  page.paragraph(
      "An argument that is null or missing gives null, unless it is said otherwise. See also: "
      "riffle help NAME.");
  std::string_view family;
  for (const Function& function : functions()) {
    if (function.family != family) page.part(family = function.family);
    page.entry(
        function.usage,
        sentence(function.summary) +
            (function.nulls.empty() ? "" : fmt::format(" Null: {}", sentence(function.nulls))));
  }
}

void add_sequences(Page& page) {
  page.part("sequence");
  page.paragraph("In transform only: they see the earlier records, of the same key with --by.");
  for (const SequenceFunction& function : sequence_functions())
    page.entry(function.usage,
               fmt::format("{} Null: {}", sentence(function.summary), sentence(function.nulls)));
}

void add_aggregates(Page& page) {
  page.section("AGGREGATES");
  page.paragraph("Each skips null and missing values. A call may be followed by: where CONDITION.");
  for (const AggregateFunction& function : aggregate_functions())
    page.entry(function.usage, sentence(function.summary));
}

void add_exit_status(Page& page) {
  page.section("EXIT STATUS");
  page.entry("0", "All is well.");
  page.entry("1",
             "Finished, but records were rejected or operations failed; or stopped by --strict or "
             "--max-rejects.");
  page.entry("2", "The command is wrong; nothing was read.");
  page.entry("3", "A file, disk or limit failed.");
}

std::string main_page() {
  Page page("riffle", "a stream processor for the command line");
  page.section("SYNOPSIS");
  page.paragraph(
      "riffle [OPTION...] [INPUT...] [STAGE [ARGUMENT...] [then STAGE [ARGUMENT...]]...]");
  page.paragraph("riffle help [WORD]");
  page.section("DESCRIPTION");
  page.paragraph(
      "riffle reads records from files or standard input, takes them through a chain of stages, "
      "and writes the results. Inputs, stages, output: a command reads from left to right as the "
      "data flows. Every word before the first stage's name is an input; options may stand "
      "anywhere; only expressions need quotes.");
  page.section("STAGES");
  for (const StageRow& row : stages()) page.entry(row.usage(), sentence(row.summary));
  add_options(page);
  add_formats(page);
  add_expressions(page);
  add_functions(page);
  add_sequences(page);
  add_aggregates(page);
  add_exit_status(page);
  page.section("SEE ALSO");
  std::string others = "riffle-cookbook(7)";
  for (const StageRow& row : stages()) others += fmt::format(", {}(1)", page_of(row));
  page.paragraph(others);
  return page.take();
}

std::string stage_page(const StageRow& row) {
  Page page(page_of(row), row.summary);
  page.section("SYNOPSIS");
  for (const Form& form : row.forms)
    page.paragraph(fmt::format("riffle [INPUT...] {}", form.signature.usage));
  page.section("DESCRIPTION");
  page.paragraph(sentence(row.summary));
  if (!row.details.empty()) page.paragraph(row.details);
  const std::vector<const Parameter*> parameters = row.parameters();
  if (!parameters.empty()) page.section("ARGUMENTS");
  for (const Parameter* const parameter : parameters)
    page.entry(parameter->name, sentence(parameter->summary));
  if (!row.examples.empty()) page.section("EXAMPLES");
  for (const StageExample& example : row.examples) {
    if (!example.file.empty()) {
      page.paragraph(fmt::format("Where {} holds", example.file));
      page.block(example.content);
    }
    page.paragraph(example.file.empty() ? "Of the records" : "of the records");
    page.block(example.input);
    page.paragraph(fmt::format("riffle {}", example.command));
    page.paragraph("makes");
    page.block(example.output);
  }
  page.section("SEE ALSO");
  page.paragraph("riffle(1), riffle-cookbook(7)");
  return page.take();
}

}  // namespace

std::vector<std::string> man_pages() {
  std::vector<std::string> names{"riffle.1"};
  for (const StageRow& row : stages()) names.push_back(page_of(row) + ".1");
  return names;
}

std::optional<std::string> man_page(std::string_view name) {
  if (name == "riffle.1") return main_page();
  for (const StageRow& row : stages())
    if (name == page_of(row) + ".1") return stage_page(row);
  return std::nullopt;
}

}  // namespace riffle
