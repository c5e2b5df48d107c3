#pragma once

// Tested by tests/exchange/act_care_team_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/chain/elements.h"
#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::exchange {

/// What a party asks for by POST or PUT of a resource, and what is known of it. An act becomes a notice of what it says; a
/// resource is projected from the chain, never stored from the body.
struct ActInput {
  tree::Item body;
  tree::Item current{};  ///< the resource as it is; empty: it is to be made
  tree::Item read{};     ///< the earlier version that the party read; empty: none, or it is the current one
  const std::map<std::string, care::Party>& units;     ///< those that the body names and that are known here, by id
  const std::map<std::string, tree::Document>& found;  ///< Goals and Tasks that the body refers to, by "Type/id"
  const std::map<std::string, std::string>& keys;      ///< what a plan's notices call these, if they do
  const std::string& sender;                           ///< id of the unit that acts
  WallTime now{};
};

/// The event and what it says; who sends it, of whom and when is the caller's to add. Nothing: it changes nothing. Unsupported:
/// the first element that would not be kept, and why. Forbidden: it is another unit's to say.
using ActRead = Result<std::optional<care::Notice>>;
using ReadAct = ActRead (*)(const ActInput&);

/// What an element of the body is to an act; every other one must be as it was read, or be left out.
enum class Said : std::uint8_t {
  Always,      ///< taken over
  WhenCreated  ///< taken over as the resource is made, and not changed afterwards
};
/// What such an element may hold; anything else in it is refused.
enum class Holds : std::uint8_t {
  Own,         ///< its reader checks it
  Value,       ///< a value, without extensions
  Reference,   ///< reference, type, identifier, display
  Concept,     ///< coding with system, version, code and display
  Identifier,  ///< system, value, use, type, assigner
};
struct ActElement {
  std::string_view name;
  Holds holds = Holds::Own;
  Said said = Said::Always;
};

/// Where an act names what it is about, as paths below the resource; "" = it does not name it.
struct ActPlaces {
  std::string_view stay, plan, person;
  std::string_view unit;  ///< whose resource it is, whose unit alone may write it
};

/// What an act is about: the chain to which its resource belongs.
enum class ActFloor : std::uint8_t { Stay, Plan };

/// A type of resource whose POST or PUT is an act.
struct ActType {
  std::string_view type;
  bool may_create = false;
  ReadAct read;
  std::span<const ActElement> elements;
  ActFloor floor = ActFloor::Stay;
  ActPlaces places;
  /// Below its chain, of the resource that such a notice makes, the likeliest first; null: it makes none.
  std::vector<std::string> (*names)(const care::Notice&);
  /// Does the resource say what the notice says, though another one made it? Null: never.
  bool (*says_it)(tree::Item resource, const care::Notice&);
  std::string_view keeps;  ///< what a party may say: part of a refusal
  std::string_view ends;   ///< what ends one: the answer to DELETE
};

std::span<const ActType> act_types();
/// Null: no act is of that type.
const ActType* find_act(std::string_view type);

/// Unsupported: the first element that is neither one of the act's nor as it was read.
Result<void> check_elements(const ActType& act, const ActInput& input);
/// The body has the element, and it is neither as it is nor as the party read it.
bool changes(const ActInput& input, std::string_view name);
/// Unsupported, with the place: a part of an element that is not kept.
Failure not_kept(std::string says, std::string where);

/// The id of the organisation that an Identifier names: an HSA-id, else "system|value"; "" = none.
std::string organisation_at(tree::Item identifier);
/// Unsupported: the gateway knows no such organisation, so it does not know whose it is.
Result<care::Party> unit_at(const ActInput& input, const care::Place& reference);

// act_care_team.cpp
ActRead read_care_team_act(const ActInput& input);
std::vector<std::string> names_of_contact(const care::Notice& notice);
bool is_team_of_contact(tree::Item team, const care::Notice& notice);
// act_care_plan.cpp
ActRead read_care_plan_act(const ActInput& input);
std::vector<std::string> names_of_plan(const care::Notice& notice);
/// Unsupported: it is not the one that holds, or the body names another identity than its own.
Result<void> check_replaced(tree::Item body, tree::Item replaced);
// act_appointment.cpp
ActRead read_appointment_act(const ActInput& input);
std::vector<std::string> names_of_meeting(const care::Notice& notice);
// act_consent.cpp
ActRead read_consent_act(const ActInput& input);
std::vector<std::string> names_of_consent(const care::Notice& notice);
/// Unsupported: it was decided before what the Consent says, and differs.
Result<void> check_is_newest(tree::Item known, const care::Consent& said);
// act_communication.cpp
ActRead read_communication_act(const ActInput& input);

}  // namespace vardbron::exchange
