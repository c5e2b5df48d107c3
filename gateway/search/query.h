#pragma once

#include "gateway/base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

enum class KeyKind : std::uint8_t { Token, Reference, Date, String, Uri };

/// One indexed value of one search parameter of one resource. Source: FHIR R4 search.html.
struct Key {
  std::string parameter;  ///< "owner", "identifier", "_lastUpdated" ..
  KeyKind kind = KeyKind::Token;
  std::string system;  ///< token: system; reference by identifier: its system; string: as it was written (for :exact)
  std::string value;   ///< token: code; reference: "Type/id" or the identifier's value; string: normalized (match.h); uri
  std::int64_t from_ms = 0, to_ms = 0;  ///< date: first and last millisecond of the period, UTC
  bool common = false;                  ///< one of few values (a code, a boolean): a store may filter by it without an index
  bool operator==(const Key&) const = default;
};

enum class Prefix : std::uint8_t { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb };
enum class Modifier : std::uint8_t { None, Exact, Contains, Not, Missing, Identifier };

/// One of the comma separated values of a parameter.
struct Operand {
  Prefix prefix = Prefix::Eq;
  bool any_system = true;  ///< "code"; false for "system|code" and "|code" (then system is empty)
  std::string system, value;
  std::int64_t from_ms = 0, to_ms = 0;
};

/// parameter[:modifier]=operand,operand .. (OR); several criteria are ANDed.
struct Criterion {
  std::string parameter;
  KeyKind kind = KeyKind::Token;
  Modifier modifier = Modifier::None;
  std::vector<Operand> operands;
};

/// A parsed search on one resource type.
struct Query {
  std::string resource_type;
  std::vector<Criterion> criteria;
  std::size_t count = 50;   ///< page size; 0 = only the total
  std::string after;        ///< opaque position of the last page's end; "" = from the start
  bool descending = false;  ///< _sort=-_lastUpdated; default is _lastUpdated ascending, then id
};

}  // namespace vardbron::search
