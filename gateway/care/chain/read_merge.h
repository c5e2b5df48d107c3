#pragma once

// Tested by tests/care/person_merges_test.cpp.

#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::care {

/// Reads of the Patient of a notice about a person alone which numbers are used no more (link of type replaces), and doubts what
/// else the notice says, since nothing else of it is taken over. `path` is the Patient's FHIRPath. Invalid: another link, a
/// number that is replaced by itself, or a merge of one number. TooLarge: more numbers than a person may have.
Result<void> read_merge(tree::Item patient, std::string_view path, Notice& notice);

}  // namespace vardbron::care
