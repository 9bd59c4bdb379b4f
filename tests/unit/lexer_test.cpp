#include "expression/lexer.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "values/error.h"

using namespace riffle;

namespace {

std::vector<Token> tokens(const Text& text) {
  Lexer lexer(text);
  std::vector<Token> all;
  for (Token t = lexer.next(); t.kind != Token::Kind::end; t = lexer.next()) all.push_back(t);
  return all;
}

std::vector<std::string> spellings(const std::string& expression) {
  const Text text{"filter", expression};
  std::vector<std::string> all;
  for (const Token& t : tokens(text)) all.emplace_back(t.spelling);
  return all;
}

Token only(const Text& text) {
  const std::vector<Token> all = tokens(text);
  REQUIRE(all.size() == 1);
  return all[0];
}

std::string mistake(const std::string& expression) {
  try {
    spellings(expression);
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "no mistake";
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("tokens are taken as long as they can be") {
  CHECK(spellings("a<=b==c") == Words{"a", "<=", "b", "==", "c"});
  CHECK(spellings("a//b/c**d*e") == Words{"a", "//", "b", "/", "c", "**", "d", "*", "e"});
  CHECK(spellings("a??b?c:d") == Words{"a", "??", "b", "?", "c", ":", "d"});
  CHECK(spellings("x->x!~y") == Words{"x", "->", "x", "!~", "y"});
  CHECK(spellings(" a \t\r\n+ b ") == Words{"a", "+", "b"});
  CHECK(spellings("").empty());
}

TEST_CASE("names are words, words in backquotes, and may go beyond ASCII") {
  CHECK(spellings("café_1") == Words{"café_1"});
  const Text odd{"filter", "`odd ``name, x`"};
  Lexer lexer(odd);
  const Token token = lexer.next();
  CHECK(token.kind == Token::Kind::quoted_name);
  CHECK(token.text == "odd `name, x");
  const Text nameless{"filter", "``"};
  CHECK(Lexer(nameless).next().kind == Token::Kind::quoted_name);
  CHECK(Lexer(nameless).next().text.empty());
  CHECK_THAT(mistake("`open"), Catch::Contains("a name in backquotes is not closed"));
}

TEST_CASE("a number with units is a duration") {
  const auto nanoseconds = [](const std::string& expression) {
    const Text text{"filter", expression};
    const Token token = only(text);
    CHECK(token.value.kind == Kind::duration);
    return token.value.integer;
  };
  CHECK(nanoseconds("250ms") == 250'000'000);
  CHECK(nanoseconds("1h30m") == 5400'000'000'000);
  CHECK(nanoseconds("1w") == 7 * 86400'000'000'000);
  CHECK_THAT(mistake("1.5h"),
             Catch::Contains("'1.5h' is no duration; its numbers are whole, as in 1h30m"));
  CHECK_THAT(mistake("5x"), Catch::Contains("'5x' is neither a number nor a duration"));
  CHECK_THAT(mistake("2xx_count"), Catch::Contains("needs backquotes"));
}

TEST_CASE("numbers have JSON's grammar") {
  const auto value = [](const std::string& expression) {
    const Text text{"filter", expression};
    return only(text).value;
  };
  CHECK(value("18446744073709551615").kind == Kind::natural);
  CHECK(value("1e9").kind == Kind::real);
  CHECK(value("1.5E-3").real == 0.0015);
  CHECK(spellings("1.a") == Words{"1", ".", "a"});
  CHECK_THAT(mistake("007"),
             Catch::Contains("a number has no leading zeros; write \"007\" if it is a text"));
}

TEST_CASE("a time is the longest run that is one") {
  CHECK(spellings("@2026-01-31T10:00:00Z-1h") == Words{"@2026-01-31T10:00:00Z", "-", "1h"});
  CHECK(spellings("@2026-01-31-5h") == Words{"@2026-01-31", "-", "5h"});
  CHECK(spellings("@2026-01-31T10:00:00+02:00") == Words{"@2026-01-31T10:00:00+02:00"});
  CHECK(spellings("@2026-01-31 10:00:00Z < x") == Words{"@2026-01-31 10:00:00Z", "<", "x"});
  CHECK(spellings("a?@2026-01-31:5") == Words{"a", "?", "@2026-01-31", ":", "5"});
  CHECK_THAT(mistake("@timestamp"),
             Catch::Contains("a name that begins with '@' needs backquotes"));
  CHECK_THAT(mistake("@2026-13-01"), Catch::Contains("'@2026-13-01' is no time"));
}

TEST_CASE("a text ends at its quote, escapes or raw") {
  const auto text_of_token = [](const std::string& expression) {
    const Text text{"filter", expression};
    return only(text).text;
  };
  CHECK(text_of_token(R"("a\"b")") == "a\"b");
  CHECK(text_of_token(R"('it\'s "so"')") == "it's \"so\"");
  CHECK(text_of_token(R"("\u00e9\ud83d\ude00\n\/")") == "é😀\n/");
  CHECK(text_of_token(R"(r"\d+\")") == R"(\d+\)");
  const Text regex{"filter", R"("\d+")"};
  CHECK(only(regex).unknown_escape);
  const Text lone{"filter", R"("\ud83d")"};
  CHECK(only(lone).unknown_escape);
  CHECK_THAT(mistake("\"open"), Catch::Contains("a text is not closed"));
  CHECK_THAT(mistake("'open\\'"), Catch::Contains("a text is not closed"));
}

TEST_CASE("what has no meaning is shown where it stands") {
  CHECK_THAT(mistake("a & b"),
             Catch::Contains("'&' has no meaning here") && Catch::Contains("\n"
                                                                           "    ^"));
  CHECK_THAT(mistake("a == \u201cb\u201d"), Catch::Contains("typographic quote"));
  CHECK_THAT(mistake("a\u00a0== 1"), Catch::Contains("no-break space"));
  CHECK_THAT(mistake("a == $"), Catch::Contains("a name must follow '$'"));
}
