#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::store {

/// Something in a store that is not as this program left it.
struct Finding {
  std::string table;  ///< "journal", "audit", "resource", "event" ..; "seal" = of the store as a whole; "aside" = of the second
                      ///< place of the access log
  std::int64_t number = 0;  ///< of the row in its table; 0 = the place is unknown, or in `says`
  std::string says;         ///< a plain sentence; never a person's name or number
};

/// The store was put back from a backup (`vardbron restore`). Seals from `seal` + 1 to `handed_out` are those of what is gone.
struct Restoration {
  std::int64_t seal = 0;        ///< of the backup
  std::int64_t handed_out = 0;  ///< last seal that had been handed outside; not below `seal`
  std::string at;               ///< instant
};

/// The result of Store::verify().
struct VerifyReport {
  std::int64_t journal = 0, audit = 0, cases = 0, links = 0, resources = 0, versions = 0,
               events = 0;              ///< numbers of rows that were checked
  std::int64_t aside = 0;               ///< rows of the access log in its fallback file, to be taken over by the next start
  std::int64_t seal = 0;                ///< number of the store's seal; 0 = it has none
  std::vector<Restoration> restored{};  ///< in order
  std::int64_t findings_count = 0;      ///< all of them
  std::vector<Finding> findings;        ///< the first of them (limits::verify_findings_max)

  void add(std::string table, std::int64_t number, std::string says);
  bool is_clean() const { return findings_count == 0; }
};

/// {"clean":false,"journal":71, .. ,"findings":[{"table":"journal","number":7,"says":".."}]}
std::string to_json(const VerifyReport& report);

}  // namespace vardbron::store
