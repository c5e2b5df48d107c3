#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/care/project.h"
#include "gateway/store/store.h"

namespace vardbron::exchange {

/// What a sender is told, after the commit and never before it.
struct Receipt {
  store::Outcome outcome = store::Outcome::Stored;
  std::int64_t journal_number = 0;
  std::string text;                ///< OperationOutcome, JSON
  std::optional<Failure> refused;  ///< Quarantined: why; the message is kept all the same
};

/// "Stored" and what it did. The same message always gets the same text.
std::string stored_text(const care::Notice& notice, const care::Projection& after, std::size_t resources_written);
/// Kept, but not understood: what to change, and that it is not lost.
std::string quarantined_text(const Failure& failure);
/// Journalled; the work is still to be done (Prefer: respond-async).
std::string accepted_text();

}  // namespace vardbron::exchange
