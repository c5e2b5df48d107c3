#pragma once

#include "gateway/access/authenticator.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// Organisations that may read and subscribe here, and so can be notified. Immutable; any thread.
class Receivers {
 public:
  enum class Standing { Reached, MayNotReceive, Unknown };

  /// Not configured: everybody counts as reached.
  Receivers() = default;
  explicit Receivers(const std::vector<Principal>& principals);

  /// `organisation` as in notices and cases: a normalised HSA-id, or `system|value`.
  Standing standing(std::string_view organisation) const;
  /// Why it is not notified, in a sentence with its name and a similar known one; "" if it is reached. `besides`: receivers of
  /// the same message, which are never suggested.
  std::string why_not(std::string_view organisation, std::span<const std::string> besides = {}) const;

 private:
  std::string_view meant_by(std::string_view organisation, std::span<const std::string> besides) const;

  bool was_asked_ = false;
  std::map<std::string, bool, std::less<>> may_receive_;
};

}  // namespace vardbron::access
