#pragma once

// Tested by tests/subscription/subscription_service_test.cpp.

#include "gateway/store/store.h"
#include "gateway/subscription/subscription.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::subscription {

/// What stands in place of a header's value when a Subscription is read: it may be a token, and a Subscription is no place for
/// secrets that others can read (backport guide, safety and security; ISiK).
inline constexpr std::string_view header_mask = "***";

/// Who and what a Subscription is stored as.
struct Identity {
  std::string id;
  std::string organisation;
};

/// The resource as it is kept: our id and our subscriber element instead of whatever came, no `error`, the given status.
/// A masked header takes its value from `before`, the stored version (an empty item when there is none).
/// Compact JSON that begins as store::ResourceWrite asks for.
std::string subscription_resource(tree::Item resource, const Identity& identity, Status status, tree::Item before);

/// The resource as it is shown: status and error of the moment, headers masked.
std::string shown_form(tree::Item stored, const store::SubscriptionState& state);

/// The status that is shown: `requested` while a handshake is due, whatever is written down.
Status shown_status(const store::SubscriptionState& state);
std::string shown_error(const store::SubscriptionState& state);

}  // namespace vardbron::subscription
