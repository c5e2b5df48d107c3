#pragma once

#include "gateway/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

enum class KeyKind : std::uint8_t { Token, Reference, Date, String, Uri, Number, Quantity };

/// One indexed value of one search parameter of one resource. Source: FHIR R4 search.html.
struct Key {
  std::string parameter;  ///< "owner", "identifier", "_lastUpdated" ..
  KeyKind kind = KeyKind::Token;
  std::string system;  ///< token, quantity: system, "" of a unit as people read it; reference by identifier: its system; string:
                       ///< as it was written (for :exact)
  std::string value;  ///< token: code; quantity: code or unit; reference: "Type/id" or the identifier's value; string: normalized
                      ///< (match.h); uri
  std::int64_t from_ms = 0, to_ms = 0;  ///< date: first and last millisecond of the period, UTC
  double low = 0, high = 0;             ///< number, quantity: the value twice, or the ends of a Range, which may be infinite
  bool operator==(const Key&) const = default;
};

enum class Prefix : std::uint8_t { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap };
/// Above and Below are those of uris, at the boundaries of their path segments; other modifiers of the standard are read as
/// criteria without them (search/parse_query.h).
enum class Modifier : std::uint8_t { None, Exact, Contains, Not, Missing, Identifier, Above, Below };

/// One of the comma separated values of a parameter.
struct Operand {
  Prefix prefix = Prefix::Eq;
  bool any_system = true;  ///< "code"; false for "system|code" and "|code" (then system is empty)
  std::string system, value;
  std::int64_t from_ms = 0, to_ms = 0;  ///< date; of ap: widened
  /// Number, quantity. Of eq and ne: low <= x < high rounds to the number as it was written; of ap: within 10 %, with both ends;
  /// of the others: the number itself twice. A quantity without `value` has any unit.
  double low = 0, high = 0;
};

/// parameter[:modifier]=operand,operand .. (OR); several criteria are ANDed.
struct Criterion {
  std::string parameter;
  KeyKind kind = KeyKind::Token;
  Modifier modifier = Modifier::None;
  std::vector<Operand> operands;
};

/// One step of a chain: to the resource that `parameter` refers to, or, reversed, to one whose `parameter` refers to this one.
struct ChainStep {
  std::string parameter;
  std::string type;  ///< of the resource that is reached
  bool is_reversed = false;
  bool operator==(const ChainStep&) const = default;
};

/// subject:Patient.identifier=x, _has:Task:focus:status=x: a criterion of a resource that is reached by steps.
struct Chain {
  std::vector<ChainStep> steps;  ///< 1 to at most three
  Criterion criterion;
};

/// _include=Task:owner:Organization, _revinclude=Task:focus
struct Include {
  bool is_reversed = false;
  bool is_iterated = false;
  std::string source;     ///< type whose parameter refers
  std::string parameter;  ///< "*": each
  std::string target;     ///< type referred to; "" = any
  bool operator==(const Include&) const = default;
};

struct SortKey {
  std::string parameter;
  KeyKind kind = KeyKind::Token;
  bool is_descending = false;
  bool operator==(const SortKey&) const = default;
};

/// Patient/x/Task: resources of which one of the parameters refers to it. Source: R4 compartmentdefinition.html.
struct Compartment {
  std::string reference;                ///< "Patient/x"
  std::vector<std::string> parameters;  ///< of the query's type
};

enum class Total : std::uint8_t { None, Estimate, Accurate };

/// A parsed search on one resource type.
struct Query {
  std::string resource_type;
  std::vector<Criterion> criteria;
  std::vector<std::vector<Chain>> chains;  ///< ANDed; each is met if one of its chains is (a reference may have several types)
  std::vector<Compartment> compartments;   ///< at most one
  std::vector<Include> includes;
  std::vector<SortKey> sort;  ///< none: _lastUpdated ascending; equals are in the order of their ids
  std::size_t count = 50;     ///< page size; 0 = only the total
  Total total = Total::None;
  std::string after;             ///< position of the last page's end, as Page::after; "" = from the start
  bool may_lack_newest = false;  ///< while the disk fails: rather without what was written last than not at all
  std::string before;            ///< likewise Page::before: the page that ends there; not together with `after`
};

}  // namespace vardbron::search
