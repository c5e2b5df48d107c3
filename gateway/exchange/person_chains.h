#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/person/person_view.h"
#include "gateway/exchange/case_change.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The chain of one number of a person: what the ärenden that name it say, one link for each change of that.
struct NumberChain {
  care::Identity number;
  std::string key;                   ///< in the store
  std::int64_t version = 0;          ///< 0: nobody has named the number before
  std::int64_t patient_version = 0;  ///< of its Patient
  std::string patient_digest;
  std::vector<care::StayView> views;  ///< the newest of each ärende
  /// The newest links, from which the views were read; null: there are none.
  std::shared_ptr<const std::vector<store::ChainLink>> links;
};

/// Chains of numbers that were read: of a person, or of more than one.
struct PersonChains {
  std::vector<NumberChain> numbers;

  /// Those of the person with these numbers: ärenden other than that one which name two numbers join them.
  PersonChains of(std::vector<care::Identity> seed, const std::string& case_key) const;
  /// What the ärenden other than that one say, sorted by case_key.
  std::vector<care::StayView> others(const std::string& case_key) const;
  /// What that one has said; without numbers: nothing, or that it names nobody.
  care::StayView own(const std::string& case_key) const;
};

/// Reads the chains of these numbers, and of those that they lead to. Of a person with more than limits::numbers_per_person_max
/// numbers the others are left out, and of a chain with more than limits::person_links_read_max links the earlier ones.
Task<Result<PersonChains>> read_person(store::Store& store, const CaseRules& rules, std::vector<care::Identity> numbers);

/// What the other ärenden of the person said when that one was computed last: of each chain what is before its newest link
/// there, and what that link says it has read. What is not known any more is as it is now. `now`: the person of that ärende.
Task<Result<std::vector<care::StayView>>> read_others_then(store::Store& store, const CaseRules& rules, PersonChains now,
                                                           std::string case_key);

/// Adds to a change of a case what it changes of its patient: links, Patients, and the other cases that are to be computed again;
/// and guards all chains that were looked at. Returns the keys of the other cases that were computed with numbers which are
/// another person's by this change: nobody may read their former versions any more. `read`: with the numbers of both views.
/// `has_followed`: the events of the change are of what the other cases say now, so it must be known that this one has read it,
/// also if it says what it has said.
std::vector<std::string> add_person(const PersonChains& read, const care::StayView& before, const care::StayView& after,
                                    bool has_followed, const CaseRules& rules, store::Change& change);
/// Adds that to the change. Both outlive the task.
Task<Result<void>> hide_former_versions(store::Store& store, std::vector<std::string> case_keys, store::Change& change);

}  // namespace vardbron::exchange
