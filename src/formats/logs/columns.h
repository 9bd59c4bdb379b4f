// Tables of text as `df`, `ps`, `docker ps` and `kubectl get` print them: a header, then a record a
// line. Where the cells of the header and of the first row are parted by two blanks or more, and
// each of the row begins under one of the header, a cell is what stands under its header, and null
// where nothing does. Otherwise cells are parted by blanks, and the last one takes the rest of the
// line: there are as many columns as the header and the first row both have words. Values are typed
// as unquoted cells of CSV. Blank lines, and further lines like the header, are skipped.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<Cutter> make_columns_cutter(const InputOptions& options);
// REQUIRES: the blocks are such a cutter's.
std::unique_ptr<RecordReader> make_columns_reader(const InputOptions& options,
                                                  std::shared_ptr<const Shape> shape);

}  // namespace riffle
