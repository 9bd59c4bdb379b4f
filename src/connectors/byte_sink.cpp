#include "connectors/byte_sink.h"

#include <stdexcept>

namespace riffle {

std::uint64_t ByteSink::length() { throw std::logic_error("a sink that takes nothing back"); }

void ByteSink::cut_back(std::uint64_t) { throw std::logic_error("a sink that takes nothing back"); }

}  // namespace riffle
