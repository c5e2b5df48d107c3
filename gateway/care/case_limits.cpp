#include "gateway/care/case_limits.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::care {
namespace {

// Do both count against the same limit: those of one sender that are not decisive, or those of one decisive kind?
bool share_room(const Notice& one, const Notice& other) {
  if (one.sender.id != other.sender.id) return false;
  const bool decides = is_decisive(one.says());
  return decides ? one.says() == other.says() : !is_decisive(other.says());
}

std::size_t count_like(const Chain& chain, const Link& next) {
  const auto is_like = [&](const Link& link) {
    if (link.index() != next.index()) return false;
    if (const Notice* notice = std::get_if<Notice>(&link)) return share_room(*notice, std::get<Notice>(next));
    return std::get<Write>(link).organisation == std::get<Write>(next).organisation;
  };
  return static_cast<std::size_t>(std::count_if(chain.begin(), chain.end(), is_like));
}

Failure full(std::size_t most, std::string_view what, std::string_view setting) {
  return Failure{Cause::TooLarge,
                 "The case already holds " + std::to_string(most) + " " + std::string(what) +
                     ", as many as it may have. Notices of others are not shut out by that. \"" + std::string(setting) +
                     "\" in the gateway's configuration allows more.",
                 ""};
}

}  // namespace

bool is_decisive(Event event) {
  switch (event) {
    case Event::AdmissionLocal:
    case Event::Admission:
    case Event::DischargeReady:
    case Event::DischargeReadyWithdrawn:
    case Event::Discharge:
    case Event::Death:
    case Event::Nullified: return true;
    default: return false;
  }
}

Result<void> check_limits(const Chain& chain, const Link& next, const CaseLimits& room) {
  const Notice* notice = std::get_if<Notice>(&next);
  const std::size_t most = !notice ? room.task_writes : is_decisive(notice->says()) ? room.decisive_notices : room.notices;
  if (chain.size() < most) return done();
  const std::size_t held = count_like(chain, next);
  if (!notice) {
    if (held < room.task_writes) return done();
    return full(room.task_writes, "changes of Tasks by this organisation", "task_writes_per_case");
  }
  if (!is_decisive(notice->says())) {
    if (held < room.notices) return done();
    return full(room.notices, "notices of this sender", "notices_per_case");
  }
  if (held < room.decisive_notices) return done();
  return full(room.decisive_notices, "notices of this sender and kind", "decisive_notices_per_case");
}

}  // namespace vardbron::care
