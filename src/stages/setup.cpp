#include "expression/check.h"
#include "stages/stage.h"

namespace riffle {

ExpressionPtr Setup::bind(std::string_view argument) const {
  return bind(arguments.expression(argument), argument);
}

ExpressionPtr Setup::bind(const Syntax& syntax, std::string_view argument) const {
  return riffle::bind(syntax, arguments.source(argument), binding);
}

}  // namespace riffle
