// Lines of a form that logs have (logs/log_forms.h), with the fields that `parse --as` gives. Blank
// lines are skipped; one of another form is a bad record.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<RecordReader> make_clf_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape);
std::unique_ptr<RecordReader> make_syslog_reader(const InputOptions& options,
                                                 std::shared_ptr<const Shape> shape);

}  // namespace riffle
