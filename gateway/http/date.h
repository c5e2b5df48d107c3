#pragma once

#include "gateway/base/clock.h"

#include <optional>
#include <string>
#include <string_view>

/// Times in HTTP fields: Sun, 22 Nov 2026 17:05:09 GMT. Source: RFC 9110, 5.6.7.
namespace vardbron::http {

std::string http_date(WallTime time);

/// The form that http_date writes and every client has to send; the two obsolete forms give nothing.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace vardbron::http
