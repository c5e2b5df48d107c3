#include "gateway/exchange/act_notice.h"

#include "gateway/base/digest.h"
#include "gateway/exchange/act.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/tree/children.h"

#include <utility>

namespace vardbron::exchange {

namespace {

using tree::Item;

constexpr std::string_view act_namespace = "urn:vardbron:akt:";

care::Identity identity_at(Item identifier) {
  return {std::string(identifier.text_of("system")), std::string(identifier.text_of("value"))};
}

void name_stay(care::Notice& notice, Item encounter) {
  notice.case_identity = identity_at(encounter.child("identifier"));
  notice.stay.status = encounter.text_of("status");
  notice.stay.class_code = encounter.child("class").text_of("code") == "EMER" ? "EMER" : "IMP";
}

care::Role role_at(Item organization) {
  care::Role role = care::Role::Unknown;
  tree::for_each_child(organization, "type", [&](Item type) {
    tree::for_each_child(type, "coding", [&](Item coding) {
      for (care::Role each : {care::Role::SlutenVard, care::Role::Socialtjanst, care::Role::KommunalHsv, care::Role::Oppenvard})
        if (role == care::Role::Unknown && coding.text_of("code") == to_string(each)) role = each;
    });
  });
  return role;
}

}  // namespace

care::Identity act_identity(const std::string& organisation, std::string_view what, const tree::Document& body) {
  const std::string said = std::string(what) + "|" + json::write(body);
  return {std::string(act_namespace) + organisation, to_hex(sha256(said)).substr(0, 32)};
}

void name_subject(care::Notice& notice, const ActSubject& subject) {
  if (subject.person)
    tree::for_each_child(tree::root(subject.person->document), "identifier",
                         [&](Item each) { notice.person.identifiers.push_back(identity_at(each)); });
  if (subject.stay) name_stay(notice, tree::root(subject.stay->document));
  if (!subject.plan) return;
  const Item plan = tree::root(subject.plan->document);
  if (!notice.plan) notice.plan.emplace();
  notice.plan->kind = care::find_plan_kind(plan.child("category").child("coding").text_of("code")).value_or(care::PlanKind::Sip);
  const care::Identity identity = identity_at(plan.child("identifier"));
  notice.plan->system = identity.system;
  notice.plan->value = identity.value;
  notice.plan->begun_by = organisation_at(plan.child("identifier").child("assigner").child("identifier"));
  if (!identity.value.empty()) return;
  // The plan of an ärende, whose tag it has.
  const Item tag = plan.child("meta").child("tag");
  notice.case_identity = {std::string(tag.text_of("system")), std::string(tag.text_of("code"))};
  if (notice.stay.status.empty()) notice.stay.status = "in-progress";
  if (notice.stay.class_code.empty()) notice.stay.class_code = "IMP";
}

std::string reference_to_patient(const ActSubject& subject) {
  const std::optional<ReadResource>& source = subject.plan ? subject.plan : subject.stay;
  return source ? std::string(tree::root(source->document).child("subject").text_of("reference")) : std::string();
}

care::Party party_of(const std::string& id) {
  care::Party party;
  party.id = id;
  const std::size_t bar = id.find('|');
  if (bar == std::string::npos)
    party.identifier = {std::string(sweden::system_uri(sweden::IdentifierSystem::HsaId)), id};
  else
    party.identifier = {id.substr(0, bar), id.substr(bar + 1)};
  return party;
}

care::Party party_of(const std::string& id, Item organization) {
  care::Party party = party_of(id);
  party.name = organization.text_of("name");
  party.role = role_at(organization);
  return party;
}

bool is_same_act(const care::Notice& notice, const store::RawMessage& kept, const tree::Names& names) {
  if (!notice.identity.system.starts_with(act_namespace)) return false;
  const Result<tree::Document> document = json::parse(kept.body, names);
  if (!document) return false;
  Result<care::Notice> earlier = care::read_notice(*document);
  if (!earlier) return false;
  earlier->case_key = notice.case_key;
  earlier->happened = notice.happened;
  earlier->sent = notice.sent;
  earlier->received = notice.received;
  if (earlier->contact && notice.contact && !notice.contact->until.empty()) earlier->contact->until = notice.contact->until;
  earlier->doubts = notice.doubts;
  earlier->stay.status = notice.stay.status;
  return *earlier == notice;
}

}  // namespace vardbron::exchange
