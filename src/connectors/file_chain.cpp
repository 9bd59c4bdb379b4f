#include "connectors/file_chain.h"

#include <utility>

namespace riffle {
namespace {

class FileChain : public ByteSource {
 public:
  explicit FileChain(std::vector<std::unique_ptr<ByteSource>> files) : files_(std::move(files)) {}

  std::size_t read(char* to, std::size_t size) override { return file().read(to, size); }
  bool would_wait() override { return file().would_wait(); }
  int descriptor() const override { return files_[at_]->descriptor(); }
  bool is_regular() const override { return files_[at_]->is_regular(); }
  bool can_seek() const override { return files_[at_]->can_seek(); }
  bool skip(std::uint64_t count) override { return file().skip(count); }

  bool has_successor() const override { return at_ + 1 < files_.size(); }
  Successor begin_successor() override {
    if (!has_successor()) return Successor::none;
    files_[at_++].reset();
    return Successor::other_file;
  }

 private:
  ByteSource& file() { return *files_[at_]; }

  std::vector<std::unique_ptr<ByteSource>> files_;
  std::size_t at_ = 0;  // the file that is read
};

}  // namespace

std::unique_ptr<ByteSource> one_after_the_other(std::vector<std::unique_ptr<ByteSource>> files) {
  return std::make_unique<FileChain>(std::move(files));
}

}  // namespace riffle
