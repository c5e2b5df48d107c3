#include "gateway/subscription/sight.h"

#include "gateway/base/check.h"
#include "gateway/base/reached.h"

#include <unordered_map>
#include <utility>

namespace vardbron::subscription {

namespace {

class Sight {
 public:
  Sight(store::Store& store, store::Reader reader) : store_(store), reader_(std::move(reader)) {}

  Task<Result<Shown>> look(std::string reference) {
    auto known = seen_.find(reference);
    if (known != seen_.end()) co_return known->second;
    Result<Shown> looked = co_await read(reference);
    if (looked) seen_.emplace(std::move(reference), *looked);
    co_return looked;
  }

 private:
  Task<Result<Shown>> read(std::string reference) {
    Shown shown;
    shown.reference = std::move(reference);
    std::size_t slash = shown.reference.find('/');
    if (slash == std::string::npos) co_return shown;
    std::string type = shown.reference.substr(0, slash), id = shown.reference.substr(slash + 1);
    Result<store::Resource> resource = co_await store_.read(reader_, std::move(type), std::move(id));
    if (resource) {
      shown.as = Shown::As::Here;
      shown.resource = std::move(*resource);
      co_return shown;
    }
    Cause cause = resource.failure().cause;
    if (cause == Cause::Gone) {
      shown.as = Shown::As::Deleted;
      co_return shown;
    }
    if (cause == Cause::NotFound || cause == Cause::Forbidden) co_return shown;
    co_return std::move(resource).failure();
  }

  store::Store& store_;
  store::Reader reader_;
  std::unordered_map<std::string, Shown> seen_;
};

}  // namespace

Task<Result<std::vector<ShownEvent>>> look_at(store::Store& store, store::Reader reader, std::vector<store::Event> events,
                                              Content content) {
  Sight sight(store, std::move(reader));
  std::vector<ShownEvent> all;
  for (const store::Event& event : events) {
    ShownEvent shown;
    shown.number = event.number;
    shown.at = event.at;
    Result<Shown> focus = co_await sight.look(event.focus);
    if (!focus) co_return std::move(focus).failure();
    shown.focus = std::move(*focus);
    bool withheld = shown.focus.as == Shown::As::Withheld;
    if (withheld) REACHED("subscription: an event is withheld from who left the case");
    for (const std::string& reference : event.context) {
      if (withheld || content == Content::Empty) break;
      Result<Shown> further = co_await sight.look(reference);
      if (!further) co_return std::move(further).failure();
      shown.context.push_back(std::move(*further));
    }
    all.push_back(std::move(shown));
  }
  co_return all;
}

std::vector<store::AuditRow> audit_of(const std::string& organisation, const std::vector<store::Event>& events,
                                      const std::vector<ShownEvent>& shown) {
  CHECK(events.size() == shown.size());
  std::vector<store::AuditRow> rows;
  for (std::size_t at = 0; at < events.size(); ++at) {
    bool withheld = shown[at].focus.as == Shown::As::Withheld;
    store::AuditRow row;
    row.action = withheld ? "withhold" : "deliver";
    row.caller = organisation;
    row.subject = events[at].focus;
    row.case_key = events[at].case_key;
    row.says = "Subscription/" + events[at].subscription + " event " + std::to_string(events[at].number);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace vardbron::subscription
