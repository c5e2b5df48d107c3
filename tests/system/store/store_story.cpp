#include "tests/system/store/store_story.h"

#include "gateway/store/sqlite/database.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace vardbron::store {

namespace {

std::string name_of_case(int number) { return "case-" + std::to_string(number % StoreStory::cases); }
std::string plan_of(const std::string& case_key) { return "plan-" + case_key; }
std::string task_of(int number) { return "t" + std::to_string(number); }
std::string mark_of(int number) { return "Task/" + task_of(number); }

// Bodies that hardly shrink, so that they fill pages: mostly a few, at times many.
std::string noise(int number) {
  const std::size_t size = number % 11 == 5 ? 150'000 : number % 7 == 3 ? 30'000 : 1'500;
  SeededRandom random(static_cast<std::uint64_t>(number) + 1);
  std::string text;
  while (text.size() < size) text += std::to_string(random.next());
  return text;
}

ResourceWrite a_plan(const std::string& case_key, std::int64_t version, int number) {
  ResourceWrite write = a_task(plan_of(case_key), version);
  write.body =
      R"({"resourceType":"Task","id":")" + write.id + R"(","status":"requested","description":")" + mark_of(number) + R"("})";
  return write;
}

struct CaseNow {
  std::int64_t version = 0, plan = 0;
};

/// Nothing when the store cannot say.
std::optional<CaseNow> now_of(Store& store, SqliteHouse& house, const std::string& key) {
  Result<Case> loaded = house.run(store.load_case(key));
  if (!loaded) return std::nullopt;
  CaseNow now{loaded->version, 0};
  for (const CaseResource& each : loaded->resources) {
    if (each.id == plan_of(key)) now.plan = each.version;
  }
  return now;
}

Change change_of(int number, const std::string& key, const CaseNow& now) {
  Change change = a_change("m" + std::to_string(number), key, now.version);
  change.journal->body = noise(number);
  change.resources = {a_task(task_of(number)), a_plan(key, now.plan, number)};
  change.events = {an_event("sub-1", mark_of(number))};
  if (number % 2 == 0) change.events.push_back(an_event("sub-2", mark_of(number)));
  change.audit = {an_audit_row("intake", mark_of(number))};
  return change;
}

}  // namespace

void StoreStory::play(SqliteHouse& house, bool copies_log) {
  for (int number = 0; number < changes; ++number) {
    if (number == 15 && house.is_open()) house.close();
    if (!house.is_open() && !house.try_open()) continue;
    step(house, number);
    if (copies_log && number % 8 == 6) {
      Result<std::unique_ptr<Database>> other = Database::open(house.file(), Database::Use::Write);
      if (!other) continue;
      (*other)->number("SELECT count(*) FROM sqlite_schema");  // a connection that has read nothing knows of no log
      (*other)->checkpoint();
    }
  }
}

void StoreStory::step(SqliteHouse& house, int number) {
  Store& store = house.store();
  change(store, house, number);
  if (number % 4 == 1) {
    Result<JournalEntry> entry = house.run(store.journal(a_message("p" + std::to_string(number), noise(100 + number))));
    if (entry) {
      keep(Kept::What::Message, number);
      journalled_[number] = entry->number;
    }
  }
  if (number % 4 == 3 && journalled_.contains(number - 2)) {
    Change settled;
    settled.journal_number = journalled_[number - 2];
    settled.outcome = Outcome::Quarantined;
    settled.receipt = "{}";
    if (house.run(store.commit(std::move(settled)))) keep(Kept::What::Outcome, number - 2);
  }
  if (number % 5 == 2) deliver(store, house);
  if (number % 6 == 3 && house.run(store.audit({an_audit_row("read", "read/" + std::to_string(number))}))) {
    keep(Kept::What::Audit, number);
  }
  if (number == 6 && house.run(store.set_subscription_status("sub-1", "active", ""))) keep(Kept::What::Status, number);
  if (number == 9 && house.run(store.dead_letter("sub-2", 2, "given up"))) keep(Kept::What::DeadLettered, 2);
  look(store, house, number);
}

void StoreStory::change(Store& store, SqliteHouse& house, int number) {
  const std::string key = name_of_case(number);
  const std::optional<CaseNow> now = now_of(store, house, key);
  if (!now) return;
  if (house.run(store.commit(change_of(number, key, *now)))) keep(Kept::What::Change, number);
}

// A subscriber's progress is written together with its row, whose number is the event's.
void StoreStory::deliver(Store& store, SqliteHouse& house) {
  Result<SubscriptionState> state = house.run(store.subscription("sub-1"));
  if (!state || state->events == state->delivered) return;
  AuditRow row = an_audit_row("deliver", "sub-1/" + std::to_string(state->events));
  (void)house.run(store.advance("sub-1", state->events, {std::move(row)}));
}

// A read may fail, but what it says is so.
void StoreStory::look(Store& store, SqliteHouse& house, int number) {
  const bool is_kept = std::any_of(kept_.begin(), kept_.end(), [number](const Kept& each) {
    return each.what == Kept::What::Change && each.number == number;
  });
  if (!is_kept) return;
  Result<Resource> read = house.run(store.read(as(municipality), "Task", task_of(number)));
  if (read) {
    EXPECT_THAT(read->body, testing::HasSubstr("\"id\":\"" + task_of(number) + "\""));
  } else {
    EXPECT_NE(read.failure().cause, Cause::NotFound) << "an error of the disk reads as: there is no such";
  }
  search::Query query;
  query.resource_type = "Task";
  query.criteria = {criterion("_id", search::KeyKind::Token, task_of(number))};
  query.total = search::Total::Accurate;
  Result<Page> page = house.run(store.search(as(municipality), std::move(query)));
  if (page) {
    EXPECT_EQ(page->total, 1) << "an error of the disk reads as: nothing found";
  }
}

void StoreStory::keep(Kept::What what, int number) {
  kept_.push_back({what, number});
  if (reported_) reported_(kept_.back());
}

namespace {

/// What is in a store, by the marks of the story.
struct Found {
  std::map<std::string, Outcome> journal;  ///< by identity
  std::set<std::string> links, tasks, plans, audit;
  std::map<std::string, std::set<std::string>> events;  ///< by subscription
};

void find_events(SqliteHouse& house, const std::string& subscription, Found& found) {
  Result<std::vector<Event>> events = house.run(house.store().events(subscription, 1, 1'000'000, 1'000'000));
  ASSERT_TRUE(events.ok()) << events.failure().says;
  Result<SubscriptionState> state = house.run(house.store().subscription(subscription));
  const std::int64_t counted = state ? state->events : 0;
  EXPECT_EQ(static_cast<std::int64_t>(events->size()), counted) << subscription;
  for (std::size_t at = 0; at < events->size(); ++at) {
    EXPECT_EQ((*events)[at].number, static_cast<std::int64_t>(at) + 1) << "a gap in the events of " << subscription;
    found.events[subscription].insert((*events)[at].focus);
  }
}

void find_resources(SqliteHouse& house, Found& found) {
  for (int number = 0; number < StoreStory::changes; ++number) {
    if (house.run(house.store().read(as_operator(), "Task", task_of(number), 1))) found.tasks.insert(mark_of(number));
  }
  for (int number = 0; number < StoreStory::cases; ++number) {
    const std::string key = name_of_case(number);
    Result<Case> loaded = house.run(house.store().load_case(key));
    ASSERT_TRUE(loaded.ok()) << loaded.failure().says;
    for (const ChainLink& link : loaded->links) found.links.insert(link.identity);
    for (std::int64_t version = 1;; ++version) {
      Result<Resource> plan = house.run(house.store().read(as_operator(), "Task", plan_of(key), version));
      if (!plan) break;
      const std::size_t from = plan->body.find("Task/t");
      if (from != std::string::npos) found.plans.insert(plan->body.substr(from, plan->body.find('"', from) - from));
    }
  }
}

Found find(SqliteHouse& house) {
  Found found;
  for (std::int64_t number = 1;; ++number) {
    Result<JournalEntry> entry = house.run(house.store().journal_entry(number));
    if (!entry) break;
    found.journal.emplace(entry->message.identity, entry->outcome);
  }
  find_resources(house, found);
  find_events(house, "sub-1", found);
  find_events(house, "sub-2", found);
  Result<std::vector<AuditRow>> rows = house.run(house.store().audit_rows(0, 1'000));
  EXPECT_TRUE(rows.ok());
  if (rows) {
    for (const AuditRow& row : *rows) found.audit.insert(row.subject);
  }
  return found;
}

bool has(const Found& found, const Kept& kept) {
  const std::string number = std::to_string(kept.number);
  switch (kept.what) {
    case Kept::What::Change: return found.journal.contains("m" + number);
    case Kept::What::Message: return found.journal.contains("p" + number);
    case Kept::What::Outcome:
      return found.journal.contains("p" + number) && found.journal.at("p" + number) == Outcome::Quarantined;
    case Kept::What::Audit: return found.audit.contains("read/" + number);
    case Kept::What::Status:
    case Kept::What::DeadLettered: break;  // expect_deliveries looks
  }
  return true;
}

void expect_whole(const Found& found, const std::vector<Kept>& kept) {
  for (int number = 0; number < StoreStory::changes; ++number) {
    const std::string identity = "m" + std::to_string(number), mark = mark_of(number);
    const bool is_there = found.journal.contains(identity);
    EXPECT_EQ(found.links.contains(identity), is_there) << "link " << identity;
    EXPECT_EQ(found.tasks.contains(mark), is_there) << "first resource of " << identity;
    EXPECT_EQ(found.plans.contains(mark), is_there) << "second resource of " << identity;
    EXPECT_EQ(found.audit.contains(mark), is_there) << "audit row of " << identity;
    const auto in = [&](const char* subscription) {
      const auto events = found.events.find(subscription);
      return events != found.events.end() && events->second.contains(mark);
    };
    EXPECT_EQ(in("sub-1"), is_there) << "event of " << identity;
    if (number % 2 == 0) {
      EXPECT_EQ(in("sub-2"), is_there) << "second event of " << identity;
    }
  }
  for (const Kept& each : kept) {
    EXPECT_TRUE(has(found, each)) << "kept, and gone: " << each.number << " of kind " << static_cast<int>(each.what);
  }
}

void expect_deliveries(SqliteHouse& house, const Found& found, const std::vector<Kept>& kept) {
  Result<SubscriptionState> state = house.run(house.store().subscription("sub-1"));
  if (!state) return;
  std::int64_t reached = 0;
  for (const std::string& subject : found.audit) {
    if (subject.starts_with("sub-1/")) reached = std::max<std::int64_t>(reached, std::stoll(subject.substr(6)));
  }
  EXPECT_EQ(state->delivered, reached) << "how far deliveries came, and the rows that say so, do not fit";
  for (const Kept& each : kept) {
    if (each.what == Kept::What::Status) {
      EXPECT_EQ(state->status, "active");
    }
    if (each.what != Kept::What::DeadLettered) continue;
    Result<std::vector<Event>> events = house.run(house.store().events("sub-2", each.number, each.number, 1));
    ASSERT_TRUE(events.ok() && events->size() == 1u);
    EXPECT_TRUE(events->front().dead);
  }
}

void expect_chains_and_file(SqliteHouse& house, const Found& found) {
  Result<std::int64_t> journal = house.run(house.store().verify_journal());
  ASSERT_TRUE(journal.ok()) << journal.failure().says;
  EXPECT_EQ(*journal, static_cast<std::int64_t>(found.journal.size()));
  Result<std::int64_t> audit = house.run(house.store().verify_audit());
  ASSERT_TRUE(audit.ok()) << audit.failure().says;
  Result<VerifyReport> report = house.run(house.store().verify());
  ASSERT_TRUE(report.ok()) << report.failure().says;
  EXPECT_TRUE(report->is_clean()) << report->findings.at(0).table << ' ' << report->findings.at(0).says;
  Result<std::unique_ptr<Database>> file = Database::open(house.file(), Database::Use::Read);
  ASSERT_TRUE(file.ok());
  Statement check = (*file)->prepare("PRAGMA integrity_check");
  check.query();
  ASSERT_TRUE(check.next());
  EXPECT_EQ(check.string(0), "ok");
}

}  // namespace

namespace {

Result<Committed> commit_once_more(SqliteHouse& house, const std::string& key) {
  Result<Case> loaded = house.run(house.store().load_case(key));
  if (!loaded) return std::move(loaded).failure();
  Change change = a_change(key + "/" + std::to_string(loaded->version), key, loaded->version);
  change.audit = {an_audit_row("intake", "behind")};
  return house.run(house.store().commit(std::move(change)));
}

Task<bool> wait_a_moment(RealClock& clock) { co_return co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(20)); }

}  // namespace

void expect_it_goes_on(SqliteHouse& house) {
  RealClock clock;
  const Deadline until = clock.in(std::chrono::seconds(30));
  Result<Committed> taken = commit_once_more(house, "case-behind");
  while (!taken && !clock.passed(until)) {
    house.run(wait_a_moment(clock));
    taken = commit_once_more(house, "case-behind");
  }
  EXPECT_TRUE(taken.ok()) << "the store does not go on by itself: " << taken.failure().says;
}

void expect_promises(SqliteHouse& house, const std::vector<Kept>& kept) {
  const Found found = find(house);
  expect_whole(found, kept);
  expect_deliveries(house, found, kept);
  expect_chains_and_file(house, found);
  const std::optional<CaseNow> now = now_of(house.store(), house, "case-0");
  ASSERT_TRUE(now.has_value());
  const int number = 1'000 + static_cast<int>(now->version);
  Result<Committed> next = house.run(house.store().commit(change_of(number, "case-0", *now)));
  EXPECT_TRUE(next.ok()) << "the store does not go on: " << next.failure().says;
}

}  // namespace vardbron::store
