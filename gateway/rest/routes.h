#pragma once

#include "gateway/base/task.h"
#include "gateway/http/message.h"
#include "gateway/rest/rights.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vardbron::rest {

struct Call;
struct ServiceParts;

/// Answers at once, without a caller.
using OpenHandler = http::Response (*)(const ServiceParts&, const Call&);
/// Answers a caller who has the row's right.
using Handler = Task<http::Response> (*)(const ServiceParts&, Call);

/// A precondition that a write supports.
enum class Obeys : std::uint8_t { None, IfMatch, IfNoneExist };

/// A row of the table: who may send which request, and its handler.
struct Route {
  std::string_view method;  ///< "GET" includes HEAD; or any_method
  std::string_view path;    ///< "{id}" matches any segment, "{type}" must be a stored type, "{...}" matches all further segments
  Right right;
  std::variant<OpenHandler, Handler> handler;  ///< OpenHandler if and only if right is Open
  std::string_view label{};                    ///< of metrics and log; "" = the path
  Obeys obeys = Obeys::None;
};

inline constexpr std::string_view any_method = "*", further_segments = "/{...}", other_route = "other", unread_route = "unread";

/// The rows of a path are adjacent, in the order of their methods in Allow. If several paths match, the first one is taken,
/// whatever its methods.
std::span<const Route> routes();

/// The rows of the first path that matches; empty: not found.
std::span<const Route> rows_of(const std::vector<std::string>& path, std::span<const Route> rows = routes());
/// Null: the method is not allowed.
const Route* row_of(std::span<const Route> rows, std::string_view method);
/// The value of Allow: "GET, HEAD, POST".
std::string allowed_methods(std::span<const Route> rows);

/// What a path with an operation that there is not gets to hear, with the nearest one; "" = it names none, or one that is there.
std::string unknown_operation(const std::vector<std::string>& path);

/// The label of rows_of(path), such as "/fhir/{type}/{id}": one of labels(), whatever a caller writes; other_route for no rows.
std::string_view label_of(std::span<const Route> rows);
/// All labels without duplicates, with other_route and unread_route.
std::span<const std::string_view> labels();

}  // namespace vardbron::rest
