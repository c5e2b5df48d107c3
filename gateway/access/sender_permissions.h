#pragma once

#include "gateway/access/authenticator.h"
#include "gateway/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// The units for which an organisation's token may send notices. Immutable after `open`; any thread.
class SenderPermissions {
 public:
  /// No lists: each organisation may send for the units of its own body.
  SenderPermissions() = default;
  /// Invalid, with the principal's index in the list: an entry is no unit.
  static Result<SenderPermissions> open(const std::vector<Principal>& principals);

  /// `unit` is an HSA-id, or `system|value`. An organisation may always send for itself; for others by its list, and without a
  /// list for every unit whose HSA-id has the same organisationsnummer.
  bool may_speak(std::string_view organisation, std::string_view unit) const;

  /// Normalises an entry of a list of units. Invalid: it is no unit.
  static Result<std::string> read_entry(std::string_view given);

  /// The answer to a notice of a unit that the token may not send for, with the unit as named in the notice: the same whether or
  /// not the unit exists.
  static Failure refusal(std::string_view unit);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> listed_;
};

}  // namespace vardbron::access
