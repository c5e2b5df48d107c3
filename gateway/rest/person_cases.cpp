#include "gateway/rest/person_cases.h"

#include "gateway/care/chain/case_id.h"
#include "gateway/care/person/person_view.h"
#include "gateway/exchange/person_chains.h"
#include "gateway/formats/json/parse.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace vardbron::rest {

namespace {

const store::Reader everything{"", true};

/// All stays and plans that name the number by their newest link in its chain.
Result<void> add_cases(const store::Case& chain, const care::Identity& number, const tree::Names& names,
                       std::set<std::string>& keys) {
  std::map<std::string_view, const store::ChainLink*> newest;
  for (const store::ChainLink& link : chain.links) newest[link.identity] = &link;
  for (const auto& [case_key, link] : newest) {
    Result<tree::Document> document = json::parse(link->body, names);
    if (!document) return std::move(document).failure();
    Result<care::StayView> view = care::read_stay_view(*document);
    if (!view) return std::move(view).failure();
    if (care::names(*view, number)) keys.insert(view->case_key);
  }
  return done();
}

std::string focus_id(std::string_view case_key, std::string_view type) {
  return to_string(care::id_in_case(care::case_id(case_key), std::string(type) + "|"));
}

std::string patient_in(const std::string& body) {
  constexpr std::string_view start = "\"subject\":{\"reference\":\"";
  const std::size_t at = body.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  std::string reference = body.substr(begin, body.find('"', begin) - begin);
  return reference.starts_with("Patient/") ? reference : "";
}

}  // namespace

Task<Result<std::vector<std::string>>> cases_of_person(const ServiceParts& parts, std::vector<care::Identity> numbers) {
  const exchange::CaseRules rules{parts.definitions.names(), parts.policies, parts.indexer, {}, parts.store.person_secret()};
  Result<exchange::PersonChains> read = co_await exchange::read_person(parts.store, rules, numbers);
  if (!read) co_return std::move(read).failure();
  const care::PersonView view = read->view(numbers, {}, rules.person_secret);
  for (const care::StayView& each : view.others)
    for (const care::Identity& number : each.person.identifiers)
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  std::set<std::string> keys;
  for (const care::Identity& number : numbers) {
    std::string key = care::person_key(rules.person_secret, number);
    Result<store::Case> chain = co_await parts.store.load_case(key);
    if (!chain) co_return std::move(chain).failure();
    if (chain->version == 0) continue;
    keys.insert(std::move(key));
    if (Result<void> added = add_cases(*chain, number, rules.names, keys); !added) co_return std::move(added).failure();
  }
  co_return std::vector<std::string>(keys.begin(), keys.end());
}

Task<Result<std::vector<care::Identity>>> numbers_of_patient(const ServiceParts& parts, std::string id) {
  std::vector<care::Identity> numbers;
  Result<store::Resource> patient = co_await parts.store.read(everything, "Patient", std::move(id));
  if (!patient && patient.failure().cause == Cause::NotFound) co_return numbers;
  if (!patient) co_return std::move(patient).failure();
  Result<tree::Document> document = json::parse(patient->body, parts.definitions.names());
  if (!document) co_return std::move(document).failure();
  for (tree::Item each = tree::root(*document).first_child(); each; each = each.next())
    if (each.name_text() == "identifier")
      numbers.push_back({std::string(each.text_of("system")), std::string(each.text_of("value"))});
  co_return numbers;
}

Task<Result<std::map<std::string, std::string>>> patients_of(const ServiceParts& parts,
                                                             const std::vector<store::AuditRow>& rows) {
  std::map<std::string, std::string> patients;
  for (const store::AuditRow& row : rows)
    if (!row.case_key.empty()) patients.emplace(row.case_key, "");
  std::vector<store::ResourceName> names;
  for (const auto& [key, patient] : patients)
    for (const char* type : {"Encounter", "CarePlan"}) names.push_back({type, focus_id(key, type)});
  Result<std::vector<Result<store::Resource>>> read =
      co_await parts.store.read_all(everything, std::move(names), store::Bodies::With);
  if (!read) co_return std::move(read).failure();
  std::size_t at = 0;
  for (auto& [key, patient] : patients)
    for (int type = 0; type < 2; ++type, ++at)
      if (const Result<store::Resource>& found = (*read)[at]; found && patient.empty()) patient = patient_in(found->body);
  for (const store::AuditRow& row : rows)  // the chain of a number
    if (row.subject.starts_with("Patient/") && patients[row.case_key].empty())
      patients[row.case_key] = row.subject.substr(0, row.subject.find('/', std::string_view("Patient/").size()));
  co_return patients;
}

}  // namespace vardbron::rest
