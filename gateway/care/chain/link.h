#pragma once

#include "gateway/care/chain/notice.h"
#include "gateway/care/chain/write.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vardbron::care {

using Link = std::variant<Notice, Write>;
using Chain = std::vector<Link>;  ///< a case's links, in any order

/// Status of one link of the chain.
enum class LinkStatus : std::uint8_t {
  Effective,  ///< it changed the case
  History,    ///< not allowed in the state at its time: sent, but changed nothing
  Withheld,   ///< sent to nobody: no admission yet, foreign sender, other patient
  Replaced,   ///< replaced by a correction
  Nullified   ///< cancelled by its originator
};

std::string_view to_string(LinkStatus link_status);

/// Something a person should look at; never a reason to refuse a notice.
struct Finding {
  std::string identity;  ///< of the link
  std::string code;      ///< "no-fast-vardkontakt", "not-allowed-in-state" ..
  std::string says;      ///< a plain sentence without patient data
  /// Organisations that it says the notice was sent to, as far as the case knows; text_of() ends with them.
  std::vector<std::string> sent_to{};
  bool operator==(const Finding&) const = default;
};

/// The whole text for the sender. `unreached`: organisations that the gateway notifies of nothing.
std::string text_of(const Finding& finding, const std::vector<std::string>& unreached = {});

/// Finding: the notice is kept and withheld, since nothing may leave the region yet.
inline constexpr std::string_view notified_nobody = "told-to-nobody";

}  // namespace vardbron::care
