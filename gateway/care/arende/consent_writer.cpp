#include "gateway/care/arende/consent_writer.h"

#include <algorithm>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view area_system = "http://terminology.hl7.org/CodeSystem/consentscope";

std::vector<std::string> readers_of(const Facts& facts, const Consents::Entry& entry) {
  if (!entry.consent) return facts.members.hospital();
  const Notice& notice = *facts.links[entry.link].notice;
  const LinkFacts& link = facts.link_facts[entry.link];
  std::vector<std::string> readers = {notice.sender.id};
  if (link.is_released && link.audience) {
    for (const std::string& party : *link.audience) {
      const auto is_it = [&](const Party& one) { return one.id == party; };
      if (notice.receivers.empty() || std::any_of(notice.receivers.begin(), notice.receivers.end(), is_it))
        readers.push_back(party);
    }
  }
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  return readers;
}

}  // namespace

std::string consent_id(const CaseWriter& writer, std::string_view scope) { return writer.id_of("Consent", scope); }

Projected consent(const Facts& facts, const CaseWriter& writer, const std::string& scope, const Consents::Entry& entry) {
  Projected projected = writer.start("Consent", consent_id(writer, scope));
  projected.parties = readers_of(facts, entry);
  if (!writer.writes()) return projected;
  Branch root(projected.document, 0);
  const bool is_known = entry.consent && facts.standing.state != State::Makulerad;
  root.text("status", is_known ? status_of(entry.consent->decision) : "entered-in-error");
  root.concept_of("scope", area_system, "patient-privacy");
  root.concept_item("category", consent_scope_system, scope);
  writer.refer_to_patient(root, "patient");
  if (!is_known) {
    root.concept_of("policyRule", consent_basis_system, "samtycke");
    return projected;
  }
  const Consent& said = *entry.consent;
  const Notice& notice = *facts.links[entry.link].notice;
  root.text("dateTime", said.at.empty() ? notice.happened.text : said.at);
  // The unit of a protected person, and somebody who could be asked, are left out.
  if (facts.person.protection == Protection::None) {
    if (!said.by.empty()) root.item("performer").text("display", said.by);
    writer.refer_logically(root.item("organization"), notice.sender.id);
  }
  root.concept_of("policyRule", consent_basis_system, said.is_menprovning ? "menprovning" : "samtycke");
  root.object("provision").text("type", said.decision == Consent::Decision::Given ? "permit" : "deny");
  return projected;
}

}  // namespace vardbron::care
