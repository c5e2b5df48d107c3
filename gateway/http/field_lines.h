#pragma once

#include "gateway/http/message.h"
#include "gateway/http/refusal.h"

#include <optional>
#include <string_view>

namespace vardbron::http {

/// Reads the lines after a head's first one, up to and without the empty line, into `fields`. Inside this folder only.
std::optional<Refusal> parse_field_lines(std::string_view lines, Fields& fields);

/// How often a field of that name stands there.
std::size_t count(const Fields& fields, std::string_view name);

/// Whether the comma-separated values of all fields of that name hold the token; without case.
bool holds_token(const Fields& fields, std::string_view name, std::string_view token);

}  // namespace vardbron::http
