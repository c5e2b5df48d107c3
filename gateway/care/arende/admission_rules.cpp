#include "gateway/care/arende/admission_rules.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::chrono::hours time_to_send{24};

bool is_admission(const ChainEntry& link) {
  return link.notice && link.link_status == LinkStatus::Effective && link.notice->event != Event::Nullified &&
         link.notice->says() == Event::Admission;
}

/// The last moment that the text may mean; none for a month or a year alone.
std::optional<WallTime> last_moment_of(std::string_view text) {
  if (text.size() < 8) return std::nullopt;
  Result<time::CivilTime> read = time::parse_civil(text);
  if (!read) return std::nullopt;
  return text.size() > 10 ? read->at : time::end_of(time::day_of(read->at));
}

/// When the patient was admitted without need, the later assessment is the admission notice's own time.
bool was_admitted_without_need(const Facts& facts) {
  return std::any_of(facts.links.begin(), facts.links.end(), [](const ChainEntry& link) {
    return link.notice && link.link_status == LinkStatus::Effective && link.notice->says() == Event::AdmissionLocal;
  });
}

bool has_name(const Person& person) { return !person.family.empty() || !person.name_text.empty(); }

bool lacks_address(const Person& person) { return person.protection == Protection::None && person.addresses.empty(); }

class AdmissionChecker {
 public:
  AdmissionChecker(const Facts& facts, const Policy& policy) : facts_(facts), policy_(policy) {}

  std::vector<AdmissionFinding> run() {
    std::optional<std::size_t> first;
    bool is_to_nursing = false, is_to_oppenvard = false;
    for (std::size_t index = 0; index < facts_.links.size(); ++index) {
      if (!is_admission(facts_.links[index])) continue;
      if (!first) first = index;
      look_at(index);
      for (const Party& party : facts_.links[index].notice->receivers) {
        is_to_nursing |= facts_.members.find(party.id)->plays(Role::KommunalHsv);
        is_to_oppenvard |= facts_.members.find(party.id)->plays(Role::Oppenvard);
      }
    }
    if (is_to_nursing && !is_to_oppenvard)
      add(*first, "no-oppenvard",
          "öppenvård missing: the admission notice is for municipal health care, so it is to go to the region's öppenvård too "
          "(LUS "
          "2:1 st 2).");
    return std::move(found_);
  }

 private:
  void look_at(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    const Notice& notice = *link.notice;
    const std::optional<WallTime> last = last_moment_to_send(facts_, notice);
    if (last && first_sent(facts_, link) > *last)
      add(index, "admission-notice-late",
          "The admission notice was sent more than 24 hours after the admission (LUS 2:3). If the need was found later, say "
          "when.");
    if (!last)
      add(index, "no-admission-time",
          "No notice says when the patient was admitted, so it cannot be seen whether the admission notice was sent within 24 "
          "hours "
          "(LUS 2:3), and a person decides on the charge. Send a correction with the time.");
    if (!has_name(notice.person)) add(index, "no-name", "The admission notice does not give the patient's name (LUS 2:2).");
    if (notice.person.gender.empty())
      add(index, "no-gender", "The admission notice does not say the patient's gender. If it is not known, send that it is not.");
    if (facts_.person.protection > facts_.own_protection)
      add(index, "protected-elsewhere",
          "Another ärende of this person has the identity as protected, so it is protected in this one too: nobody is sent the "
          "address or the municipality. If it is right, say so in your notices; if not, have that ärende corrected.");
    if (lacks_address(notice.person))
      add(index, "no-address", "The admission notice does not give the patient's address of registration (LUS 2:2).");
    if (policy_.planned_discharge_is_expected && notice.stay.planned_discharge.empty() && facts_.stay.planned_discharge.empty())
      add(index, "no-planned-discharge", "The admission notice does not say when the patient is expected to leave (LUS 2:2).");
  }

  void add(std::size_t link, std::string_view code, std::string_view says) { found_.push_back({link, code, says}); }

  const Facts& facts_;
  const Policy& policy_;
  std::vector<AdmissionFinding> found_;
};

}  // namespace

std::optional<WallTime> last_moment_to_send(const Facts& facts, const Notice& admission) {
  const std::string& start = admission.stay.period_start.empty() ? facts.admitted : admission.stay.period_start;
  std::optional<WallTime> from = last_moment_of(start);
  if (admission.need_assessed) {
    const WallTime assessed = last_moment_of(admission.need_assessed->text).value_or(admission.need_assessed->at);
    from = from ? std::max(*from, assessed) : assessed;
  }
  if (was_admitted_without_need(facts)) from = std::max(from.value_or(admission.happened.at), admission.happened.at);
  if (!from) return std::nullopt;
  return *from + time_to_send;
}

WallTime first_sent(const Facts& facts, const ChainEntry& link) {
  WallTime first = facts.sent(*link.notice);
  for (const ChainEntry& other : facts.links) {
    if (!other.notice || other.root != link.root || other.notice->event == Event::Nullified) continue;
    if (other.link_status != LinkStatus::Withheld) first = std::min(first, facts.sent(*other.notice));
  }
  return first;
}

std::vector<AdmissionFinding> admission_findings(const Facts& facts, const Policy& policy) {
  return AdmissionChecker(facts, policy).run();
}

}  // namespace vardbron::care
