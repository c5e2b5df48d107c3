#pragma once

#include "gateway/base/digest.h"
#include "gateway/base/random.h"
#include "gateway/store/rules.h"
#include "gateway/store/store.h"
#include "gateway/store/verify_report.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::sim {

/// What a store holds, as plain containers, with the port's rules and without waiting. SimStore adds time, crashes and faults;
/// random walks compare other stores with it.
class SimTables {
 public:
  using Page = store::Page;

  Result<store::Committed> commit(const store::Change& change, WallTime now, Random& random);
  Result<store::JournalEntry> journal(const store::RawMessage& message, WallTime now, Random& random);
  Result<store::JournalEntry> find_message(const std::string& sender, const std::string& identity) const;
  Result<store::JournalEntry> journal_entry(std::int64_t number) const;
  Result<store::JournalEntry> journal_entry(std::string_view sender, std::string_view id) const;
  std::vector<store::JournalEntry> journal_entries(store::Outcome outcome, std::int64_t after, std::size_t count) const;
  Result<std::int64_t> verify_journal() const;

  store::Case load_case(const std::string& key, std::size_t links_max = std::size_t(-1),
                        const std::optional<store::KnownCase>& known = {}) const;
  std::vector<store::CaseDue> cases_due(const store::CaseDue& after, std::size_t count) const;
  std::vector<store::CaseDue> cases_seen(const store::CaseDue& after, std::size_t count) const;
  WallTime last_time() const { return last_; }
  Result<store::Resource> read(const store::Reader& reader, const std::string& type, const std::string& id,
                               std::int64_t version) const;
  Result<Page> search(const store::Reader& reader, const search::Query& query) const;
  Result<store::Page> history(const store::Reader& reader, const store::HistoryQuery& query) const;

  std::vector<store::SubscriptionState> subscriptions() const;
  Result<store::SubscriptionState> subscription(const std::string& id) const;
  void set_subscription_status(const std::string& id, const std::string& status, const std::string& error,
                               store::DeliveryHold hold);
  bool forget_subscription(const std::string& id);
  std::vector<store::Event> events(const std::string& subscription, std::int64_t from, std::int64_t to, std::size_t count) const;
  Result<void> begin_notification(const std::string& subscription, std::int64_t to);
  Result<void> advance(const std::string& subscription, std::int64_t number);
  Result<void> dead_letter(const std::string& subscription, std::int64_t number, const std::string& reason);

  void audit(const std::vector<store::AuditRow>& rows, WallTime now);
  std::vector<store::AuditRow> audit_rows(std::int64_t after, std::size_t count) const;
  Result<std::int64_t> verify_audit() const;
  store::VerifyReport verify() const;

  /// For tests of the chain: what a thief or a failing disk does.
  void flip_a_byte_of_journal(std::int64_t number);
  /// Its bytes cannot be read back any more.
  void damage_journal(std::int64_t number);
  /// It cannot be read back any more, or by and by.
  void damage_resource(const std::string& type, const std::string& id) { damaged_.insert({type, id}); }
  void lose_event(const std::string& subscription, std::int64_t number) { lost_.insert({subscription, number}); }
  /// Nothing that is stored of the case's links can be read any more.
  void damage_links(const std::string& case_key);

 private:
  struct Version {
    store::Resource resource;
    std::int64_t change = 0;
    std::string digest;
    std::vector<search::Key> keys;
    std::vector<std::string> parties;
    bool hidden_when_former = false;
  };
  using Name = std::pair<std::string, std::string>;
  struct CaseRow {
    store::CaseTimes times;
    std::vector<store::ChainLink> links;
    std::vector<Name> resources;
  };

  // sim_store_search.cpp: by the definitions, without any index.
  const Version* visible(const store::Reader& reader, const Name& name) const;
  bool may_see_version(const store::Reader& reader, const std::vector<Version>& versions, std::size_t at) const;
  bool meets(const store::Reader& reader, const search::Query& query, const Version& version) const;
  bool meets_at(const store::Reader& reader, const Version& version, const search::Chain& chain, std::size_t step) const;
  static store::PagePlace place_of(const search::Query& query, const Version& version);
  void include(const store::Reader& reader, const search::Query& query, store::Page& page) const;
  std::vector<Name> included_by(const store::Reader& reader, const Version& version, const search::Include& include) const;

  bool may_see(const store::Reader& reader, const std::vector<std::string>& parties) const;
  Result<void> check_current(const store::Change& change) const;
  Result<void> check_part(const store::CasePart& part) const;
  store::JournalEntry& append_journal(const store::RawMessage& message, Random& random);
  std::int64_t write(const store::ResourceWrite& write, const std::string& case_key, WallTime at);
  void append_links(const store::CasePart& part, std::int64_t journal_number);
  void set_times(const std::string& case_key, CaseRow& row, const store::CaseTimes& times);
  void make_due(const std::string& case_key, WallTime at);
  store::CommittedEvent append_event(const store::EventWrite& event, WallTime at);
  WallTime tick(WallTime now);

  std::set<std::pair<std::string, std::string>> damaged_;
  std::set<std::pair<std::string, std::int64_t>> lost_;
  std::vector<store::JournalEntry> journal_;
  std::map<Name, std::vector<Version>> resources_;
  std::set<std::string> parties_;  // of any version
  std::map<std::string, CaseRow> cases_;
  std::set<store::CaseDue> due_;  // of them
  std::map<std::string, store::SubscriptionState> subscriptions_;
  std::map<std::string, std::vector<store::Event>> events_;
  std::vector<store::AuditRow> audit_;
  std::vector<Sha256> audit_chain_;
  Sha256 journal_chain_{};
  std::int64_t changes_ = 0;
  WallTime last_{};
};

}  // namespace vardbron::sim
