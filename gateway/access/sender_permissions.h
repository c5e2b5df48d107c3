#pragma once

#include "gateway/access/authenticator.h"
#include "gateway/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// For which units an organisation's token may send notices. Immutable after `open`; any thread.
class SenderPermissions {
 public:
  /// Nobody lists anything: each organisation speaks for the units of its own legal body.
  SenderPermissions() = default;
  /// Invalid: names the principal's place in the list and the entry that names no unit.
  static Result<SenderPermissions> open(const std::vector<Principal>& principals);

  /// `unit` is an HSA-id, or `system|value`. An organisation always speaks for itself; for others by its list, and without a
  /// list for every unit whose HSA-id has the same organisationsnummer.
  bool may_speak(std::string_view organisation, std::string_view unit) const;

  /// An entry of a list of units in its one spelling. Invalid: it names no unit.
  static Result<std::string> read_entry(std::string_view given);

  /// The answer to a notice of a unit that the token may not speak for, named as the notice names it: the same whether or not
  /// there is such a unit.
  static Failure refusal(std::string_view unit);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> listed_;
};

}  // namespace vardbron::access
