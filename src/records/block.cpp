#include "records/block.h"

#include <cstring>
#include <new>

namespace riffle {

Buffer::Buffer(std::size_t capacity)
    : bytes_(static_cast<char*>(::operator new (capacity + padding, std::align_val_t{64}))),
      capacity_(capacity) {}

void Buffer::Free::operator()(char* bytes) const {
  ::operator delete (bytes, std::align_val_t{64});
}

}  // namespace riffle
