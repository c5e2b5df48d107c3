#include "gateway/exchange/plan_refold.h"

#include "gateway/exchange/person_chains.h"
#include "gateway/exchange/plan_of_notice.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vardbron::exchange {

namespace {

/// The person as seen with what the ärende says now.
void put(care::PersonView& person, const care::StayView& stay) {
  std::erase_if(person.others, [&](const care::StayView& each) { return each.case_key == stay.case_key; });
  if (stay.person.identifiers.empty()) return;
  const auto place = std::find_if(person.others.begin(), person.others.end(),
                                  [&](const care::StayView& each) { return each.case_key > stay.case_key; });
  person.others.insert(place, stay);
}

/// A subscription that the ärende notifies is not notified once more.
void add_events(std::vector<store::EventWrite> more, std::vector<store::EventWrite>& events) {
  const auto is_there = [&, count = events.size()](const store::EventWrite& one) {
    return std::any_of(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](const store::EventWrite& each) { return each.to == one.to && each.topic == one.topic; });
  };
  std::erase_if(more, is_there);
  std::ranges::move(more, std::back_inserter(events));
}

}  // namespace

Task<Result<void>> PlanRefold::read(std::string arende, care::Notice notice) {
  notice_ = std::move(notice);
  notice_.case_key = key_;
  known_.reset();
  earlier_.clear();
  Result<store::Case> plan = co_await parts_.store.load_case(key_);
  if (!plan) co_return std::move(plan).failure();
  version_ = plan->version;
  times_ = plan->times;
  if (version_ == 0 && !has_notice_) co_return done();
  if (version_ == 0) {
    Result<store::Case> stay = co_await parts_.store.load_case(std::move(arende));
    if (!stay) co_return std::move(stay).failure();
    earlier_ = links_of_plan(*stay, parts_.rules.names);
    plan->key = key_;
    plan->links = earlier_;
  }
  links_ = plan->links;
  Result<KeptCase> known = read_links(*std::move(plan), parts_.rules);
  if (!known) co_return std::move(known).failure();
  std::vector<care::Identity> numbers = numbers_in(*known, care::Link(notice_));
  Result<PersonChains> chains = co_await read_person(parts_.store, parts_.rules, numbers);
  if (!chains) co_return std::move(chains).failure();
  known->stay = chains->own(key_);
  care::StayView own = known->stay;
  own.case_key = key_;
  const std::vector<care::Identity>& said = known->stay.person.identifiers;
  known->person = chains->view(said.empty() ? numbers : said, own, parts_.rules.person_secret);
  outline_case(*known, parts_.rules);
  known_.emplace(*std::move(known));
  co_return done();
}

void PlanRefold::add_to(CaseChange& made, const store::ChainLink& link, const care::StayView& stay, WallTime now) {
  const bool is_known = std::ranges::any_of(links_, [&](const store::ChainLink& each) { return each.identity == link.identity; });
  const bool adds = has_notice_ && !is_known && belongs_to_plan(notice_, links_);
  const bool follows = version_ > 0 && concerns_plan(notice_);
  if (!known_ || (!adds && !follows)) return;
  put(known_->person, stay);
  store::CasePart part;
  part.case_key = key_;
  part.case_version = version_;
  part.case_times = times_;
  part.links = std::move(earlier_);
  if (adds) part.links.push_back(link);
  part.times = store::CaseTimes{version_ == 0 ? now : times_.seen, now};
  // What has no room in the plan is said when the plan is computed by the clock.
  Result<ProjectedCase> projected =
      project_case(*known_, adds ? std::optional<care::Link>(notice_) : std::nullopt, parts_.rules, now);
  if (projected) {
    CaseChange changed = change_of(*known_, *projected, parts_.rules, *parts_.matcher());
    part.resources = std::move(changed.change.resources);
    part.hides_former_versions = changed.change.hides_former_versions;
    part.times->seen = projected->seen;
    add_events(std::move(changed.change.events), made.change.events);
  }
  made.change.parts.push_back(std::move(part));
  made.change.due_cases.push_back(key_);
}

bool concerns_plan(const care::Notice& notice) {
  return notice.says() == care::Event::Death || notice.event == care::Event::Nullified ||
         notice.event == care::Event::Corrected || notice.person.protection != care::Protection::None;
}

}  // namespace vardbron::exchange
