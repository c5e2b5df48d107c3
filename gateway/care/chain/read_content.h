#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::care {

/// Reads the payloads of a notice's Communication: what it says in words, and its files. What is not taken over becomes a doubt
/// of the notice. `path` is the Communication's. TooLarge: more text than limits::payload_bytes_per_notice_max, or more payloads
/// than limits::payloads_per_notice_max.
Result<void> read_content(tree::Item communication, std::string_view path, Notice& notice);

}  // namespace vardbron::care
