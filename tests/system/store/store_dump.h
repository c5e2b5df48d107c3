#pragma once

#include "gateway/base/digest.h"
#include "gateway/store/store.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// What a caller names to see everything a store holds: keys of cases, and resources.
struct StoreNames {
  std::vector<std::string> cases;
  std::vector<ResourceName> resources;
};

/// When schema step 14 makes a case due: all that it is computed from is as it was.
inline constexpr WallTime made_due{std::chrono::milliseconds{1}};

/// The content of a store through its port: one line per thing, sorted by kind, with a digest of long ones. What only a schema
/// step made due is not.
template <class House>
class StoreDump {
 public:
  StoreDump(House& house, const StoreNames& names) : house_(house) {
    entries();
    for (const std::string& key : names.cases) of_case(key);
    due();
    for (const ResourceName& name : names.resources) versions(name);
    subscriptions();
    audit();
  }
  std::string text() const { return text_.str(); }

 private:
  /// Fields of one thing, each after its length, so that no two things give the same bytes.
  class Fields {
   public:
    Fields& add(std::string_view text) {
      bytes_ += std::to_string(text.size()) + ":";
      bytes_ += text;
      return *this;
    }
    Fields& add(WallTime time) { return add(std::to_string(time.time_since_epoch().count())); }
    Fields& add(std::int64_t number) { return add(std::to_string(number)); }
    std::string digest() const { return to_hex(sha256(bytes_)); }

   private:
    std::string bytes_;
  };
  static constexpr std::size_t many = 1'000'000;

  Store& store() { return house_.store(); }

  void entries() {
    for (Outcome outcome : {Outcome::Pending, Outcome::Stored, Outcome::Quarantined, Outcome::Duplicate}) {
      Result<std::vector<JournalEntry>> found = house_.run(store().journal_entries(outcome, 0, many));
      CHECK(found);
      for (const JournalEntry& entry : *found) {
        Fields fields;
        fields.add(entry.message.channel).add(entry.message.sender).add(entry.message.content_type).add(entry.message.body);
        fields.add(entry.message.identity).add(entry.message.received).add(entry.receipt);
        text_ << "journal " << static_cast<int>(outcome) << ' ' << entry.number << ' ' << entry.id << ' ' << entry.chain << ' '
              << fields.digest() << '\n';
      }
    }
    Result<std::int64_t> verified = house_.run(store().verify_journal());
    text_ << "journal verified " << (verified ? std::to_string(*verified) : verified.failure().says) << '\n';
  }

  void of_case(const std::string& key) {
    Result<Case> loaded = house_.run(store().load_case(key));
    CHECK(loaded);
    Fields fields;
    const WallTime next = loaded->times.next_change.value_or(WallTime{});
    fields.add(loaded->times.seen).add(next == made_due ? WallTime{} : next);
    for (const ChainLink& link : loaded->links) {
      fields.add(link.identity).add(link.kind).add(link.body).add(link.happened).add(link.journal_number);
    }
    for (const CaseResource& resource : loaded->resources) {
      fields.add(resource.type).add(resource.id).add(resource.version).add(resource.digest);
    }
    text_ << "case " << key << ' ' << loaded->version << ' ' << loaded->links.size() << ' ' << loaded->resources.size() << ' '
          << fields.digest() << '\n';
  }

  void due() {
    Result<std::vector<CaseDue>> due = house_.run(store().cases_due({}, many));
    CHECK(due);
    for (const CaseDue& each : *due)
      if (each.at != made_due) text_ << "due " << each.at.time_since_epoch().count() << ' ' << each.case_key << '\n';
  }

  void versions(const ResourceName& name) {
    const Reader all{"", true};
    for (std::int64_t version = 0;; ++version) {  // 0 is the newest
      Result<Resource> read = house_.run(store().read(all, name.type, name.id, version));
      if (!read && read.failure().cause == Cause::NotFound) break;
      text_ << "resource " << name.type << ' ' << name.id << ' ' << version << ' ';
      if (!read) {
        text_ << read.failure().says << '\n';
        continue;
      }
      Fields fields;
      fields.add(read->version).add(read->last_updated).add(read->case_key).add(read->body);
      text_ << fields.digest() << '\n';
    }
  }

  void subscriptions() {
    Result<std::vector<SubscriptionState>> states = house_.run(store().subscriptions());
    CHECK(states);
    for (const SubscriptionState& state : *states) {
      text_ << "subscription " << state.id << ' ' << state.status << ' ' << state.events << ' ' << state.delivered << ' '
            << state.error << '\n';
      Result<std::vector<Event>> events = house_.run(store().events(state.id, 1, many, many));
      CHECK(events);
      for (const Event& event : *events) {
        Fields fields;
        fields.add(event.at).add(event.topic).add(event.case_key).add(event.focus).add(event.reason);
        for (const std::string& each : event.context) fields.add(each);
        text_ << "event " << state.id << ' ' << event.number << ' ' << (event.dead ? "dead " : "alive ") << fields.digest()
              << '\n';
      }
    }
  }

  void audit() {
    Result<std::vector<AuditRow>> rows = house_.run(store().audit_rows(0, many));
    CHECK(rows);
    for (const AuditRow& row : *rows) {
      Fields fields;
      fields.add(row.action).add(row.caller).add(row.subject).add(row.case_key).add(row.says).add(row.at);
      text_ << "audit " << row.number << ' ' << fields.digest() << '\n';
    }
    Result<std::int64_t> verified = house_.run(store().verify_audit());
    text_ << "audit verified " << (verified ? std::to_string(*verified) : verified.failure().says) << '\n';
  }

  House& house_;
  std::ostringstream text_;
};

/// The names in a dump, so that another store can be asked for the same.
inline StoreNames names_in(const std::string& dump) {
  StoreNames names;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, first, second, third;
    words >> kind >> first >> second >> third;
    if (kind == "resource" && third == "0") names.resources.push_back({first, second});
    if (kind != "case") continue;
    std::string key = line.substr(5);
    for (int word = 0; word < 4; ++word) key.erase(key.rfind(' '));  // a key may hold spaces; what follows does not
    names.cases.push_back(std::move(key));
  }
  return names;
}

}  // namespace vardbron::store
