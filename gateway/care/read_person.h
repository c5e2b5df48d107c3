#pragma once

#include "gateway/base/result.h"
#include "gateway/care/notice.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::care {

/// What a Patient resource says. `path` is where it stands ("Bundle.entry[1].resource"). Invalid: no identifier, or one that
/// breaks its own rules.
Result<Person> read_person(tree::Item patient, std::string_view path);

}  // namespace vardbron::care
