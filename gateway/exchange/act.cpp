#include "gateway/exchange/act.h"

#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace vardbron::exchange {

namespace {

using care::Items;
using tree::Item;

constexpr std::array care_team_elements{ActElement{"identifier", Holds::Identifier, Said::WhenCreated},
                                        ActElement{"status", Holds::Value},
                                        ActElement{"category", Holds::Concept, Said::WhenCreated},
                                        ActElement{"subject", Holds::Reference, Said::WhenCreated},
                                        ActElement{"encounter", Holds::Reference, Said::WhenCreated},
                                        ActElement{"period", Holds::Own},
                                        ActElement{"participant", Holds::Own},
                                        ActElement{"contained", Holds::Own},
                                        ActElement{"telecom", Holds::Own},
                                        ActElement{"managingOrganization", Holds::Reference, Said::WhenCreated}};

constexpr std::array care_plan_elements{ActElement{"identifier", Holds::Identifier, Said::WhenCreated},
                                        ActElement{"status", Holds::Value},
                                        ActElement{"intent", Holds::Value, Said::WhenCreated},
                                        ActElement{"category", Holds::Concept, Said::WhenCreated},
                                        ActElement{"title", Holds::Value, Said::WhenCreated},
                                        ActElement{"description", Holds::Value},
                                        ActElement{"subject", Holds::Reference, Said::WhenCreated},
                                        ActElement{"encounter", Holds::Reference, Said::WhenCreated},
                                        ActElement{"author", Holds::Own},
                                        ActElement{"contributor", Holds::Own, Said::WhenCreated},
                                        ActElement{"replaces", Holds::Reference, Said::WhenCreated},
                                        ActElement{"goal", Holds::Own},
                                        ActElement{"contained", Holds::Own},
                                        ActElement{"activity", Holds::Own},
                                        ActElement{"note", Holds::Own}};

constexpr std::array appointment_elements{ActElement{"identifier", Holds::Identifier, Said::WhenCreated},
                                          ActElement{"status", Holds::Value},
                                          ActElement{"extension", Holds::Own, Said::WhenCreated},
                                          ActElement{"supportingInformation", Holds::Reference, Said::WhenCreated},
                                          ActElement{"start", Holds::Value},
                                          ActElement{"end", Holds::Value},
                                          ActElement{"participant", Holds::Own}};

constexpr std::array consent_elements{ActElement{"identifier", Holds::Identifier, Said::WhenCreated},
                                      ActElement{"status", Holds::Value},
                                      ActElement{"scope", Holds::Concept, Said::WhenCreated},
                                      ActElement{"category", Holds::Concept, Said::WhenCreated},
                                      ActElement{"patient", Holds::Reference, Said::WhenCreated},
                                      ActElement{"dateTime", Holds::Value},
                                      ActElement{"performer", Holds::Own},
                                      ActElement{"policyRule", Holds::Concept},
                                      ActElement{"provision", Holds::Own, Said::WhenCreated}};

constexpr std::array communication_elements{ActElement{"received", Holds::Value}};

constexpr std::array table{
    ActType{
        "CareTeam",
        true,
        read_care_team_act,
        care_team_elements,
        ActFloor::Stay,
        {"encounter", "", "subject", "managingOrganization"},
        names_of_contact,
        is_team_of_contact,
        "of a fast vårdkontakt its unit says who it is (participant, contained, telecom), and when it ends (status, period.end)",
        "A fast vårdkontakt is ended by PUT of its CareTeam with status inactive, or with period.end."},
    ActType{"CarePlan",
            true,
            read_care_plan_act,
            care_plan_elements,
            ActFloor::Plan,
            {"encounter", "replaces", "subject", ""},
            names_of_plan,
            nullptr,
            "of a plan a unit that takes part says what it states (description, author, activity, goal, note) and its status",
            "A plan is closed by PUT with status completed."},
    ActType{
        "Appointment",
        true,
        read_appointment_act,
        appointment_elements,
        ActFloor::Plan,
        {"", "supportingInformation", "", ""},
        names_of_meeting,
        nullptr,
        "of a meeting a unit says when it is (start, end), whether it comes (its participant.status), and that it was held or "
        "is called off (status); the place is a participant of type Location",
        "A meeting is called off by PUT with status cancelled."},
    ActType{"Consent",
            true,
            read_consent_act,
            consent_elements,
            ActFloor::Plan,
            {"provision.data.reference", "provision.data.reference", "patient", ""},
            names_of_consent,
            nullptr,
            "of a consent its status, dateTime, performer and policyRule are said, and as it is made what it is about (category, "
            "provision)",
            "A consent is taken back by PUT with status inactive."},
    ActType{"Communication",
            false,
            read_communication_act,
            communication_elements,
            ActFloor::Stay,
            {"encounter", "", "subject", "recipient"},
            nullptr,
            nullptr,
            "of a Communication its recipient says that it was received; what is to be said in words is a notice",
            "What was sent is cancelled by a notice nullified of its sender."}};

// The version, and the profile that the body is said to be of, are about the body.
constexpr std::array<std::string_view, 3> of_the_body = {"versionId", "lastUpdated", "profile"};

bool is_as_in(const Items& list, Item known) {
  if (!known) return false;
  const Items there = care::items_of(known, list.front().name_text());
  return std::equal(list.begin(), list.end(), there.begin(), there.end(), care::is_same_element);
}

bool is_as_read(const ActInput& input, const Items& list, std::string_view below) {
  const auto in = [&](Item known) { return below.empty() ? known : known.child(below); };
  return is_as_in(list, in(input.current)) || is_as_in(list, in(input.read));
}

using Names = std::initializer_list<std::string_view>;

Names names_in(Holds holds) {
  static constexpr Names none{}, reference{"reference", "type", "identifier", "display"}, coding{"coding"},
      identifier{"system", "value", "use", "type", "assigner"};
  switch (holds) {
    case Holds::Reference: return reference;
    case Holds::Concept: return coding;
    case Holds::Identifier: return identifier;
    default: return none;
  }
}

/// The first part of an element that is none of those; no place: there is none.
std::string part_beside(const care::Place& place, Names names) {
  for (Item child = place.item.first_child(); child; child = child.next())
    if (std::find(names.begin(), names.end(), child.name_text()) == names.end())
      return place.where + "." + std::string(child.name_text());
  return {};
}

std::string part_not_kept(const care::Place& place, Holds holds) {
  if (holds == Holds::Own) return {};
  std::string part = part_beside(place, names_in(holds));
  if (holds == Holds::Concept)
    for (const care::Place& coding : care::places_of(place, "coding"))
      if (part.empty()) part = part_beside(coding, {"system", "version", "code", "display"});
  return part;
}

/// The element, or the first of its list that differs from the current one.
std::string place_of(const Items& list, Item current, std::string where) {
  if (!list.front().document->in_list(list.front().node)) return where;
  const Items there = care::items_of(current, list.front().name_text());
  const auto differs =
      std::mismatch(list.begin(), list.end(), there.begin(), there.end(), care::is_same_element).first - list.begin();
  return where + "[" + std::to_string(std::size_t(differs) == list.size() ? 0 : differs) + "]";
}

}  // namespace

std::span<const ActType> act_types() { return table; }

const ActType* find_act(std::string_view type) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const ActType& each) { return each.type == type; });
  return found == table.end() ? nullptr : &*found;
}

Failure not_kept(std::string says, std::string where) { return {Cause::Unsupported, std::move(says), std::move(where)}; }

Result<void> check_elements(const ActType& act, const ActInput& input) {
  const bool is_new = !input.current;
  const std::string advice = is_new ? "Leave it out." : "Send it as it was read, or leave it out.";
  const std::string says = "This is not kept: " + std::string(act.keeps) + ". " + advice;
  for (const auto& [name, list] : care::by_name(input.body)) {
    if (name == "resourceType" || name == "id") continue;
    const std::string where = std::string(act.type) + "." + std::string(name);
    if (name == "meta") {
      for (const auto& [part, parts] : care::by_name(list.front()))
        if (std::find(of_the_body.begin(), of_the_body.end(), part) == of_the_body.end() && !is_as_read(input, parts, "meta"))
          return not_kept(says, where + "." + std::string(part));
      continue;
    }
    if (is_as_read(input, list, "")) continue;
    const auto taken =
        std::find_if(act.elements.begin(), act.elements.end(), [&](const ActElement& each) { return each.name == name; });
    if (taken == act.elements.end() || (!is_new && taken->said == Said::WhenCreated))
      return not_kept(says, place_of(list, input.current, where));
    const bool is_list = list.front().document->in_list(list.front().node);
    for (std::size_t index = 0; index < list.size(); ++index) {
      const care::Place place{list[index], where + (is_list ? "[" + std::to_string(index) + "]" : std::string())};
      if (std::string part = part_not_kept(place, taken->holds); !part.empty())
        return not_kept("This is not kept. Leave it out.", std::move(part));
    }
  }
  return done();
}

bool changes(const ActInput& input, std::string_view name) {
  const Items list = care::items_of(input.body, name);
  return !list.empty() && !is_as_read(input, list, "");
}

std::string organisation_at(Item identifier) {
  const std::string system(identifier.text_of("system")), value(identifier.text_of("value"));
  if (value.empty()) return "";
  const bool is_hsa_id = system.empty() || sweden::find_system(system) == sweden::IdentifierSystem::HsaId;
  return is_hsa_id ? sweden::normal_hsa_id(value) : system + "|" + value;
}

Result<care::Party> unit_at(const ActInput& input, const care::Place& reference) {
  for (Item child = reference.item.first_child(); child; child = child.next()) {
    const std::string_view name = child.name_text();
    if (name != "type" && name != "identifier" && name != "display")
      return not_kept("An organisation is named by its identifier. Leave this out.", reference.where + "." + std::string(name));
  }
  const std::string id = organisation_at(reference.item.child("identifier"));
  if (id.empty()) return not_kept("Name the organisation by its identifier (HSA-id).", reference.where + ".identifier");
  const auto found = input.units.find(id);
  if (found != input.units.end()) return found->second;
  return not_kept(
      "\"" + sweden::shown(id) +
          "\" is no organisation that the gateway knows, so it does not know whose it is. It is known once a notice has "
          "named it with its part-roll.",
      reference.where + ".identifier");
}

}  // namespace vardbron::exchange
