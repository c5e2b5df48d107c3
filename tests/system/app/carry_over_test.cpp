#include "gateway/app/stored_keys_of.h"
#include "gateway/base/check.h"
#include "gateway/base/random.h"
#include "gateway/base/text.h"
#include "gateway/care/chain/policies.h"
#include "gateway/exchange/case_update.h"
#include "gateway/search/served.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/verify_report.h"
#include "gateway/subscription/matcher.h"
#include "gateway/workspace/load.h"
#include "temporary_directory.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

// Concern: a store of the program of before loses nothing when its tables change, and is searched by all of today's parameters.

namespace vardbron::app {
namespace {

const std::filesystem::path form_7 = VARDBRON_SOURCE_DIR "/tests/system/app/form_7/vardbron.db.zst";

std::string unpacked(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  const std::string packed = bytes.str();
  std::string text(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  CHECK(ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size()) == text.size());
  return text;
}

template <class T>
T wait_for(Task<T> task) {
  asio::io_context io;
  std::optional<T> value;
  auto keep = [](Task<T> from, std::optional<T>& into) -> Task<> { into.emplace(co_await std::move(from)); };
  asio::co_spawn(io, keep(std::move(task), value), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();
  return std::move(*value);
}

/// A resource as the program of before had it in its table.
struct OldRow {
  std::string type, id, digest;
  std::int64_t version = 0;
  bool deleted = false;
  std::vector<std::string> parties;
};

class CarryOver : public testing::Test {
 protected:
  CarryOver() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "vardbron.db", std::ios::binary) << unpacked(form_7);
    std::unique_ptr<store::Database> database = *store::Database::open(folder_ / "vardbron.db", store::Database::Use::Read);
    CHECK(database->number("PRAGMA user_version") == 7);
    store::Statement rows = database->prepare(
        "SELECT t.name, r.id, hex(r.digest), r.version, r.deleted, r.parties FROM resource r JOIN type t ON t.number=(r.number & "
        "255)");
    rows.query();
    while (rows.next()) {
      OldRow& row = rows_.emplace_back(
          OldRow{rows.string(0), rows.string(1), to_lower(rows.text(2)), rows.integer(3), rows.integer(4) != 0, {}});
      std::stringstream parties(rows.string(5));
      for (std::string party; std::getline(parties, party);) row.parties.push_back(party);
    }
    journal_ = database->number("SELECT count(*) FROM journal");
    audit_ = database->number("SELECT count(*) FROM audit");
    events_ = database->number("SELECT count(*) FROM event");
    versions_ = database->number("SELECT sum(version) FROM resource");
  }
  void open() {
    store::SqliteOptions options;
    options.directory = folder_;
    options.is_sealed_anew = true;
    options.keys_of = stored_keys_of(*definitions_, indexer_);
    Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store(options, clock_, random_);
    ASSERT_TRUE(opened.ok()) << opened.failure().says;
    store_ = *std::move(opened);
  }
  std::vector<std::string> found(const store::Reader& reader, const std::string& type, search::Criterion criterion) {
    search::Query query;
    query.resource_type = type;
    query.criteria = {std::move(criterion)};
    query.count = 200;
    std::vector<std::string> ids;
    const Result<store::Page> page = wait_for(store_->search(reader, query));
    CHECK(page);
    for (const store::Resource& each : page->resources) ids.push_back(each.id);
    return ids;
  }

  TemporaryDirectory directory_;
  const std::filesystem::path folder_ = directory_.path() / "data";
  Result<fhir::Definitions> definitions_ = workspace::load_definitions({});
  search::Indexer indexer_{*definitions_, search::served()};
  RealClock clock_;
  SystemRandom random_;
  std::unique_ptr<store::Store> store_;
  std::vector<OldRow> rows_;
  std::int64_t journal_ = 0, audit_ = 0, events_ = 0, versions_ = 0;
};

TEST_F(CarryOver, LosesNothingAndShowsNobodyMore) {
  ASSERT_GT(rows_.size(), 90u);
  open();

  for (const OldRow& row : rows_) {
    const std::string name = row.type + "/" + row.id;
    for (const std::string& party : row.parties) {
      for (std::int64_t version = 1; version <= row.version; ++version) {
        const Result<store::Resource> read = wait_for(store_->read({party, false}, row.type, row.id, version));
        ASSERT_TRUE(read.ok() || (row.deleted && version == row.version)) << name << ' ' << version;
        if (read) EXPECT_EQ(read->version, version);
      }
    }
    EXPECT_FALSE(wait_for(store_->read({"SE0000000000-X", false}, row.type, row.id)).ok());
  }
  const Result<store::VerifyReport> report = wait_for(store_->verify());
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->is_clean()) << report->findings.front().table << ' ' << report->findings.front().says;
  EXPECT_EQ(report->journal, journal_);
  EXPECT_EQ(report->audit, audit_);
  EXPECT_EQ(report->events, events_) << "nobody is notified of what they know";
  EXPECT_EQ(report->versions, versions_);
}

// The body is what the digest was made of, but for meta.
TEST_F(CarryOver, KeepsEachBody) {
  open();
  std::map<std::string, std::string> digests;
  for (const OldRow& row : rows_) digests[row.type + "/" + row.id] = row.digest;
  Result<std::vector<store::CaseDue>> cases = wait_for(store_->cases_seen({WallTime{}, ""}, 100));
  ASSERT_TRUE(cases.ok());
  std::size_t seen = 0;
  for (const store::CaseDue& each : *cases) {
    const Result<store::Case> loaded = wait_for(store_->load_case(each.case_key));
    ASSERT_TRUE(loaded.ok());
    for (const store::CaseResource& resource : loaded->resources) {
      ++seen;
      EXPECT_EQ(resource.digest, digests[resource.type + "/" + resource.id]);
    }
  }
  EXPECT_GT(seen, 90u);
}

TEST_F(CarryOver, FindsByParametersThatTheProgramOfBeforeDidNotHave) {
  open();
  const store::Reader all{"", true};
  search::Criterion date;
  date.parameter = "date";
  date.kind = search::KeyKind::Date;
  date.operands.resize(1);
  date.operands[0].prefix = search::Prefix::Gt;
  date.operands[0].from_ms = date.operands[0].to_ms = 0;
  EXPECT_FALSE(found(all, "Encounter", date).empty());
  search::Criterion intent;
  intent.parameter = "intent";
  intent.operands.resize(1);
  intent.operands[0].value = "order";
  const auto tasks =
      std::count_if(rows_.begin(), rows_.end(), [](const OldRow& row) { return row.type == "Task" && !row.deleted; });
  EXPECT_EQ(found(all, "Task", intent).size(), static_cast<std::size_t>(tasks));
}

/// A case as the clock of the cases computes it when its time has come.
class Again final : public exchange::CaseStep {
 public:
  explicit Again(WallTime now) : now_(now) {}
  Task<Result<std::optional<Begun>>> begin(const store::Case&) override { co_return std::optional(Begun{std::nullopt, now_}); }
  bool complete(const exchange::ProjectedCase&, exchange::CaseChange&) override { return true; }
  Failure overtaken() const override { return {Cause::Busy, "", ""}; }

 private:
  const WallTime now_;
};

// Step 14: Patients are persons' and Organizations a register's, once each case was computed again.
TEST_F(CarryOver, TheOldPatientsLeadToThatOfTheNumberAndNobodyIsNotified) {
  open();
  const care::Policies policies = care::law();
  const exchange::CaseRules rules{definitions_->names(), policies, indexer_, {}, store_->person_secret()};
  const exchange::CaseParts parts{*store_, rules, [] { return std::make_shared<const subscription::Matcher>(); },
                                  [](const store::Committed&) {}};
  const std::vector<store::CaseDue> due = *wait_for(store_->cases_due({}, 1'000));
  ASSERT_EQ(due.size(), 4u) << "every case is computed again";
  for (const store::CaseDue& each : due) {
    Again again(clock_.wall());
    const auto updated = wait_for(exchange::update_case(parts, each.case_key, again));
    ASSERT_TRUE(updated.ok()) << updated.failure().says;
  }

  const store::Reader all{"", true};
  std::size_t replaced = 0, deleted = 0;
  for (const OldRow& row : rows_) {
    const Result<store::Resource> now = wait_for(store_->read(all, row.type, row.id));
    if (row.type == "Organization") deleted += !now.ok() && now.failure().cause == Cause::Gone ? 1u : 0u;
    if (row.type != "Patient" || !now) continue;
    EXPECT_THAT(now->body, testing::HasSubstr(R"("active":false)")) << row.id;
    const std::size_t at = now->body.find(R"("reference":"Patient/)");
    if (at == std::string::npos) continue;  // of a cancelled case
    const Result<store::Resource> leads_to = wait_for(store_->read(all, "Patient", now->body.substr(at + 21, 36)));
    ASSERT_TRUE(leads_to.ok()) << now->body;
    EXPECT_THAT(leads_to->body, testing::HasSubstr(R"("identifier":[)"));
    ++replaced;
  }
  EXPECT_GT(replaced, 3u);
  EXPECT_GT(deleted, 10u);
  const Result<store::VerifyReport> report = wait_for(store_->verify());
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->is_clean()) << report->findings.front().table << ' ' << report->findings.front().says;
  EXPECT_EQ(report->events, events_);
}

}  // namespace
}  // namespace vardbron::app
