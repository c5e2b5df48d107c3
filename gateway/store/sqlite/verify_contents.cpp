// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t rows_per_look = 100;

struct CaseRow {
  std::int64_t id = 0, version = 0, link = 0;
};

class Links {
 public:
  explicit Links(VerifyWalk& walk)
      : walk_(walk), link_(walk.database.prepare("SELECT previous, size, body FROM link WHERE number=?")) {}

  void verify(const CaseRow& row) {
    std::int64_t count = 0;
    for (std::int64_t number = row.link; number != 0 && count <= row.version; ++count) {
      link_.query(number);
      if (!link_.next()) {
        if (!walk_.failed("link", number))
          walk_.report.add("link", number, "A link of case " + std::to_string(row.id) + " is missing.");
        return;
      }
      Result<std::string> body = compressor_.restore(link_.text(2), static_cast<std::size_t>(link_.integer(1)));
      if (!body) walk_.report.add("link", number, body.failure().says);
      const std::int64_t previous = link_.integer(0);
      link_.reset();
      if (previous >= number) return walk_.report.add("link", number, "The link does not point back.");
      number = previous;
    }
    walk_.report.links += count;
    if (count == row.version) return;
    walk_.report.add("patient_case", row.id,
                     "The case has " + std::to_string(row.version) + " links by its row, and not as many by its chain of links.");
  }

 private:
  VerifyWalk& walk_;
  Compressor compressor_;
  Statement link_;
};

class Events {
 public:
  explicit Events(VerifyWalk& walk)
      : walk_(walk),
        numbers_(walk.database.prepare("SELECT number FROM event WHERE subscription=? AND number>? ORDER BY number LIMIT ?")),
        state_(walk.database.prepare("SELECT events, delivered FROM subscription WHERE number=?")),
        is_there_(walk.database.prepare("SELECT 1 FROM event WHERE subscription=? AND number=?")) {}

  void verify(std::int64_t subscription) {
    std::int64_t last = 0;
    for (bool any = true; any;) {
      if (!walk_.renew()) return;
      any = false;
      numbers_.query(subscription, last, rows_per_look);
      while (numbers_.next()) {
        if (!walk_.is_behind("event", numbers_.integer(0), last)) return numbers_.reset();
        any = true;
        if (numbers_.integer(0) != last + 1) tell_missing(subscription, last + 1, numbers_.integer(0) - 1);
        last = numbers_.integer(0);
        ++walk_.report.events;
      }
      if (walk_.failed("event", 0)) return;
      walk_.progress("event", walk_.report.events);
    }
    state_.query(subscription);
    if (!state_.next()) return;
    const std::int64_t events = state_.integer(0), delivered = state_.integer(1);
    state_.reset();
    if (last < events) tell_missing(subscription, last + 1, events);
    if (last > events && is_there(subscription, last))
      walk_.report.add("subscription", subscription, "The subscription has more events than its row says.");
    if (delivered > events) walk_.report.add("subscription", subscription, "More is delivered than there are events.");
  }

 private:
  void tell_missing(std::int64_t subscription, std::int64_t first, std::int64_t last) {
    const std::string which =
        first == last ? "event " + std::to_string(first) : "events " + std::to_string(first) + " to " + std::to_string(last);
    walk_.report.add(
        "event", first,
        "Of subscription " + std::to_string(subscription) + ", " + which + (first == last ? " is" : " are") + " missing.");
  }

  // A deleted one is removed in steps, from its last event: events in an earlier snapshot may be gone by now.
  bool is_there(std::int64_t subscription, std::int64_t number) {
    is_there_.query(subscription, number);
    const bool found = is_there_.next();
    is_there_.reset();
    return found;
  }

  VerifyWalk& walk_;
  Statement numbers_, state_, is_there_;
};

}  // namespace

void verify_cases(VerifyWalk& walk) {
  Statement rows = walk.database.prepare("SELECT id, version, link FROM patient_case WHERE id>? ORDER BY id LIMIT ?");
  Links links(walk);
  std::int64_t last = 0;
  while (walk.renew()) {
    std::vector<CaseRow> cases;
    rows.query(last, rows_per_look);
    while (rows.next()) {
      if (!walk.is_behind("patient_case", rows.integer(0), cases.empty() ? last : cases.back().id)) return rows.reset();
      cases.push_back({rows.integer(0), rows.integer(1), rows.integer(2)});
    }
    if (walk.failed("patient_case", last + 1) || cases.empty()) return;
    for (const CaseRow& row : cases) links.verify(row);
    last = cases.back().id;
    walk.report.cases += static_cast<std::int64_t>(cases.size());
    walk.progress("patient_case", walk.report.cases);
  }
}

void verify_events(VerifyWalk& walk) {
  if (!walk.renew()) return;
  std::vector<std::int64_t> subscriptions;
  Statement rows =
      walk.database.prepare("SELECT number FROM subscription UNION SELECT DISTINCT subscription FROM event ORDER BY 1");
  rows.query();
  while (rows.next()) subscriptions.push_back(rows.integer(0));
  if (walk.failed("subscription", 0)) return;
  Events events(walk);
  for (const std::int64_t subscription : subscriptions) events.verify(subscription);
}

}  // namespace vardbron::store
