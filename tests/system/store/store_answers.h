#pragma once

#include "gateway/store/sqlite/pack.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/store_dump.h"

#include <map>
#include <string>

namespace vardbron::store {

/// What a store answers to every question about what it holds; a failure is an answer too.
using Answers = std::map<std::string, std::string>;

inline bool is_broken(const std::string& answer) { return answer.starts_with("!broken "); }

class StoreAnswers {
 public:
  StoreAnswers(SqliteHouse& house, const StoreNames& names) : house_(house) {
    for (std::int64_t number = 1; number < 1000 && journal(number); ++number) continue;  // a broken root ends it never
    for (std::int64_t number = 0; audit(number); ++number) continue;
    for (const std::string& key : names.cases) of_case(key);
    for (const ResourceName& name : names.resources) resource(name);
    subscriptions();
    for (const char* type : {"Task", "Encounter", "Patient"}) search(type);
    keep("due", store().cases_due({}, 1000), [](const std::vector<CaseDue>& due) {
      std::string text;
      for (const CaseDue& each : due) text += each.case_key + '\n';
      return text;
    });
  }
  Answers take() { return std::move(answers_); }

 private:
  Store& store() { return house_.store(); }
  /// False: there is no such thing, and nothing is kept.
  template <class T, class Text>
  bool keep(const std::string& question, Task<Result<T>> task, Text text) {
    Result<T> result = house_.run(std::move(task));
    if (!result && result.failure().cause == Cause::NotFound) return false;
    if (!result) answers_[question] = (result.failure().cause == Cause::Broken ? "!broken " : "!") + result.failure().says;
    if (result) answers_[question] = text(*result);
    return true;
  }

  bool journal(std::int64_t number) {
    return keep("journal " + std::to_string(number), store().journal_entry(number), [](const JournalEntry& entry) {
      if (entry.damaged) return std::string("!broken damaged");
      const RawMessage& message = entry.message;
      return std::to_string(static_cast<int>(entry.outcome)) + '|' + entry.id + '|' + message.channel + '|' + message.sender +
             '|' + message.content_type + '|' + message.identity + '|' +
             std::to_string(message.received.time_since_epoch().count()) + '|' + entry.receipt + '|' + entry.chain + '|' +
             message.body;
    });
  }
  bool audit(std::int64_t number) {
    bool more = true;
    keep("audit " + std::to_string(number), store().audit_rows(number, 1), [&](const std::vector<AuditRow>& rows) {
      more = !rows.empty();
      std::string text;
      for (const AuditRow& row : rows) {
        text += std::to_string(row.number) + '|' + row.action + '|' + row.caller + '|' + row.subject + '|' + row.case_key + '|' +
                row.says + '|' + std::to_string(row.at.time_since_epoch().count());
      }
      return text;
    });
    return more && number < 1000;
  }
  void of_case(const std::string& key) {
    keep("case " + key, store().load_case(key), [](const Case& loaded) {
      std::string text = std::to_string(loaded.version) + '\n';
      for (const ChainLink& link : loaded.links) text += link.identity + '|' + link.kind + '|' + link.body + '\n';
      for (const CaseResource& each : loaded.resources) {
        text += each.type + '/' + each.id + '|' + std::to_string(each.version) + '|' + each.digest + '\n';
      }
      return text;
    });
  }
  void resource(const ResourceName& name) {
    for (std::int64_t version = 0; version < 20; ++version) {
      const std::string question = "resource " + name.type + '/' + name.id + ' ' + std::to_string(version);
      const bool any = keep(question, store().read(as_operator(), name.type, name.id, version),
                            [](const Resource& found) { return std::to_string(found.version) + found.case_key + found.body; });
      if (!any) answers_[question] = "none";
    }
  }
  void subscriptions() {
    const Result<std::vector<SubscriptionState>> all = house_.run(store().subscriptions());
    for (const SubscriptionState& state : *all) {
      answers_["subscription " + state.id] =
          state.status + '|' + std::to_string(state.events) + '|' + std::to_string(state.delivered) + '|' + state.error;
      for (std::int64_t number = 1; number <= state.events; ++number) {
        keep("event " + state.id + ' ' + std::to_string(number), store().events(state.id, number, number, 1),
             [](const std::vector<Event>& events) {
               std::string text;
               for (const Event& event : events) {
                 text += std::to_string(event.number) + '|' + event.topic + '|' + event.focus + '|' + event.case_key + '|' +
                         event.reason + '|' + join_lines(event.context) + (event.dead ? "dead" : "");
               }
               return text;
             });
      }
    }
  }
  void search(const std::string& type) {
    search::Query query;
    query.resource_type = type;
    query.count = 200;
    query.total = search::Total::Accurate;
    keep("search " + type, store().search(as_operator(), query), [](const Page& page) {
      std::string text = std::to_string(page.total.value_or(-1));
      for (const Resource& each : page.resources) text += '\n' + each.body;
      return text;
    });
  }

  SqliteHouse& house_;
  Answers answers_;
};

inline Answers answers(SqliteHouse& house, const StoreNames& names) { return StoreAnswers(house, names).take(); }

}  // namespace vardbron::store
