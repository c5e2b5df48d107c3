#include "gateway/care/chain/plan_content.h"

#include <algorithm>
#include <array>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, plan_kinds_count> kind_codes = {"SIP", "SPU", "SPLPTLRV", "VP", "SAMORDNING"};

}  // namespace

std::string_view code_of(PlanKind kind) { return kind_codes[std::size_t(kind)]; }

std::optional<PlanKind> find_plan_kind(std::string_view code) {
  const auto found = std::find(kind_codes.begin(), kind_codes.end(), code);
  return found == kind_codes.end() ? std::nullopt : std::optional(PlanKind(found - kind_codes.begin()));
}

}  // namespace vardbron::care
