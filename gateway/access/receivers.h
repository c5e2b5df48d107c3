#pragma once

#include "gateway/access/authenticator.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// Who may read and subscribe here, and so can be told anything. Immutable; any thread.
class Receivers {
 public:
  enum class Standing { Reached, MayNotReceive, Unknown };

  /// Nobody was asked: everybody counts as reached.
  Receivers() = default;
  explicit Receivers(const std::vector<Principal>& principals);

  /// Of an organisation as notices and cases name it: an HSA-id in its normal spelling, or `system|value`.
  Standing standing(std::string_view organisation) const;
  /// Why it is not told, in a sentence that names it and who may have been meant; "" when it is reached. `besides`: receivers of
  /// the same message, whom nobody misspelt.
  std::string why_not(std::string_view organisation, std::span<const std::string> besides = {}) const;

 private:
  std::string_view meant_by(std::string_view organisation, std::span<const std::string> besides) const;

  bool was_asked_ = false;
  std::map<std::string, bool, std::less<>> may_receive_;
};

}  // namespace vardbron::access
