// Tested by tests/rest/plan_acts_test.cpp.

#include "gateway/care/chain/consents.h"
#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

using care::Consent;
using care::Place;
using tree::Item;

constexpr std::size_t day_size = std::string_view("2026-03-12").size();

Result<void> only_of_consent(const Place& place, std::initializer_list<std::string_view> names) {
  for (Item child = place.item.first_child(); child; child = child.next())
    if (std::find(names.begin(), names.end(), child.name_text()) == names.end())
      return not_kept("This is not kept of a consent. Leave it out.", place.where + "." + std::string(child.name_text()));
  return done();
}

/// The codes of one system; one of another system is no code here.
Result<std::string> one_code(const Place& place, std::string_view system, std::string_view meaning) {
  const std::vector<Place> codings = care::places_of(place, "coding");
  if (codings.size() == 1 && codings[0].item.text_of("system") == system) return std::string(codings[0].item.text_of("code"));
  return not_kept(std::string(meaning) + ": one code of " + std::string(system) + ".", place.where);
}

Result<Consent::Decision> decision_of(std::string_view status) {
  for (const Consent::Decision each : {Consent::Decision::Given, Consent::Decision::Refused, Consent::Decision::Withdrawn})
    if (status == care::status_of(each)) return each;
  return not_kept(
      "A consent is given (active), refused (rejected) or withdrawn (inactive); one that was wrong is cancelled by a "
      "notice nullified.",
      "Consent.status");
}

/// Reads a consent of the body, and of what is known where the body leaves an element out.
class ConsentBody {
 public:
  explicit ConsentBody(const ActInput& input) : input_(input) {}

  ActRead read() {
    for (Result<void> (ConsentBody::*step)() : {&ConsentBody::read_decision, &ConsentBody::read_scopes, &ConsentBody::read_basis,
                                                &ConsentBody::read_performer, &ConsentBody::read_provision})
      if (Result<void> taken = (this->*step)(); !taken) return std::move(taken).failure();
    notice_.event = care::Event::Consent;
    notice_.consent = std::move(said_);
    return std::optional(std::move(notice_));
  }

 private:
  Item source(std::string_view name) const { return input_.body.child(name) ? input_.body : input_.current; }
  std::vector<Place> list(std::string_view name) const { return care::places_of({source(name), "Consent"}, name); }

  Result<void> read_decision() {
    Result<Consent::Decision> decision = decision_of(source("status").text_of("status"));
    if (!decision) return std::move(decision).failure();
    said_.decision = *decision;
    const Item at = input_.body.child("dateTime");  // when an earlier one was decided says nothing of this one
    const bool is_new_time = at && (!input_.current || changes(input_, "dateTime"));
    if (!is_new_time) return done();
    const Result<time::CivilTime> moment = time::parse_civil(at.text());
    if (!moment || moment->at > input_.now)
      return not_kept("When it was decided is no moment that has come.", "Consent.dateTime");
    said_.at = at.text();
    return done();
  }

  Result<void> read_scopes() {
    const Item scope = input_.body.child("scope");
    const care::Items codings = care::items_of(scope, "coding");
    if (scope && (codings.size() != 1 || codings.front().text_of("code") != "patient-privacy"))
      return not_kept("A consent here is about the sharing of information: patient-privacy.", "Consent.scope");
    for (const Place& each : list("category")) {
      Result<std::string> code = one_code(each, care::consent_scope_system, "What the consent is about");
      if (!code) return std::move(code).failure();
      if (!care::is_consent_scope(*code)) return not_kept("This is no code of samtycke-omfattning.", each.where);
      said_.scopes.push_back(*std::move(code));
    }
    if (said_.scopes.size() == 1) return done();
    return not_kept("What the consent is about: one category. Each has a Consent of its own.", "Consent.category");
  }

  Result<void> read_basis() {
    const Item rule = source("policyRule").child("policyRule");
    if (!rule) return done();
    Result<std::string> code = one_code({rule, "Consent.policyRule"}, care::consent_basis_system, "On what it rests");
    if (!code) return std::move(code).failure();
    if (*code != "samtycke" && *code != "menprovning")
      return not_kept("This is no code of samtycke-grund.", "Consent.policyRule");
    said_.is_menprovning = *code == "menprovning";
    return done();
  }

  Result<void> read_performer() {
    const std::vector<Place> performers = list("performer");
    if (performers.size() > 1) return not_kept("Who decided is one.", performers[1].where);
    if (performers.empty()) return done();
    said_.by = performers.front().item.text_of("display");
    if (said_.by.empty()) return not_kept("Who decided is the display.", performers.front().where + ".display");
    return only_of_consent(performers.front(), {"type", "display"});
  }

  Result<void> read_provision() {
    const Place provision{source("provision").child("provision"), "Consent.provision"};
    if (!provision.item) return done();
    if (Result<void> checked = only_of_consent(provision, {"type", "actor", "data"}); !checked) return checked;
    const std::vector<Place> data = care::places_of(provision, "data");
    if (data.size() > 1)
      return not_kept("A consent is about one plan or one ärende: each has a Consent of its own.", data[1].where);
    for (const Place& each : data)
      if (Result<void> checked = only_of_consent(each, {"meaning", "reference"}); !checked) return checked;
    const std::string_view type = input_.body.child("provision").text_of("type");
    const bool is_given = said_.decision == Consent::Decision::Given;
    const bool is_as_read = input_.current && !changes(input_, "provision");
    if (!type.empty() && !is_as_read && type != (is_given ? "permit" : "deny"))
      return not_kept("This differs from the status: active permits, rejected and inactive deny.", "Consent.provision.type");
    for (const Place& actor : care::places_of(provision, "actor")) {
      if (Result<void> checked = only_of_consent(actor, {"role", "reference"}); !checked) return checked;
      const care::Items roles = care::items_of(actor.item.child("role"), "coding");
      if (roles.size() != 1 || roles.front().text_of("code") != "IRCP")
        return not_kept("A unit in a consent is who gets the information: IRCP, alone.", actor.where + ".role");
      Result<care::Party> unit = unit_at(input_, {actor.item.child("reference"), actor.where + ".reference"});
      if (!unit) return std::move(unit).failure();
      said_.units.push_back(unit->id);
      notice_.others.push_back(*std::move(unit));
    }
    if (!said_.units.empty() && said_.scopes != std::vector<std::string>{"sip"})
      return not_kept("A consent that names units is about a plan: its category is sip.", "Consent.category");
    return done();
  }

  const ActInput& input_;
  care::Notice notice_;
  Consent said_;
};

}  // namespace

ActRead read_consent_act(const ActInput& input) {
  constexpr std::array said{"status", "dateTime", "performer", "policyRule"};
  if (input.current && std::none_of(said.begin(), said.end(), [&](std::string_view name) { return changes(input, name); }))
    return std::optional<care::Notice>();
  return ConsentBody(input).read();
}

Result<void> check_is_newest(Item known, const Consent& said) {
  const std::string then(known.text_of("dateTime"));
  if (said.at.empty() || then.empty() || known.text_of("status") == care::status_of(said.decision)) return done();
  // One of a day may be the later one of that day.
  const Result<time::CivilTime> at = time::parse_civil(said.at), other = time::parse_civil(then);
  const bool is_day = said.at.size() <= day_size;
  const bool is_older = is_day ? said.at < then.substr(0, said.at.size()) : at && other && at->at < other->at;
  if (!is_older) return done();
  return not_kept("The person has decided otherwise since (" + then + "), and the newest decision counts.", "Consent.dateTime");
}

std::vector<std::string> names_of_consent(const care::Notice& notice) {
  const Consent& said = *notice.consent;
  if (said.scopes.front() != "sip") return {said.scopes.front()};
  return {"sip|" + (said.units.empty() ? std::string() : said.units.front())};
}

}  // namespace vardbron::exchange
