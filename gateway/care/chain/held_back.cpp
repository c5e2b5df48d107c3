#include "gateway/care/chain/held_back.h"

#include <algorithm>

namespace vardbron::care {
namespace {

bool is_admitted_after(const std::vector<ChainEntry>& links, std::size_t index) {
  return std::any_of(links.begin() + static_cast<std::ptrdiff_t>(index), links.end(), [](const ChainEntry& link) {
    return link.notice && link.link_status == LinkStatus::Effective && link.notice->says() == Event::Admission;
  });
}

}  // namespace

std::string why_nobody_is_notified(const std::vector<ChainEntry>& links, std::size_t index) {
  const Event event = links[index].notice->says();
  std::string says = "Nobody was told: ";
  if (!is_admitted_after(links, index)) {
    says +=
        "no admission notice of this case counts, and before one nothing may leave the region. The notice is kept, and told when "
        "an admission notice comes that happened before it.";
  } else {
    says += event == Event::Discharge ? "the discharge lies before the admission."
                                      : "by its time this happened before the admission of the case.";
    says += " Before an admission nothing may leave the region; the notice is kept and changes nothing. Check both times.";
  }
  if (event == Event::Death) says += " If somebody waits for the patient, tell them by telephone.";
  return says;
}

std::string why_nobody_is_asked(const ChainEntry& link) {
  const bool asks = link.notice && link.link_status == LinkStatus::Effective &&
                    (link.notice->says() == Event::Admission || link.notice->says() == Event::DischargeReady);
  if (!asks) return {};
  return "Nobody is asked to do anything: another ärende of the patient has the patient's death, so the Tasks of this one are "
         "cancelled. If the patient lives, who sent that notice of death has to cancel it; until then call the parties.";
}

}  // namespace vardbron::care
