#pragma once

// Tested by tests/care/consent_test.cpp.

#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/notice.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

inline constexpr std::string_view consent_scope_system = "https://vardbron.example/fhir/CodeSystem/samtycke-omfattning";
inline constexpr std::string_view consent_basis_system = "https://vardbron.example/fhir/CodeSystem/samtycke-grund";

/// FHIR R4 consent-state-codes: "active", "rejected", "inactive".
std::string_view status_of(Consent::Decision decision);
bool is_consent_scope(std::string_view code);  ///< "sip", "utlamnande" ..

/// What the patient decided of each scope, while the chain is folded: the newest decision counts.
class Consents {
 public:
  struct Entry {
    const Consent* consent = nullptr;  ///< null: every notice of it was corrected, cancelled or withheld
    std::size_t link = 0;              ///< that holds it
  };

  /// Before the fold: every scope that any notice names.
  void note(const std::vector<ChainEntry>& links);
  void take(const std::vector<ChainEntry>& links, std::size_t link);
  /// The chain was moved: the entries find their consents in these links.
  void point_into(const std::vector<ChainEntry>& links);
  const std::map<std::string, Entry, std::less<>>& all() const { return entries_; }  ///< by scope

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace vardbron::care
