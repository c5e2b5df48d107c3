// Tested by tests/exchange/act_care_team_test.cpp and tests/rest/acts_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/care/arende/organization_writer.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/write.h"
#include "gateway/care/chain/write_notice.h"
#include "gateway/care/plan/plan_facts.h"
#include "gateway/care/plan/plan_key.h"
#include "gateway/exchange/act.h"
#include "gateway/exchange/act_notice.h"
#include "gateway/exchange/message_path.h"
#include "gateway/exchange/plan_of_notice.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

using tree::Item;

constexpr std::string_view notice_channel = "fhir";  // of canonical notices; always there

bool is_none(Cause cause) { return cause == Cause::NotFound || cause == Cause::Gone; }

/// The element at a path such as "provision.data.reference", the first one where it repeats.
Item element_at(Item item, std::string_view path) {
  for (std::string_view step : split(path, '.')) item = item.child(step);
  return path.empty() ? Item{} : item;
}

void collect_organisations(Item item, std::set<std::string>& ids) {
  for (Item child = item.first_child(); child; child = child.next()) {
    if (child.name_text() == "identifier" && ids.size() < limits::receivers_per_notice_max)
      if (std::string id = organisation_at(child); !id.empty()) ids.insert(std::move(id));
    collect_organisations(child, ids);
  }
}

void collect_references(Item item, std::set<std::string>& references) {
  for (Item child = item.first_child(); child; child = child.next()) {
    const std::string_view text = child.name_text() == "reference" ? child.text() : std::string_view();
    const bool is_wanted = text.starts_with("Goal/") || text.starts_with("Task/");
    if (is_wanted && references.size() < limits::plan_items_per_notice_max) references.emplace(text);
    collect_references(child, references);
  }
}

/// Where something below names another Patient than this one; "" = nowhere.
std::string other_patient(const care::Place& place, const std::string& reference) {
  for (const auto& [name, list] : care::by_name(place.item)) {
    const bool is_list = list.front().document->in_list(list.front().node);
    for (std::size_t index = 0; index < list.size(); ++index) {
      const Item one = list[index];
      std::string where = place.where + "." + std::string(name) + (is_list ? "[" + std::to_string(index) + "]" : std::string());
      if (name == "reference" && one.text().starts_with("Patient/") && one.text() != reference) return where;
      where = other_patient({one, std::move(where)}, reference);
      if (!where.empty()) return where;
    }
  }
  return {};
}

/// Is it one that was ended, or is in error? A consent that is refused or withdrawn is one all the same.
bool is_former(Item resource) {
  const std::string_view status = resource.text_of("status");
  if (status == "entered-in-error") return true;
  if (resource.text_of("resourceType") == "Consent") return false;
  return status == "inactive" || status == "revoked" || status == "cancelled" || status == "completed";
}

/// One act on its way. What it refers to outlives it.
class ActStep {
 public:
  ActStep(const PathParts& parts, const ActType& type, ActWish& wish)
      : parts_(parts), type_(type), wish_(wish), now_(parts.clock.wall()), sender_(wish.caller.organisation) {}

  /// Nothing: the party expects another version.
  Task<Result<bool>> look() {
    if (wish_.id.empty()) co_return true;
    Result<ReadResource> found = co_await read(wish_.type, wish_.id, 0);
    if (!found) co_return std::move(found).failure();
    current_ = *std::move(found);
    if (wish_.expected_version != 0 && wish_.expected_version != current_->resource.version) co_return false;
    const std::int64_t version = parse_int(body().child("meta").text_of("versionId")).value_or(0);
    if (version <= 0 || version >= current_->resource.version) co_return true;
    Result<ReadResource> earlier = co_await read(wish_.type, wish_.id, version);
    if (earlier) earlier_ = *std::move(earlier);
    co_return true;
  }

  /// Nothing: the act changes nothing.
  Task<Result<std::optional<care::Notice>>> understand() {
    Result<void> named = name_sender();
    if (!named) co_return std::move(named).failure();
    Result<void> known = co_await find_units();
    if (!known) co_return std::move(known).failure();
    Result<void> referred = co_await find_references();
    if (!referred) co_return std::move(referred).failure();
    const ActInput input{body(), root_of(current_), root_of(earlier_), units_, found_, keys_, sender_, now_};
    Result<void> checked = check_elements(type_, input);
    if (!checked) co_return std::move(checked).failure();
    Result<std::optional<care::Notice>> said = type_.read(input);
    if (!said || !*said) co_return said;
    Result<void> found = co_await find_subject(**said);
    if (!found) co_return std::move(found).failure();
    name_all(**said);
    Result<void> placed = co_await find_chain(**said);
    if (!placed) co_return std::move(placed).failure();
    Result<void> after = co_await come_after_newest();
    if (!after) co_return std::move(after).failure();
    finish(**said);
    Result<ReadResource> before = co_await made_by(**said);
    if (!before && !is_none(before.failure().cause)) co_return std::move(before).failure();
    if (Result<void> fits = check_before(**said, before ? tree::root(before->document) : Item{}); !fits)
      co_return std::move(fits).failure();
    if (before) before_ = store::ResourceVersion{before->resource.type, before->resource.id, before->resource.version};
    co_return said;
  }

  const std::optional<ReadResource>& current() const { return current_; }

  Envelope envelope(const care::Notice& notice) const {
    const tree::Document bundle = care::to_bundle(notice, parts_.cases.rules.names);
    return {wish_.caller, std::string(notice_channel), "application/fhir+json", json::write(bundle)};
  }

  /// Key of the plan that is computed right after its ärende; "" = of none.
  const std::string& plan_after() const { return plan_after_; }

  /// What the act has made of it.
  Task<Result<Acted>> result(const care::Notice& notice, Receipt receipt) {
    const bool is_first = receipt.outcome == store::Outcome::Stored;
    Acted acted{Acted::What::Done, std::nullopt, std::move(receipt)};
    Result<ReadResource> found = co_await made_by(notice);
    if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
    if (!found) {
      acted.what = wish_.id.empty() ? Acted::What::Undone : Acted::What::Done;
      if (!is_first) acted.receipt->text = repeated_text(acted.receipt->text);
      co_return acted;
    }
    const bool is_as_before = before_ && before_->id == found->resource.id && before_->version == found->resource.version;
    const bool says_it = type_.says_it != nullptr && wish_.id.empty() && type_.says_it(tree::root(found->document), notice);
    if (!is_first || (is_as_before && says_it))
      acted.what = Acted::What::Unchanged;
    else if (is_as_before)
      acted.what = Acted::What::Undone;
    else if (wish_.id.empty() && found->resource.version == 1)
      acted.what = Acted::What::Created;
    acted.resource = std::move(found->resource);
    co_return acted;
  }

 private:
  Item body() const { return tree::root(wish_.body); }
  static Item root_of(const std::optional<ReadResource>& one) { return one ? tree::root(one->document) : Item{}; }

  Task<Result<ReadResource>> read(std::string type, std::string id, std::int64_t version) {
    const store::Reader reader = access::reader_of(wish_.caller);
    Result<store::Resource> resource = co_await parts_.cases.store.read(reader, std::move(type), std::move(id), version);
    if (!resource) co_return std::move(resource).failure();
    if (resource->deleted) co_return Failure{Cause::Gone, "It was deleted.", ""};
    Result<tree::Document> document = json::parse(resource->body, parts_.cases.rules.names);
    if (!document) co_return std::move(document).failure();
    co_return ReadResource{*std::move(resource), *std::move(document)};
  }

  /// A unit is spoken for by its own organisation's token.
  Result<void> name_sender() {
    const std::string where = place_of(type_.places.unit);
    const Item unit = element_at(current_ ? root_of(current_) : body(), type_.places.unit);
    std::string id = organisation_at(unit.child("identifier"));
    if (!id.empty()) sender_ = std::move(id);
    if (parts_.units.may_speak(wish_.caller.organisation, sender_)) return done();
    if (!current_) {
      Failure refused = access::SenderPermissions::refusal(sender_);
      refused.where = where;
      return refused;
    }
    return Failure{Cause::Forbidden,
                   "This " + std::string(type_.type) + " is of " + sweden::shown(sender_) +
                       ", and its unit alone may write it. You may read it.",
                   where};
  }

  /// `before`: what the act is to make, as it is; empty: it is none yet.
  Result<void> check_before(const care::Notice& notice, Item before) const {
    if (notice.consent && before) return check_is_newest(before, *notice.consent);
    if (notice.event != care::Event::PlanRevised || before || !subject_.plan) return done();
    return check_replaced(body(), tree::root(subject_.plan->document));
  }

  Task<Result<void>> find_references() {
    std::set<std::string> references, plans;
    collect_references(body(), references);
    for (const std::string& each : references) {
      Result<ReadResource> found = co_await read(each.substr(0, 4), each.substr(5), 0);
      if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
      if (!found) continue;
      plans.insert(found->resource.case_key);
      found_.emplace(each, std::move(found->document));
    }
    for (const std::string& plan : plans) {
      Result<void> known = co_await find_keys(plan);
      if (!known) co_return std::move(known).failure();
    }
    co_return done();
  }

  /// How the notices of a plan name the insatser and goals that the body refers to.
  Task<Result<void>> find_keys(std::string plan) {
    const Uuid of_plan = care::case_id(plan);
    Result<store::Case> known = co_await parts_.cases.store.load_case(std::move(plan));
    if (!known) co_return std::move(known).failure();
    const auto learn = [&](const std::string& type, std::string_view start, const auto& each) {
      std::string reference = type + "/";
      reference += to_string(care::id_in_case(of_plan, type + "|" + std::string(start) + care::plan::name_of(each)));
      if (found_.contains(reference)) keys_[std::move(reference)] = each.key;
    };
    for (const store::ChainLink& link : known->links) {
      Result<tree::Document> document = json::parse(link.body, parts_.cases.rules.names);
      if (!document) co_return std::move(document).failure();
      if (care::is_write(*document)) continue;
      Result<care::Notice> notice = care::read_notice(*document);
      if (!notice || !notice->plan) continue;
      for (const care::PlanActivity& each : notice->plan->activities) learn("Task", "insats|", each);
      for (const care::PlanGoal& each : notice->plan->goals) learn("Goal", "mal|", each);
    }
    co_return done();
  }

  Task<Result<void>> find_units() {
    std::set<std::string> ids{sender_};
    collect_organisations(body(), ids);
    for (const std::string& id : ids) {
      Result<ReadResource> found = co_await read("Organization", care::organization_id(party_of(id).identifier), 0);
      if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
      if (found) units_[id] = party_of(id, tree::root(found->document));
    }
    co_return done();
  }

  /// One that is not there is answered as one that the party may not see.
  Task<Result<std::optional<ReadResource>>> refer(std::string_view place, std::string_view type) {
    const Item own = element_at(body(), place);
    const Item named = own ? own : element_at(root_of(current_), place);
    const std::string reference(named.text_of("reference"));
    const std::string start = std::string(type) + "/";
    const bool is_shared = type_.places.stay == type_.places.plan;  // one place for either
    if (reference.empty() || (is_shared && !reference.starts_with(start))) co_return std::optional<ReadResource>();
    const Failure none = not_kept(
        "There is no such " + std::string(type) + " that you may see: name one by " + start + "{id}, as a search finds it.",
        place_of(place) + ".reference");
    if (!reference.starts_with(start)) co_return none;
    Result<ReadResource> found = co_await read(std::string(type), reference.substr(start.size()), 0);
    if (!found && is_none(found.failure().cause)) co_return none;
    if (!found) co_return std::move(found).failure();
    co_return std::optional<ReadResource>(*std::move(found));
  }

  std::string place_of(std::string_view path) const {
    return std::string(type_.type) + (path.empty() ? "" : ".") + std::string(path);
  }

  /// Of the case of the resource as it is.
  Task<Result<std::optional<ReadResource>>> of_case(std::string_view type) {
    Result<store::Case> known = co_await parts_.cases.store.load_case(current_->resource.case_key);
    if (!known) co_return std::move(known).failure();
    for (const store::CaseResource& each : known->resources) {
      if (each.type != type) continue;
      Result<ReadResource> found = co_await read(each.type, each.id, 0);
      if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
      if (found) co_return std::optional<ReadResource>(*std::move(found));
    }
    co_return std::optional<ReadResource>();
  }

  Task<Result<void>> find_stay_and_plan() {
    Result<std::optional<ReadResource>> stay = co_await refer(type_.places.stay, "Encounter");
    if (!stay) co_return std::move(stay).failure();
    subject_.stay = *std::move(stay);
    if (current_ && type_.type == "CarePlan") {
      Result<tree::Document> plan = json::parse(current_->resource.body, parts_.cases.rules.names);
      if (!plan) co_return std::move(plan).failure();
      subject_.plan = ReadResource{current_->resource, *std::move(plan)};
      co_return done();
    }
    Result<std::optional<ReadResource>> plan = co_await refer(type_.places.plan, "CarePlan");
    if (!plan) co_return std::move(plan).failure();
    subject_.plan = *std::move(plan);
    if (subject_.stay || subject_.plan || !current_) co_return done();
    const std::string_view source = care::plan::is_chain_key(current_->resource.case_key) ? "CarePlan" : "Encounter";
    Result<std::optional<ReadResource>> found = co_await of_case(source);
    if (!found) co_return std::move(found).failure();
    (source == "CarePlan" ? subject_.plan : subject_.stay) = *std::move(found);
    co_return done();
  }

  Task<Result<void>> find_subject(care::Notice& notice) {
    Result<void> known = co_await find_stay_and_plan();
    if (!known) co_return std::move(known).failure();
    const bool begins_plan = notice.plan && !notice.plan->value.empty();
    if (!subject_.stay && !subject_.plan && !begins_plan)
      co_return not_kept(
          type_.floor == ActFloor::Stay ? "Of which ärende it is, is missing: name its Encounter."
                                        : "Of which plan it is, is missing: name its CarePlan, or the Encounter of its ärende.",
          place_of(type_.floor == ActFloor::Stay || type_.places.plan.empty() ? type_.places.stay : type_.places.plan));
    const Item stated = element_at(body(), type_.places.person);
    std::string reference = reference_to_patient(subject_);
    if (!reference.empty() && stated && stated.text_of("reference") != reference)
      co_return not_kept("This is not the Patient of the ärende or the plan. Leave it out, or name that one.",
                         place_of(type_.places.person));
    if (reference.empty() && stated) reference = stated.text_of("reference");
    if (std::string where = other_patient({body(), std::string(type_.type)}, reference); !where.empty())
      co_return not_kept("This is another Patient than that of the ärende or the plan.", std::move(where));
    const Item number = reference.empty() ? stated.child("identifier") : Item{};
    if (number && !wish_.caller.may_send)
      co_return Failure{Cause::Forbidden,
                        "About a person whom you see in no ärende and no plan, who may send notices (the right send) begins a "
                        "plan. Name the Patient by its reference.",
                        place_of(type_.places.person) + ".identifier"};
    if (number) {
      notice.person.identifiers.push_back({std::string(number.text_of("system")), std::string(number.text_of("value"))});
      co_return done();
    }
    constexpr std::string_view start = "Patient/";
    const std::string id = reference.starts_with(start) ? reference.substr(start.size()) : std::string();
    Result<ReadResource> person = co_await read("Patient", id, 0);
    if (!person && !is_none(person.failure().cause)) co_return std::move(person).failure();
    if (!person) co_return not_kept("There is no such Patient that you may see.", place_of(type_.places.person));
    subject_.person = *std::move(person);
    co_return done();
  }

  /// The chain to which the resource of the act belongs.
  Task<Result<void>> find_chain(const care::Notice& notice) {
    if (current_) chain_ = current_->resource.case_key;
    const std::string arende = subject_.stay ? subject_.stay->resource.case_key : std::string();
    if (chain_.empty()) chain_ = arende;
    if (type_.floor == ActFloor::Stay) co_return done();
    if (subject_.plan) {
      chain_ = subject_.plan->resource.case_key;
      if (!care::is_of_plan(notice.event)) plan_after_ = chain_;
      co_return done();
    }
    const CaseOfNotice of_stay{arende, false};
    Result<std::optional<PlanOfNotice>> plan =
        co_await plan_of(parts_.cases.store, parts_.cases.rules, notice, of_stay, wish_.caller.organisation);
    if (!plan) co_return std::move(plan).failure();
    if (*plan) chain_ = (*plan)->key;
    if (*plan && !(*plan)->is_only) plan_after_ = chain_;
    co_return done();
  }

  /// Acts of one moment are in the order in which they came.
  Task<Result<void>> come_after_newest() {
    Result<store::Case> known = co_await parts_.cases.store.load_newest(chain_, 1);
    if (!known) co_return std::move(known).failure();
    if (known->links.empty()) co_return done();
    const WallTime newest = known->links.back().happened;
    if (newest >= now_ && newest < now_ + std::chrono::seconds(1)) now_ = newest + std::chrono::milliseconds(1);
    co_return done();
  }

  void name_all(care::Notice& notice) const {
    const auto known = units_.find(sender_);
    notice.sender = known == units_.end() ? party_of(sender_) : known->second;
    name_subject(notice, subject_);
  }

  void finish(care::Notice& notice) {
    notice.happened = {now_, time::format_local(now_)};
    notice.sent = now_;
    std::string what(type_.type);
    const Item identifier = body().child("identifier");
    if (current_)
      what += "/" + wish_.id + "/" + std::to_string(current_->resource.version);
    else if (!identifier)
      what += "|" + notice.happened.text;
    notice.identity = act_identity(wish_.caller.organisation, what, wish_.body);
  }

  /// The resource that is written, that the notice has made, or that says the same already. NotFound: there is none.
  Task<Result<ReadResource>> made_by(const care::Notice& notice) {
    if (!wish_.id.empty()) co_return co_await read(wish_.type, wish_.id, 0);
    const Uuid of_case = care::case_id(chain_);
    for (const std::string& name : type_.names(notice)) {
      Result<ReadResource> found = co_await read(wish_.type, to_string(care::id_in_case(of_case, wish_.type + "|" + name)), 0);
      if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
      if (found && !is_former(tree::root(found->document))) co_return found;
    }
    const Failure none{Cause::NotFound, "There is nothing here.", ""};
    if (type_.says_it == nullptr) co_return none;
    Result<store::Case> known = co_await parts_.cases.store.load_case(chain_);
    if (!known) co_return std::move(known).failure();
    for (const store::CaseResource& each : known->resources) {
      if (each.type != wish_.type) continue;
      Result<ReadResource> found = co_await read(each.type, each.id, 0);
      if (!found && !is_none(found.failure().cause)) co_return std::move(found).failure();
      if (found && !is_former(tree::root(found->document)) && type_.says_it(tree::root(found->document), notice)) co_return found;
    }
    co_return none;
  }

  const PathParts& parts_;
  const ActType& type_;
  ActWish& wish_;
  WallTime now_;
  std::string sender_;
  std::optional<ReadResource> current_, earlier_;
  std::map<std::string, care::Party> units_;
  std::map<std::string, tree::Document> found_;
  std::map<std::string, std::string> keys_;
  ActSubject subject_;
  std::string chain_, plan_after_;
  std::optional<store::ResourceVersion> before_;  // of what the act is to make, as it was
};

}  // namespace

Task<Result<Acted>> MessagePath::act(ActWish wish) {
  const ActType* type = find_act(wish.type);
  if (type == nullptr) co_return Failure{Cause::NotFound, "No act is of this type.", ""};
  ActStep step(parts_, *type, wish);
  Result<bool> looked = co_await step.look();
  if (!looked) co_return std::move(looked).failure();
  if (!*looked) co_return Acted{Acted::What::Outdated};
  Result<std::optional<care::Notice>> said = co_await step.understand();
  if (!said) co_return std::move(said).failure();
  if (!*said) {
    std::vector<store::AuditRow> rows;
    rows.push_back(access::updated(wish.caller, wish.type + "/" + wish.id, step.current()->resource.case_key));
    rows.back().says = "as it was";
    Result<void> noted = co_await parts_.cases.store.audit(std::move(rows));
    if (!noted) co_return std::move(noted).failure();
    co_return Acted{Acted::What::Unchanged, step.current()->resource};
  }
  Envelope envelope = step.envelope(**said);
  Result<Receipt> receipt = co_await accept(std::move(envelope));
  if (!receipt) co_return std::move(receipt).failure();
  if (receipt->outcome == store::Outcome::Quarantined)
    co_return Acted{Acted::What::Quarantined, std::nullopt, *std::move(receipt)};
  if (!step.plan_after().empty()) {
    Result<bool> computed = co_await let_time_pass(step.plan_after());
    if (!computed && computed.failure().cause != Cause::Busy) co_return std::move(computed).failure();
  }
  Receipt kept = *std::move(receipt);
  co_return co_await step.result(**said, std::move(kept));
}

}  // namespace vardbron::exchange
