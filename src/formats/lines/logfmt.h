// logfmt: a record a line, `key=value key="a b" key`; see values/key_value_pairs.h. Blank lines are
// skipped. Out: nested values by their paths (`user.id`), lists as JSON in quotes.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// The batches' source_format is "logfmt".
std::unique_ptr<RecordReader> make_logfmt_reader(const InputOptions& options,
                                                 std::shared_ptr<const Shape> shape);
// Appends the members of a line that such a reader has taken for a record.
void members_of_logfmt(std::string_view line, Memory& memory, std::vector<Member>& members);
std::unique_ptr<RecordWriter> make_logfmt_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
