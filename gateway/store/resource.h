#pragma once

#include "gateway/base/clock.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// One version of a resource.
struct Resource {
  std::string type, id;
  std::int64_t version = 0;  ///< 1, 2, 3 ..
  WallTime last_updated{};
  bool deleted = false;
  std::string case_key;  ///< the case that projects it (Change::case_key when it was first written); "" = none
  std::string body;      ///< FHIR JSON with meta.versionId and meta.lastUpdated; "" when deleted
};

struct ResourceName {
  std::string type, id;
};

enum class Bodies : std::uint8_t { With, Without };

/// The party that means every organisation that is party to anything: what it may see is a register that all of them read. Who is
/// party to nothing is answered as by a store that has nothing.
inline constexpr std::string_view every_organisation = "*";

struct ResourceWrite {
  std::string type, id;
  std::string body;                   ///< FHIR JSON, compact, beginning {"resourceType":"..","id":"..","meta":{ - the store puts
                                      ///< versionId and lastUpdated into meta (store/meta.h); without meta it adds one
  std::int64_t expected_version = 0;  ///< version this write replaces; 0 = must not exist yet
  bool deleted = false;               ///< a DELETE: body is empty, the version stays readable as Gone
  std::vector<search::Key> keys;
  std::vector<std::string> parties;  ///< organisations (HSA-id) that may see it, or every_organisation; nobody else finds it
};

struct ResourceVersion {
  std::string type, id;
  std::int64_t version = 0;
};

struct Page {
  std::vector<Resource> resources;
  std::vector<Resource> included;     ///< by search::Query::includes, each once and none that is in `resources`
  bool is_cut = false;                ///< there were more to include than limits::search_included_max
  bool lacks_newest = false;          ///< search::Query::may_lack_newest, and what was committed last is not found
  std::optional<std::int64_t> total;  ///< as asked for; also of a page that has all results
  std::string after;                  ///< for the next page; "" = this was the last one
  std::string before;                 ///< for the previous one; "" = this was the first one
};

/// Which versions of resources: of one, or of all of a type. Newest first.
struct HistoryQuery {
  std::string type;
  std::string id;                    ///< "" = of all resources of the type
  std::optional<WallTime> since;     ///< made at or after this time
  std::optional<WallTime> at_first;  ///< with at_last: current at some time of this period. Source: R4 http.html#history
  std::optional<WallTime> at_last;
  std::size_t count = 50;
  std::string after;  ///< Page::after
};

/// Who is asking: an organisation that sees what it is party to, or an operator that sees all.
struct Reader {
  std::string organisation;
  bool sees_all = false;
};

}  // namespace vardbron::store
