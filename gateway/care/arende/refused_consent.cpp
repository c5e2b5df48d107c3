#include "gateway/care/arende/refused_consent.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

/// What the newest decision is, if it is a refusal: "refused", "withdrawn"; empty: it does not, or there is none.
std::string_view refusal_of(const Facts& facts, std::string_view scope) {
  const auto found = facts.consents.all().find(scope);
  if (found == facts.consents.all().end() || !found->second.consent) return "";
  switch (found->second.consent->decision) {
    case Consent::Decision::Refused: return "refused";
    case Consent::Decision::Withdrawn: return "withdrawn";
    case Consent::Decision::Given: break;
  }
  return "";
}

/// Those that get the notice, sorted.
std::vector<std::string> receivers_of(const Facts& facts, std::size_t index) {
  const Notice& notice = *facts.links[index].notice;
  const LinkFacts& link = facts.link_facts[index];
  std::vector<std::string> receivers;
  if (!link.is_released || !link.audience) return receivers;
  for (const std::string& party : *link.audience) {
    const auto is_it = [&](const Party& each) { return each.id == party; };
    const bool is_for = notice.receivers.empty() || std::any_of(notice.receivers.begin(), notice.receivers.end(), is_it);
    if (is_for && party != notice.sender.id) receivers.push_back(party);
  }
  return receivers;
}

std::string content_of(const Notice& notice) {
  const auto files = static_cast<std::size_t>(std::count_if(notice.payloads.begin(), notice.payloads.end(),
                                                            [](const Payload& each) { return each.attachment.has_value(); }));
  const std::size_t texts = notice.payloads.size() - files;
  std::string says = std::string(to_string(notice.says()));
  if (texts > 0) says += ", texts: " + std::to_string(texts);
  if (files > 0) says += ", files: " + std::to_string(files);
  return says;
}

}  // namespace

std::vector<Finding> sent_despite_refusal(const Facts& facts, std::size_t index) {
  std::vector<Finding> findings;
  const ChainEntry& link = facts.links[index];
  const Event event = link.notice->says();
  if (event == Event::Receipt) return findings;
  const std::string_view sharing = refusal_of(facts, "utlamnande"), sip = refusal_of(facts, "sip");
  std::vector<std::string> receivers = sharing.empty() ? std::vector<std::string>() : receivers_of(facts, index);
  if (!receivers.empty())
    findings.push_back(
        {link.identity, "sent-despite-refusal",
         "The consent to the sharing of information (UTLAMNANDE) is " + std::string(sharing) +
             ". Consent is not what the duty to notify rests on (LUS 2:1, 2:4, 3:1, 3:2), and the gateway holds "
             "nothing back: if secrecy hinders what this notice says, cancel it, and leave that out of the next. All the same "
             "this was sent: " +
             content_of(*link.notice),
         std::move(receivers)});
  if (!sip.empty() && event == Event::SipInvitation)
    findings.push_back(
        {link.identity, "call-despite-refusal",
         "The consent to a SIP is " + std::string(sip) +
             ", and a plan may be made only if the patient consents (LUS 4:2). If that has changed, send the consent; "
             "else cancel the call."});
  return findings;
}

}  // namespace vardbron::care
