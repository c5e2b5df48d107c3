#include "gateway/exchange/plan_of_notice.h"

#include "gateway/care/chain/write.h"
#include "gateway/care/plan/plan_key.h"
#include "gateway/care/plan/plan_move.h"
#include "gateway/exchange/person_chains.h"
#include "gateway/formats/json/parse.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

namespace {

// More plans of one identity than that are as ambiguous as two.
constexpr std::size_t plans_looked_at = 10;
constexpr std::string_view arende_plan = "plan|sip|";
constexpr const char* plan_identifier = "Bundle.entry.resource.ofType(CarePlan).identifier";

/// Plans in which the sender takes part.
search::Query query_of(std::string_view parameter, const care::Identity& identity) {
  search::Operand operand;
  operand.system = identity.system;
  operand.value = identity.value;
  search::Criterion criterion;
  criterion.parameter = parameter;
  criterion.operands.push_back(std::move(operand));
  search::Query query;
  query.resource_type = "CarePlan";
  query.criteria.push_back(std::move(criterion));
  query.count = plans_looked_at;
  return query;
}

/// References to the Patients of these numbers.
std::set<std::string> references_to(const std::vector<care::Identity>& numbers, const CaseRules& rules) {
  std::set<std::string> references;
  for (const care::Identity& each : numbers)
    references.insert("Patient/" + care::patient_id(care::person_key(rules.person_secret, each)));
  return references;
}

/// The numbers that merges and ärenden join with those of the notice.
Task<Result<std::vector<care::Identity>>> joined_numbers(store::Store& store, const CaseRules& rules,
                                                         const care::Notice& notice) {
  std::vector<care::Identity> numbers = notice.person.identifiers;
  Result<PersonChains> read = co_await read_person(store, rules, std::move(numbers));
  if (!read) co_return std::move(read).failure();
  const std::vector<care::Notice> notices = read->notices();
  const std::vector<care::Merge> merges = care::merges_in(notices);
  const care::Persons persons(read->others(""), merges);
  co_return persons.numbers_of(notice.person.identifiers);
}

/// The keys of the plans that the query finds for the sender, and that are of the person of the notice.
Task<Result<std::set<std::string>>> plans_of_sender(store::Store& store, const CaseRules& rules, const care::Notice& notice,
                                                    search::Query query) {
  store::Reader sender{notice.sender.id, false};
  Result<store::Page> page = co_await store.search(std::move(sender), std::move(query));
  if (!page) co_return std::move(page).failure();
  std::set<std::string> keys, of_others;
  const std::set<std::string> named = references_to(notice.person.identifiers, rules);
  std::vector<std::pair<std::string, std::string>> unnamed;  // key of the plan, and the Patient of its person
  for (const store::Resource& plan : page->resources) {
    if (!care::plan::is_chain_key(plan.case_key)) continue;
    Result<tree::Document> document = json::parse(plan.body, rules.names);
    if (!document) co_return std::move(document).failure();
    std::string patient(tree::root(*document).child("subject").text_of("reference"));
    if (patient.empty() || named.contains(patient))
      keys.insert(plan.case_key);
    else
      unnamed.emplace_back(plan.case_key, std::move(patient));
  }
  if (unnamed.empty()) co_return keys;
  Result<std::vector<care::Identity>> numbers = co_await joined_numbers(store, rules, notice);
  if (!numbers) co_return std::move(numbers).failure();
  const std::set<std::string> joined = references_to(*numbers, rules);
  for (auto& [key, patient] : unnamed)
    if (joined.contains(patient)) keys.insert(std::move(key));
  co_return keys;
}

/// A notice that it is about: one that it cancels, corrects or acknowledges.
const care::Identity* target_of(const care::Notice& notice) {
  if (notice.replaces) return &*notice.replaces;
  return notice.acknowledges ? &*notice.acknowledges : nullptr;
}

// A receipt names the notice without the system of its identity.
bool is_target(const care::Identity& target, const store::ChainLink& link) {
  if (!target.system.empty()) return link.identity == target.system + "|" + target.value;
  return link.identity.ends_with("|" + target.value);
}

bool has_target(const std::vector<store::ChainLink>& links, const care::Identity& target) {
  return std::any_of(links.begin(), links.end(), [&](const store::ChainLink& each) { return is_target(target, each); });
}

/// Who said what in a plan.
struct Speakers {
  std::string first;          ///< the sender of its first notice
  std::set<std::string> all;  ///< ids of Parties
};

Task<Result<Speakers>> speakers_of(store::Store& store, const CaseRules& rules, std::string key) {
  Result<store::Case> plan = co_await store.load_case(std::move(key));
  if (!plan) co_return std::move(plan).failure();
  Speakers speakers;
  for (const store::ChainLink& link : plan->links) {
    Result<tree::Document> document = json::parse(link.body, rules.names);
    if (!document) co_return std::move(document).failure();
    if (care::is_write(*document)) continue;
    Result<care::Notice> notice = care::read_notice(*document);
    if (!notice) co_return std::move(notice).failure();
    if (speakers.first.empty()) speakers.first = notice->sender.id;
    speakers.all.insert(notice->sender.id);
  }
  co_return speakers;
}

/// Those among the plans that have the notice which this one is about; all, if it is about none.
Task<Result<std::set<std::string>>> with_target(store::Store& store, const care::Notice& notice, std::set<std::string> keys) {
  const care::Identity* target = target_of(notice);
  if (target == nullptr || keys.size() < 2) co_return keys;
  std::set<std::string> found;
  for (const std::string& key : keys) {
    Result<store::Case> plan = co_await store.load_case(key);
    if (!plan) co_return std::move(plan).failure();
    if (has_target(plan->links, *target)) found.insert(key);
  }
  co_return found.empty() ? std::move(keys) : std::move(found);
}

std::string names_of(const std::set<std::string>& organisations) {
  std::string names;
  for (const std::string& each : organisations) names += (names.empty() ? "\"" : " or \"") + sweden::shown(each) + "\"";
  return names;
}

/// The plans of one identity.
class PlansOfIdentity {
 public:
  PlansOfIdentity(store::Store& store, const CaseRules& rules, const care::Notice& notice, const std::string& caller)
      : store_(store),
        rules_(rules),
        notice_(notice),
        caller_(caller),
        identity_("|" + notice.plan->system + "|" + notice.plan->value),
        own_("plan|" + caller + identity_) {}
  PlansOfIdentity(const PlansOfIdentity&) = delete;

  Task<Result<PlanOfNotice>> find() {
    search::Query query = query_of("identifier", {notice_.plan->system, notice_.plan->value});
    Result<std::set<std::string>> keys = co_await plans_of_sender(store_, rules_, notice_, std::move(query));
    if (!keys) co_return std::move(keys).failure();
    keys_ = *std::move(keys);
    std::erase_if(keys_, [&](const std::string& key) { return !key.ends_with(identity_) || key.starts_with(arende_plan); });
    if (!notice_.plan->begun_by.empty()) co_return co_await begun_by(notice_.plan->begun_by);
    Result<bool> has_own = co_await has_plan(own_);
    if (!has_own) co_return std::move(has_own).failure();
    if (keys_.empty() || *has_own) co_return PlanOfNotice{own_, true, ""};
    if (care::plan::may_begin(notice_)) co_return co_await begin_or_go_on();
    Result<std::set<std::string>> meant = co_await with_target(store_, notice_, keys_);
    if (!meant) co_return std::move(meant).failure();
    if (meant->size() == 1) co_return PlanOfNotice{*meant->begin(), true, ""};
    co_return Failure{Cause::Invalid,
                      "\"" + sweden::shown(notice_.sender.id) + "\" takes part in several plans with this identity, begun by " +
                          names_of(owners()) + ". Name in CarePlan.identifier.assigner who began the one that is meant.",
                      plan_identifier};
  }

 private:
  // Another unit of the organisation may have begun it.
  Task<Result<bool>> has_plan(std::string key) {
    Result<store::Case> plan = co_await store_.load_case(std::move(key));
    if (!plan) co_return std::move(plan).failure();
    co_return std::any_of(plan->resources.begin(), plan->resources.end(),
                          [](const store::CaseResource& each) { return each.type == "CarePlan"; });
  }

  std::string owner_of(const std::string& key) const {
    constexpr std::size_t start = std::string_view("plan|").size();
    return care::plan::owner_of({{}, key.substr(start)}, {notice_.plan->system, notice_.plan->value});
  }

  std::set<std::string> owners() const {
    std::set<std::string> owners;
    for (const std::string& key : keys_) owners.insert(owner_of(key));
    return owners;
  }

  // Of a unit whose organisation's token sent the first notice, too.
  Task<Result<PlanOfNotice>> begun_by(const std::string& organisation) {
    for (const std::string& key : keys_) {
      if (owner_of(key) == organisation) co_return PlanOfNotice{key, true, ""};
      Result<Speakers> speakers = co_await speakers_of(store_, rules_, key);
      if (!speakers) co_return std::move(speakers).failure();
      if (speakers->first == organisation) co_return PlanOfNotice{key, true, ""};
    }
    if (organisation == caller_ || organisation == notice_.sender.id) co_return PlanOfNotice{own_, true, ""};
    co_return Failure{Cause::Invalid,
                      "No plan of this person with this identity is known that \"" + sweden::shown(organisation) +
                          "\" began and in which \"" + sweden::shown(notice_.sender.id) +
                          "\" takes part. If its call is still to come, have this notice replayed then.",
                      std::string(plan_identifier) + ".assigner"};
  }

  Task<Result<PlanOfNotice>> begin_or_go_on() {
    if (keys_.size() == 1) {
      Result<Speakers> speakers = co_await speakers_of(store_, rules_, *keys_.begin());
      if (!speakers) co_return std::move(speakers).failure();
      if (speakers->all.contains(notice_.sender.id)) co_return PlanOfNotice{*keys_.begin(), true, ""};
    }
    co_return PlanOfNotice{own_, true,
                           "It is of a plan of your own organisation. You take part in another one with the same identity, "
                           "begun by " +
                               names_of(owners()) +
                               ": if that is meant, cancel this notice and send it again, with an identity of its own and with "
                               "who began the plan in CarePlan.identifier.assigner."};
  }

  store::Store& store_;
  const CaseRules& rules_;
  const care::Notice& notice_;
  const std::string& caller_;
  const std::string identity_, own_;
  std::set<std::string> keys_;
};

/// The plan of an ärende: that of the notice's own, or the one to which its sender is called without being a party of the ärende.
Task<Result<std::string>> plan_of_arende(store::Store& store, const CaseRules& rules, const care::Notice& notice,
                                         const CaseOfNotice& arende) {
  std::string own = care::plan::chain_key({{}, "sip|" + arende.key});
  const bool may_be_anothers = arende.is_apart || (!may_join_case(notice) && !care::plan::may_begin(notice));
  if (!may_be_anothers) co_return own;
  search::Query query = query_of("_tag", notice.case_identity);
  Result<std::set<std::string>> keys = co_await plans_of_sender(store, rules, notice, std::move(query));
  if (!keys) co_return std::move(keys).failure();
  std::erase_if(*keys, [](const std::string& key) { return !key.starts_with(arende_plan); });
  if (keys->empty() || keys->contains(own)) co_return own;
  Result<std::set<std::string>> meant = co_await with_target(store, notice, *std::move(keys));
  if (!meant) co_return std::move(meant).failure();
  if (meant->size() == 1) co_return *meant->begin();
  co_return Failure{Cause::Invalid,
                    "\"" + sweden::shown(notice.sender.id) + "\" takes part in plans of several ärenden with this number, of " +
                        "different organisations, so it is not clear which one is meant. Tell who called to the plan directly.",
                    "Bundle.entry.resource.ofType(Encounter).identifier"};
}

/// A notice of a plan alone, or one that names what is shared of it with some units.
bool is_of_plan_only(const care::Notice& notice) {
  if (notice.case_identity.value.empty() || care::is_of_plan(notice.says())) return true;
  return notice.consent && !notice.consent->units.empty();
}

/// What is said of one notice, and belongs where that is.
bool is_about_notice(const care::Notice& notice) {
  return notice.event == care::Event::Nullified || notice.event == care::Event::Receipt;
}

/// Of what the plan has and the ärende has not.
Task<Result<bool>> is_about_plan_only(store::Store& store, const care::Notice& notice, std::string plan, std::string arende) {
  Result<store::Case> known = co_await store.load_case(std::move(plan));
  if (!known) co_return std::move(known).failure();
  const care::Identity* target = target_of(notice);
  if (target == nullptr) co_return false;
  // It waits in the plan that its text names.
  if (!has_target(known->links, *target)) co_return notice.plan.has_value();
  Result<store::Case> stay = co_await store.load_case(std::move(arende));
  if (!stay) co_return std::move(stay).failure();
  co_return !has_target(stay->links, *target);
}

}  // namespace

Task<Result<std::optional<PlanOfNotice>>> plan_of(store::Store& store, const CaseRules& rules, const care::Notice& notice,
                                                  const CaseOfNotice& arende, const std::string& caller) {
  const bool has_arende = !notice.case_identity.value.empty();
  if (!care::plan::plan_key(notice) && !(has_arende && is_about_notice(notice))) co_return std::optional<PlanOfNotice>();
  if (notice.plan && !notice.plan->value.empty()) {
    PlansOfIdentity plans(store, rules, notice, caller);
    Result<PlanOfNotice> found = co_await plans.find();
    if (!found) co_return std::move(found).failure();
    found->is_only = is_about_notice(notice) || is_of_plan_only(notice) || arende.is_apart;
    co_return std::optional<PlanOfNotice>(*std::move(found));
  }
  Result<std::string> key = co_await plan_of_arende(store, rules, notice, arende);
  if (!key) co_return std::move(key).failure();
  const bool is_invited = *key != care::plan::chain_key({{}, "sip|" + arende.key});
  PlanOfNotice found{*std::move(key), is_of_plan_only(notice) || is_invited, ""};
  if (is_about_notice(notice) && !is_invited) {
    std::string plan = found.key, stay = arende.key;
    Result<bool> is_only = co_await is_about_plan_only(store, notice, std::move(plan), std::move(stay));
    if (!is_only) co_return std::move(is_only).failure();
    found.is_only = *is_only;
  }
  co_return std::optional<PlanOfNotice>(std::move(found));
}

std::vector<store::ChainLink> links_of_plan(const store::Case& arende, const tree::Names& names) {
  std::vector<store::ChainLink> links;
  for (const store::ChainLink& link : arende.links) {
    const Result<tree::Document> document = json::parse(link.body, names);
    if (!document || care::is_write(*document)) continue;
    const Result<care::Notice> notice = care::read_notice(*document);
    if (notice && (care::plan::plan_key(*notice) || is_about_notice(*notice)) && belongs_to_plan(*notice, links))
      links.push_back(link);
  }
  return links;
}

bool belongs_to_plan(const care::Notice& notice, const std::vector<store::ChainLink>& plan) {
  if (!is_about_notice(notice)) return true;
  const care::Identity* target = target_of(notice);
  return target != nullptr && has_target(plan, *target);
}

}  // namespace vardbron::exchange
