#pragma once

#include "gateway/access/receivers.h"
#include "gateway/base/result.h"
#include "gateway/care/project.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/person_chains.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/store/store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::exchange {

/// The answer to a sender, after the commit and never before it.
struct Receipt {
  store::Outcome outcome = store::Outcome::Stored;
  std::int64_t journal_number = 0;  ///< for logs and operators
  std::string journal_id;           ///< for the sender: numbers count what all senders send
  std::string text;                 ///< OperationOutcome, JSON
  std::optional<Failure> refused;   ///< Quarantined: why; the message is kept nevertheless
  bool is_held = false;             ///< Stored, and nobody is notified until an admission notice comes
};

/// The receipt of a stored notice. Contains nothing that differs when the same message comes again.
struct Stored {
  const care::Notice& notice;
  const care::Projection& after;
  std::size_t resources_written = 0;
  bool same_id_other_bytes = false;
  const Notified& notified;
  const access::Receivers& receivers;
  bool is_apart = false;  ///< CaseOfNotice::is_apart
  std::string warning{};  ///< PlanOfNotice::warning
};

/// The receipt of a stored notice about a person alone. It says nothing of ärenden that are not the sender's own.
struct StoredOfPerson {
  const care::Notice& notice;
  const MergeEffect& effect;
  bool same_id_other_bytes = false;
};
std::string stored_text(const StoredOfPerson& stored);

/// Nobody is notified of the notice: no admission notice of its case counts.
bool is_held(const Stored& stored);
std::string stored_text(const Stored& stored);
/// Kept, but not carried out: why, under which id, and who can do what. Id "" = the commit will assign it. `faults`: all faults
/// of the message; if there are none the failure alone is the reason.
std::string quarantined_text(const Failure& failure, const std::vector<fhir::Issue>& faults, std::string_view journal_id);
/// A write that was kept has been carried out.
std::string replayed_text(std::string says);
/// Why a message is kept, and who can do what, in a sentence or two.
std::string kept_in_quarantine(Cause cause, std::string_view journal_id);
/// Of an act that was taken before and of which nothing is there for its sender: that, and then its receipt of then.
std::string repeated_text(std::string_view first);
/// Journalled, not yet processed (Prefer: respond-async).
std::string accepted_text();
/// The present receipt of a journalled message, as far as the journal has it: of `refused` the cause alone.
/// Broken: the receipt that was kept cannot be read.
Result<Receipt> receipt_of(const store::JournalEntry& entry);

}  // namespace vardbron::exchange
