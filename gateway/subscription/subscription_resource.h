#pragma once

// Tested by tests/subscription/subscription_service_test.cpp.

#include "gateway/store/store.h"
#include "gateway/subscription/subscription.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::subscription {

/// Replaces a header's value when a Subscription is read: it may be a token, which others must not read there (backport guide,
/// safety and security; ISiK).
inline constexpr std::string_view header_mask = "***";

/// Owner and id of a stored Subscription.
struct Identity {
  std::string id;
  std::string organisation;
};

/// The resource as it is kept: our id and our subscriber element instead of the sender's, no `error`, the given status.
/// A masked header takes its value from `before`, the stored version (an empty item when there is none).
/// Compact JSON that begins as store::ResourceWrite requires.
std::string subscription_resource(tree::Item resource, const Identity& identity, Status status, tree::Item before);

/// The resource as readers see it: current status and error, headers masked.
std::string shown_form(tree::Item stored, const store::SubscriptionState& state);

/// The status that readers see: `requested` while a handshake is due, whatever is stored.
Status shown_status(const store::SubscriptionState& state);
std::string shown_error(const store::SubscriptionState& state);

}  // namespace vardbron::subscription
