#include "formats/ndjson/index.h"

#include <simdjson.h>

#include <algorithm>

namespace riffle {
namespace {

constexpr std::size_t usual_capacity = 512 * 1024;

// The library's fallback accepts a UTF-8 sequence that the text's end cuts off, and does not know
// its capacity.
bool is_trusted(const simdjson::implementation& kernel) { return kernel.name() != "fallback"; }

const simdjson::implementation* find_kernel(std::string_view name) {
  if (name.empty()) return simdjson::get_active_implementation();
  return simdjson::get_available_implementations()[std::string(name)];
}

}  // namespace

struct JsonIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
};

std::vector<std::string> JsonIndex::kernels() {
  std::vector<std::string> names;
  for (const simdjson::implementation* kernel : simdjson::get_available_implementations())
    if (kernel->supported_by_runtime_system() && is_trusted(*kernel))
      names.push_back(kernel->name());
  return names;
}

JsonIndex::JsonIndex(std::string_view kernel) : parser_(std::make_unique<Parser>()) {
  const simdjson::implementation* const found = find_kernel(kernel);
  if (!found || !found->supported_by_runtime_system() || !is_trusted(*found)) return;
  constexpr std::size_t depth = 1;  // stage 1 keeps no stack
  if (found->create_dom_parser_implementation(usual_capacity, depth, parser_->stages))
    parser_->stages.reset();
}

JsonIndex::~JsonIndex() = default;

bool JsonIndex::is_usable() const { return parser_->stages != nullptr; }

bool JsonIndex::reserve(std::size_t size) {
  if (size <= parser_->stages->capacity()) return true;
  return !parser_->stages->set_capacity(size);
}

void JsonIndex::shrink() {
  if (is_usable() && parser_->stages->capacity() > usual_capacity &&
      parser_->stages->set_capacity(usual_capacity))
    parser_->stages.reset();
}

bool JsonIndex::make(std::string_view text) {
  if (!is_usable() || text.empty() || !reserve(text.size())) return false;
  auto& stages = *parser_->stages;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const simdjson::error_code error =
      stages.stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  if (error == simdjson::EMPTY)
    stages.n_structural_indexes = 0;  // nothing but blanks
  else if (error)
    return false;
  // Stage 1 allocates room for nine entries more than bytes.
  constexpr std::size_t after = 8;
  const std::size_t stop = text.back() == '\n' ? text.size() - 1 : text.size();
  std::fill_n(stages.structural_indexes.get() + stages.n_structural_indexes, after,
              static_cast<std::uint32_t>(stop));
  return true;
}

const std::uint32_t* JsonIndex::begin() const { return parser_->stages->structural_indexes.get(); }
const std::uint32_t* JsonIndex::end() const {
  return begin() + parser_->stages->n_structural_indexes;
}

}  // namespace riffle
