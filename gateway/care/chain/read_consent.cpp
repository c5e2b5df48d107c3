#include "gateway/care/chain/read_consent.h"

#include "gateway/base/text.h"
#include "gateway/care/chain/consents.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;
using Decision = Consent::Decision;

std::optional<Decision> decision_of(std::string_view status) {
  for (Decision decision : {Decision::Given, Decision::Refused, Decision::Withdrawn})
    if (status == status_of(decision)) return decision;
  return std::nullopt;
}

/// The codes of one system in a CodeableConcept.
template <class Use>
void for_each_code(Item concept_item, std::string_view system, Use use) {
  tree::for_each_child(concept_item, "coding", [&](Item coding) {
    if (trim(coding.text_of("system")) == system) use(std::string(trim(coding.text_of("code"))));
  });
}

void doubt(Notice& notice, std::string says) { notice.doubts.push_back({"doubtful-value", std::move(says)}); }

std::vector<std::string> scopes_of(Item item, Notice& notice) {
  std::vector<std::string> scopes;
  tree::for_each_child(item, "category", [&](Item category) {
    for_each_code(category, consent_scope_system, [&](std::string code) {
      if (!is_consent_scope(code))
        doubt(notice, "A consent is about something that is no code of samtycke-omfattning; it is not kept for that.");
      else if (std::find(scopes.begin(), scopes.end(), code) == scopes.end())
        scopes.push_back(std::move(code));
    });
  });
  return scopes;
}

bool is_menprovning(Item item, Notice& notice) {
  bool is_it = false;
  for_each_code(item.child("policyRule"), consent_basis_system, [&](const std::string& code) {
    is_it = is_it || code == "menprovning";
    if (code != "menprovning" && code != "samtycke") doubt(notice, "On what a consent rests is no code of samtycke-grund.");
  });
  return is_it;
}

}  // namespace

Result<void> read_consent(Item item, std::string_view path, Notice& notice) {
  const auto invalid = [&](std::string says, std::string_view where) {
    return Failure{Cause::Invalid, std::move(says), std::string(path) + std::string(where)};
  };
  Consent read;
  const std::optional<Decision> decision = decision_of(trim(item.text_of("status")));
  if (!decision) return invalid("Whether the consent was given, refused or withdrawn is missing.", ".status");
  read.decision = *decision;
  read.scopes = scopes_of(item, notice);
  if (read.scopes.empty())
    return invalid("What the consent is about is missing, or no code of samtycke-omfattning.", ".category");
  read.is_menprovning = is_menprovning(item, notice);
  read.by = trim(item.child("performer").text_of("display"));
  const std::string_view at = item.text_of("dateTime");
  if (!at.empty()) {
    const Result<time::CivilTime> moment = time::parse_civil(at);
    if (!moment) return invalid("This is no date or time.", ".dateTime");
    read.at = at.size() > 10 ? std::string(at) : at.size() > 7 ? time::format_day(time::day_of(moment->at)) : std::string(at);
  }
  notice.consent = std::move(read);
  return done();
}

}  // namespace vardbron::care
