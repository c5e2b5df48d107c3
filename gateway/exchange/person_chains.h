#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/person/person_view.h"
#include "gateway/exchange/case_change.h"
#include "gateway/store/store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The chains of one number of a person: what the ärenden that name it say, one link for each change of that; and the notices
/// about the person alone.
struct NumberChain {
  care::Identity number;
  std::string key;                   ///< in the store
  std::int64_t version = 0;          ///< 0: nobody has named the number before
  std::int64_t patient_version = 0;  ///< of its Patient
  std::string patient_digest;
  std::vector<care::StayView> views;  ///< the newest of each ärende
  /// The newest links, from which the views were read; null: there are none.
  std::shared_ptr<const std::vector<store::ChainLink>> links;
  std::int64_t merges_version = 0;
  std::vector<store::ChainLink> merges;  ///< the notices about the person alone that name it, without their bodies
  std::vector<care::Notice> notices;     ///< the same
};

/// Chains of numbers that were read: of a person, or of more than one.
struct PersonChains {
  std::vector<NumberChain> numbers;

  /// Those about persons alone; one that names two numbers may be there twice.
  std::vector<care::Notice> notices() const;
  /// What the ärenden other than that one say, sorted by case_key. They are in the chains.
  std::vector<const care::StayView*> others(const std::string& case_key) const;
  /// What that one has said; without numbers: nothing, or that it names nobody.
  care::StayView own(const std::string& case_key) const;
  /// What an ärende that says this reads of the person with these numbers. `own` has its case_key.
  care::PersonView view(const std::vector<care::Identity>& seed, const care::StayView& own, const std::string& secret) const;
};

/// Reads the chains of these numbers, and of those that they lead to. Of a person with more than limits::numbers_per_person_max
/// numbers the others are left out, and of a chain with more than limits::person_links_read_max links the earlier ones. What
/// merges name that do not count as far as is known is read last, up to limits::numbers_looked_at_max numbers.
Task<Result<PersonChains>> read_person(store::Store& store, const CaseRules& rules, std::vector<care::Identity> numbers);

/// What the other ärenden of the person said when that one was computed last: of each chain what is before its newest link
/// there, and what that link says it has read. What is not known any more is as it is now. `now`: the person of that ärende.
Task<Result<care::PersonView>> read_others_then(store::Store& store, const CaseRules& rules, PersonChains now,
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

/// What a notice about a person alone does.
struct MergeEffect {
  bool counts = false;        ///< of a merge: it joins its numbers
  bool is_cancelled = false;  ///< of a merge: its sender's organisation has cancelled it, or taken its numbers apart
  bool has_target = false;    ///< of a cancellation or a correction: what it is about has come from its sender's organisation
  bool changes = false;       ///< which merges count
  std::size_t numbers = 0;    ///< of the largest person that it makes
  std::size_t own_cases = 0;  ///< ärenden of the sender's organisation, as sluten vård, of whom it changes
  /// As add_person() returns: cases that were computed with numbers which are another person's by it.
  std::vector<std::string> split{};
};

/// Adds to a change what a notice about a person alone does: a link in the chain of each number that it names, Patients, and the
/// cases that are to be computed again. `read`: with its numbers. `link` is its link.
MergeEffect add_merge(const PersonChains& read, const care::Notice& notice, const store::ChainLink& link, const CaseRules& rules,
                      store::Change& change);

}  // namespace vardbron::exchange
