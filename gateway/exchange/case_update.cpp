#include "gateway/exchange/case_update.h"

#include "gateway/base/reached.h"
#include "gateway/exchange/person_chains.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vardbron::exchange {

namespace {

/// Result of one attempt that did not fail.
struct Attempt {
  bool is_overtaken = false;                  // another change was committed first, and nothing of this one
  std::optional<store::Committed> committed;  // none: the case is left as it is
};

// Deliveries and clocks are notified only once the commit is durable.
Task<Result<Attempt>> commit(const CaseParts& parts, store::Change change) {
  const std::optional<store::CaseTimes> times = change.times;
  const bool makes_due = !change.due_cases.empty();
  Result<store::Committed> committed = co_await parts.store.commit(std::move(change));
  if (!committed && committed.failure().cause == Cause::Conflict) co_return Attempt{true, std::nullopt};
  if (!committed) co_return std::move(committed).failure();
  parts.notify(*committed);
  if (parts.due && times && times->next_change) parts.due(*times->next_change);
  if (parts.due && makes_due) parts.due(committed->at);
  co_return Attempt{false, std::move(*committed)};
}

/// What was read of the patient of a case while one update of it runs.
struct OfPatient {
  std::vector<CaseQueue::Turn> turns;
  PersonChains chains;
  bool is_read = false;
  /// The other cases as the case read them when it was computed last; none: what they say now is the same for it.
  std::optional<care::PersonView> as_read;
  std::optional<care::Projection> before;  ///< with that, as of the same time as KeptCase::projected
};

bool has_numbers(const care::StayView& view) { return !view.person.identifiers.empty(); }

// In the order of their keys: nobody waits who has a turn that another in front waits for.
Task<Result<void>> read_chains(const CaseParts& parts, const std::vector<care::Identity>& numbers, OfPatient& patient) {
  std::set<std::string> keys;
  for (const care::Identity& each : numbers) keys.insert(care::person_key(parts.rules.person_secret, each));
  for (const std::string& key : keys) {
    if (!parts.persons) break;
    Result<CaseQueue::Turn> turn = co_await parts.persons->take(key);
    if (!turn) co_return std::move(turn).failure();
    patient.turns.push_back(*std::move(turn));
  }
  Result<PersonChains> read = co_await read_person(parts.store, parts.rules, numbers);
  if (!read) co_return std::move(read).failure();
  patient.chains = *std::move(read);
  patient.is_read = true;
  co_return done();
}

/// What the patient's other cases say, of the person that the case has named until now; of one that has named nobody, of the one
/// that it names first.
Task<Result<void>> read_patient(const CaseParts& parts, KeptCase& known, const std::optional<care::Link>& link,
                                OfPatient& patient) {
  const std::vector<care::Identity> numbers = numbers_in(known, link);
  Result<void> read = co_await read_chains(parts, numbers, patient);
  if (!read) co_return std::move(read).failure();
  known.stay = patient.chains.own(known.stored.key);
  care::StayView own = known.stay;
  own.case_key = known.stored.key;
  const std::vector<care::Identity>& seed = has_numbers(known.stay) ? known.stay.person.identifiers : numbers;
  known.person = patient.chains.view(seed, own, parts.rules.person_secret);
  co_return done();
}

/// Whether the case is another when these say what they say now.
bool concerns(const std::vector<care::StayView>& then, const std::vector<care::StayView>& now, const care::StayView& stay) {
  std::map<std::string_view, std::pair<const care::StayView*, const care::StayView*>> pairs;
  for (const care::StayView& each : then) pairs[each.case_key].first = &each;
  for (const care::StayView& each : now) pairs[each.case_key].second = &each;
  const care::StayView nothing;
  return std::any_of(pairs.begin(), pairs.end(), [&](const auto& each) {
    const auto& [before, after] = each.second;
    return care::concerns(before ? *before : nothing, after ? *after : nothing, stay);
  });
}

/// A case that is read from the store: as its parties know it, with what its patient's other cases said then and say now.
Task<Result<void>> outline(const CaseParts& parts, KeptCase& known, OfPatient& patient) {
  outline_case(known, parts.rules);
  if (!has_numbers(known.stay)) co_return done();
  auto then = co_await read_others_then(parts.store, parts.rules, patient.chains, known.stored.key);
  if (!then) co_return std::move(then).failure();
  const bool has_same_merges = then->merges == known.person.merges;
  if (has_same_merges && !concerns(then->others, known.person.others, known.stay)) co_return done();
  const care::PersonView& as_read = patient.as_read.emplace(*std::move(then));
  patient.before = care::outline(known.chain, parts.rules.policies, known.stored.times.seen, parts.rules.names, nullptr, as_read);
  co_return done();
}

bool names_others(const KeptCase& known, const std::optional<care::Link>& link) {
  const std::vector<care::Identity>& named = known.stay.person.identifiers;
  const care::Notice* notice = link ? std::get_if<care::Notice>(&*link) : nullptr;
  return notice != nullptr &&
         std::any_of(notice->person.identifiers.begin(), notice->person.identifiers.end(),
                     [&](const auto& each) { return std::find(named.begin(), named.end(), each) == named.end(); });
}

bool changes_patient(const KeptCase& known, const care::Projection& after) {
  return (has_numbers(known.stay) || has_numbers(after.stay)) && known.stay != after.stay;
}

/// Projects the case once more if it turned out to be about somebody with other cases than those that were looked at.
Task<Result<ProjectedCase>> project_with_patient(const CaseParts& parts, KeptCase& known, CaseStep::Begun begun,
                                                 OfPatient& patient) {
  Result<ProjectedCase> projected = project_case(known, std::move(begun.link), parts.rules, begun.now);
  if (!projected || !changes_patient(known, projected->after)) co_return projected;
  if (!patient.is_read) {
    Result<void> read = co_await read_chains(parts, numbers_in(known, projected->link), patient);
    if (!read) co_return std::move(read).failure();
  }
  // Merges may let a notice count which gives the patient one more number, and with it other cases.
  for (std::size_t each = 0; each < limits::numbers_per_person_max && projected && has_numbers(projected->after.stay); ++each) {
    const care::StayView& own = projected->after.stay;
    care::PersonView person = patient.chains.view(own.person.identifiers, own, parts.rules.person_secret);
    if (person.others == known.person.others && person.merges == known.person.merges) break;
    known.person = std::move(person);
    known.is_as_projected = false;
    projected = project_case(known, std::move(projected->link), parts.rules, begun.now);
  }
  co_return projected;
}

// Leaves in `known` what may be kept: null when the stored case may be another now.
Task<Result<Attempt>> project_and_commit(const CaseParts& parts, std::unique_ptr<KeptCase>& known, CaseStep& step,
                                         CaseStep::Begun begun, OfPatient patient) {
  Result<ProjectedCase> projected = co_await project_with_patient(parts, *known, std::move(begun), patient);
  if (!projected) co_return std::move(projected).failure();
  if (patient.before) projected->before_others = &*patient.before;
  Result<void> taken = step.check(*projected);
  if (!taken) co_return std::move(taken).failure();
  std::shared_ptr<const subscription::Matcher> matcher = parts.matcher();
  CaseChange change = change_of(*known, *projected, parts.rules, *matcher);
  const bool is_wanted = step.complete(*projected, change);
  if (!is_wanted) co_return Attempt{};
  OrganizationRegister unkept;
  OrganizationRegister& organizations = parts.organizations ? *parts.organizations : unkept;
  auto named = co_await organizations.write(parts.store, projected->after.organizations, parts.rules.names, parts.rules.indexer);
  if (!named) co_return std::move(named).failure();
  std::size_t resources = change.change.resources.size();
  for (const store::CasePart& part : change.change.parts) resources += part.resources.size();
  if (!named->words.empty()) change.change.parts.push_back(std::move(named->part));
  if (changes_patient(*known, projected->after) || change.follows_others) {
    std::vector<std::string> split =
        add_person(patient.chains, known->stay, projected->after.stay, change.follows_others, parts.rules, change.change);
    Result<void> hidden = co_await hide_former_versions(parts.store, std::move(split), change.change);
    if (!hidden) co_return std::move(hidden).failure();
  }
  KeptChange kept(*std::move(projected), change);
  std::unique_ptr<KeptCase> changed = std::move(known);
  Result<Attempt> came = co_await commit(parts, std::move(change.change));
  if (came && came->committed) {
    organizations.committed(named->words, std::span(came->committed->versions).subspan(resources));
  } else {
    organizations.forget(named->words);
  }
  if (came && came->committed && kept.take_into(*changed, *came->committed)) known = std::move(changed);
  co_return came;
}

Task<Result<Attempt>> change_case(const CaseParts& parts, std::unique_ptr<KeptCase> known, CaseStep& step, CaseStep::Begun begun,
                                  OfPatient patient) {
  Result<Attempt> came = co_await project_and_commit(parts, known, step, std::move(begun), std::move(patient));
  if (known && parts.cache) parts.cache->put(std::move(known));
  co_return came;
}

Task<Result<Attempt>> change_kept_case(const CaseParts& parts, std::unique_ptr<KeptCase> known, CaseStep& step) {
  Result<std::optional<CaseStep::Begun>> begun = co_await step.begin(known->stored);
  if (!begun || !*begun) {
    parts.cache->put(std::move(known));
    if (!begun) co_return std::move(begun).failure();
    co_return Attempt{};
  }
  OfPatient patient;
  if (names_others(*known, (*begun)->link)) {
    Result<void> read = co_await read_patient(parts, *known, (*begun)->link, patient);
    if (!read) co_return std::move(read).failure();
  }
  co_return co_await change_case(parts, std::move(known), step, *std::move(*begun), std::move(patient));
}

Task<Result<Attempt>> change_stored_case(const CaseParts& parts, store::Case stored, CaseStep& step) {
  Result<std::optional<CaseStep::Begun>> begun = co_await step.begin(stored);
  if (!begun) co_return std::move(begun).failure();
  if (!*begun) co_return Attempt{};
  Result<KeptCase> read = read_links(std::move(stored), parts.rules);
  if (!read) co_return std::move(read).failure();
  auto known = std::make_unique<KeptCase>(*std::move(read));
  OfPatient patient;
  Result<void> of_patient = co_await read_patient(parts, *known, (*begun)->link, patient);
  if (!of_patient) co_return std::move(of_patient).failure();
  Result<void> outlined = co_await outline(parts, *known, patient);
  if (!outlined) co_return std::move(outlined).failure();
  co_return co_await change_case(parts, std::move(known), step, *std::move(*begun), std::move(patient));
}

Task<Result<Attempt>> change_long_case(const CaseParts& parts, const std::string& key, CaseStep& step) {
  Result<store::Case> stored = co_await parts.store.load_case(key);
  if (!stored) co_return std::move(stored).failure();
  co_return co_await change_stored_case(parts, std::move(*stored), step);
}

// The first look loads only the length of a long case, and nothing of one that is kept.
Task<Result<Attempt>> attempt(const CaseParts& parts, const std::string& key, CaseStep& step) {
  std::unique_ptr<KeptCase> kept = parts.cache ? parts.cache->take(key) : nullptr;
  std::optional<store::KnownCase> known;
  if (kept) known = store::KnownCase{kept->stored.version, kept->stored.times};
  Result<store::Case> stored = co_await parts.store.load_case(key, parts.short_case_links_max, known);
  if (!stored) {
    if (kept) parts.cache->put(std::move(kept));
    co_return std::move(stored).failure();
  }
  const bool is_short = static_cast<std::uint64_t>(stored->version) <= parts.short_case_links_max;
  Task<Result<Attempt>> work = stored->is_as_known ? change_kept_case(parts, std::move(kept), step)
                               : is_short          ? change_stored_case(parts, std::move(*stored), step)
                                                   : change_long_case(parts, key, step);
  if (is_short || !parts.long_cases) co_return co_await std::move(work);
  co_return co_await run_on(parts.long_cases, std::move(work));
}

}  // namespace

Task<Result<std::optional<store::Committed>>> update_case(const CaseParts& parts, std::string key, CaseStep& step) {
  for (int each = 0; each < limits::commit_conflict_retries_max; ++each) {
    Result<Attempt> came = co_await attempt(parts, key, step);
    if (!came) co_return std::move(came).failure();
    if (!came->is_overtaken) co_return std::move(came->committed);
    REACHED("exchange: another change of the case came first");
  }
  co_return step.overtaken();
}

}  // namespace vardbron::exchange
