#include "gateway/care/chain/consents.h"

#include <algorithm>
#include <array>

namespace vardbron::care {
namespace {

// fhir-profiles/README.md, samtycke-omfattning.
constexpr std::array<std::string_view, 4> scopes = {"sip", "utlamnande", "sammanhallen-journal", "arbetsgivare"};

}  // namespace

std::string_view status_of(Consent::Decision decision) {
  switch (decision) {
    case Consent::Decision::Given: return "active";
    case Consent::Decision::Refused: return "rejected";
    case Consent::Decision::Withdrawn: break;
  }
  return "inactive";
}

bool is_consent_scope(std::string_view code) { return std::find(scopes.begin(), scopes.end(), code) != scopes.end(); }

void Consents::note(const std::vector<ChainEntry>& links) {
  for (const ChainEntry& link : links)
    if (link.notice && link.notice->consent)
      for (const std::string& scope : link.notice->consent->scopes) entries_.try_emplace(scope);
}

void Consents::take(const std::vector<ChainEntry>& links, std::size_t link) {
  const Notice& notice = *links[link].notice;
  if (!notice.consent) return;
  for (const std::string& scope : notice.consent->scopes) entries_[scope] = {&*notice.consent, link};
}

void Consents::point_into(const std::vector<ChainEntry>& links) {
  for (auto& [scope, entry] : entries_)
    if (entry.consent != nullptr) entry.consent = &*links[entry.link].notice->consent;
}

}  // namespace vardbron::care
