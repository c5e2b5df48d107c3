#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <vector>

namespace vardbron::care {

/// Texts of a notice Bundle with more than limits::notice_text_bytes_max bytes, an Invalid for each with its place. Not those of
/// its Communication, which have a limit together (read_content.h), nor what is not taken over: narratives, and the data of
/// attachments elsewhere. For a notice that arrives: one that is stored has been taken.
std::vector<Failure> long_texts(const tree::Document& bundle);

}  // namespace vardbron::care
