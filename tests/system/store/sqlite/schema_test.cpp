#include "gateway/store/sqlite/schema.h"

#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/store_dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <fstream>

// Concern: a store of an earlier form is carried over and loses nothing, whatever happens on the way.

namespace vardbron::store {

namespace {

const std::filesystem::path form_3 = VARDBRON_SOURCE_DIR "/tests/system/store/sqlite/form_3";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void unpack(const std::filesystem::path& compressed, const std::filesystem::path& into) {
  const std::string bytes = read_file(compressed);
  std::string text(ZSTD_getFrameContentSize(bytes.data(), bytes.size()), '\0');
  CHECK(ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size()) == text.size());
  std::ofstream(into, std::ios::binary) << text;
}

}  // namespace

void SqliteHouse::close_and_take(const std::filesystem::path& fixture) {
  close();
  std::filesystem::remove(seal_key());  // of the store that was there
  unpack(fixture / "vardbron.db.zst", file());
  unpack(fixture / "vardbron.db-wal.zst", file().string() + "-wal");
}

namespace {

std::unique_ptr<Database> open_database(const std::filesystem::path& file) {
  Result<std::unique_ptr<Database>> database = Database::open(file, Database::Use::Write);
  CHECK(database);
  return *std::move(database);
}

std::filesystem::path copy_of(const std::filesystem::path& file, int step) {
  return file.string() + ".before-step-" + std::to_string(step);
}

// Steps that a test appends to those of the program: their numbers follow.
const int first_test_step = form_after(schema_steps()) + 1;

std::vector<SchemaStep> with(std::vector<SchemaStep> further) {
  std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
  for (SchemaStep& step : further) {
    step.number = form_after(steps) + 1;
    steps.push_back(step);
  }
  return steps;
}

Result<void> add_colour(Database& database, StepContext& context) {
  database.execute("ALTER TABLE subscription ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'");
  context.progress(1, 1);
  return done();
}

Result<void> add_colour_and_die(Database& database, StepContext& context) {
  (void)add_colour(database, context);
  database.execute("DELETE FROM journal");
  ::_exit(database.health().failure ? 2 : 1);
}

Result<void> add_colour_and_fail(Database& database, StepContext& context) {
  (void)add_colour(database, context);
  database.execute("DELETE FROM journal");
  return Failure{Cause::Broken, "Nothing is blue.", ""};
}

Result<void> name_what_is_not_there(Database& database, StepContext&) {
  database.execute("DELETE FROM journal");
  database.execute("DELETE FROM there_is_no_such_table");
  return done();
}

Result<void> shrink(Database& database, StepContext&) {
  database.execute("VACUUM");
  return done();
}

Result<void> die_alone(Database& database, StepContext&) {
  database.execute("VACUUM");
  ::_exit(database.health().failure ? 2 : 1);
}

/// Cases of which one is due some day, and a chain of a person; then the step.
Result<void> have_cases_and_time_them(Database& database, StepContext& context) {
  database.execute("UPDATE patient_case SET next=0");
  database.execute("UPDATE patient_case SET next=1893456000000 WHERE id=(SELECT min(id) FROM patient_case)");
  database.execute("UPDATE patient_case SET key='person|0123' WHERE id=(SELECT max(id) FROM patient_case)");
  return time_closed_cases(database, context);
}

/// As the store prepares itself, with these steps.
Result<void> prepare(Database& database, std::span<const SchemaStep> steps) {
  SealOptions options;
  options.key = database.file().parent_path() / "seal.key";
  SystemRandom random;
  const AroundSteps around{[&](std::int64_t form) { return Sealer::check_before_steps(database, options, form); },
                           [&] { return Sealer::begin_steps(database, options, random); },
                           [&] { Sealer::steps_failed(database, options); }};
  return prepare_for_writing(database, steps, around);
}

/// Runs the steps in a process of their own, which a step ends.
void die_in(const std::filesystem::path& file, const std::vector<SchemaStep>& steps) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::unique_ptr<Database> database = open_database(file);
    (void)prepare(*database, steps);
    ::_exit(3);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 1);
}

class Schema : public testing::Test {
 protected:
  std::string contents() { return StoreDump<SqliteHouse>(house_, names_in(read_file(form_3 / "contents.txt"))).text(); }
  SqliteHouse house_;
};

TEST_F(Schema, AStoreOfForm3IsOpenedAndLosesNothing) {
  house_.close_and_take(form_3);
  house_.open();

  EXPECT_EQ(contents(), read_file(form_3 / "contents.txt"));
  // Step 14: each case is computed once more.
  const std::vector<CaseDue> due = *house_.run(house_.store().cases_due({}, 100));
  EXPECT_EQ(due.size(), names_in(read_file(form_3 / "contents.txt")).cases.size());
  EXPECT_TRUE(std::all_of(due.begin(), due.end(), [](const CaseDue& each) { return each.at == made_due; }));
  for (std::int64_t number = 1; number <= 65; ++number) {
    const JournalEntry entry = *house_.run(house_.store().journal_entry(number));
    EXPECT_EQ(house_.run(house_.store().journal_entry(entry.message.sender, entry.id))->number, number);
  }

  // Step 17: the rows of the access log are found by their case, by an index.
  std::vector<AuditRow> all = *house_.run(house_.store().audit_rows(0, 10'000));
  std::erase_if(all, [](const AuditRow& each) { return each.case_key.empty(); });
  ASSERT_FALSE(all.empty());
  const std::string one_case = all.front().case_key;
  const auto of_case = std::count_if(all.begin(), all.end(), [&](const AuditRow& each) { return each.case_key == one_case; });
  EXPECT_EQ(house_.run(house_.store().audit_rows_of({one_case}, 0, 10'000))->size(), static_cast<std::size_t>(of_case));

  // And it continues: numbers and chains go on from their last value.
  ASSERT_TRUE(house_.run(house_.store().commit(a_change("m1", "a case of today"))).ok());
  EXPECT_EQ(*house_.run(house_.store().verify_journal()), 66);
  house_.close();
  EXPECT_EQ(open_database(house_.file())->number("PRAGMA user_version"), form_after(schema_steps()));
}

TEST_F(Schema, CasesThatNothingIsDueInAreTimedOnceMoreAndPersonsAreNot) {
  house_.close_and_take(form_3);
  std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
  const auto step = std::find_if(steps.begin(), steps.end(), [](const SchemaStep& each) { return each.number == 15; });
  step->run = have_cases_and_time_them;
  std::unique_ptr<Database> database = open_database(house_.file());
  ASSERT_TRUE(prepare(*database, steps).ok());
  EXPECT_EQ(database->number("SELECT next FROM patient_case WHERE id=(SELECT min(id) FROM patient_case)"), 1'893'456'000'000);
  EXPECT_EQ(database->number("SELECT next FROM patient_case WHERE key='person|0123'"), 0);
  const std::int64_t cases = database->number("SELECT count(*) FROM patient_case WHERE version>0");
  EXPECT_GT(cases, 2);
  EXPECT_EQ(database->number("SELECT count(*) FROM patient_case WHERE next=1"), cases - 2);
}

// Concern: whoever was not called by the program of before is not called by this one either, and keeps the error that is shown.
TEST_F(Schema, WhatHeldADeliveryUpByTheBeginningOfAnErrorTextIsReadOnceFromIt) {
  struct Row {
    const char *status, *error;
    DeliveryHold hold;
    const char* error_now;
  };
  const Row rows[] = {
      {"error", "Stopped: the handshake is due.", DeliveryHold::HandshakeDue, ""},
      {"error", "Stopped: the handshake failed.", DeliveryHold::Stopped, "Stopped: the handshake failed."},
      {"error", "Stopped: the endpoint is not agreed any more.", DeliveryHold::Stopped,
       "Stopped: the endpoint is not agreed any more."},
      {"error", "The receiver cannot be reached. Stopped: no.", DeliveryHold::None,
       "The receiver cannot be reached. Stopped: no."},
      {"error", "", DeliveryHold::None, ""},
      {"active", "", DeliveryHold::None, ""},
      {"requested", "", DeliveryHold::None, ""},
      {"off", "", DeliveryHold::None, ""},
  };
  house_.close_and_take(form_3);
  {
    std::unique_ptr<Database> database = open_database(house_.file());
    database->execute("DELETE FROM event");
    database->execute("DELETE FROM subscription");
    Statement insert = database->prepare(
        "INSERT INTO subscription(number, id, status, events, delivered, error) "
        "VALUES(?,?,?,0,0,?)");
    std::int64_t number = 0;
    for (const Row& row : rows) {
      const std::string id = "sub-" + std::to_string(++number);
      insert.run(number, std::string_view(id), std::string_view(row.status), std::string_view(row.error));
    }
    ASSERT_FALSE(database->health().failure);
  }

  for (int start = 0; start < 2; ++start) {
    house_.open();
    Result<std::vector<SubscriptionState>> states = house_.run(house_.store().subscriptions());
    ASSERT_TRUE(states.ok());
    ASSERT_EQ(states->size(), std::size(rows));
    for (std::size_t at = 0; at < std::size(rows); ++at) {
      EXPECT_EQ((*states)[at].status, rows[at].status) << rows[at].error;
      EXPECT_EQ((*states)[at].error, rows[at].error_now);
      EXPECT_EQ((*states)[at].hold, rows[at].hold) << rows[at].error;
    }
    EXPECT_TRUE(house_.run(house_.store().verify())->findings.empty());
    house_.close();
  }
}

TEST_F(Schema, AStepIsRunOnceAndAfterACopy) {
  house_.close_and_take(form_3);
  const std::vector<SchemaStep> steps = with({{0, "a colour", add_colour}});
  for (int start = 0; start < 2; ++start) {
    std::unique_ptr<Database> database = open_database(house_.file());
    Result<void> prepared = prepare(*database, steps);
    ASSERT_TRUE(prepared.ok()) << prepared.failure().says;
    EXPECT_EQ(database->number("PRAGMA user_version"), first_test_step);
    EXPECT_EQ(database->number("SELECT count(*) FROM subscription WHERE colour='blue'"), 3);
  }

  // The copy is the store from before all of the steps, whole and by itself.
  const std::filesystem::path copy = copy_of(house_.file(), first_form + 1);
  ASSERT_TRUE(std::filesystem::exists(copy));
  EXPECT_FALSE(std::filesystem::exists(copy.string() + ".part"));
  EXPECT_FALSE(std::filesystem::exists(copy.string() + "-wal"));
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(house_.file().string() + suffix);
  std::filesystem::rename(copy, house_.file());
  EXPECT_EQ(open_database(house_.file())->number("PRAGMA user_version"), first_form);
  std::filesystem::remove(house_.seal_key());
  house_.open();
  EXPECT_EQ(contents(), read_file(form_3 / "contents.txt"));
}

TEST_F(Schema, AProcessThatDiesInAStepLeavesTheFormBeforeAndTheNextStartRunsItAgain) {
  house_.close_and_take(form_3);
  die_in(house_.file(), with({{0, "a colour", add_colour_and_die}}));
  EXPECT_EQ(open_database(house_.file())->number("PRAGMA user_version"), form_after(schema_steps()));

  {
    std::unique_ptr<Database> database = open_database(house_.file());
    ASSERT_TRUE(prepare(*database, with({{0, "a colour", add_colour}})).ok());
    EXPECT_EQ(database->number("SELECT count(*) FROM journal"), 65);
    EXPECT_EQ(database->number("SELECT count(*) FROM subscription WHERE colour='blue'"), 3);
  }
}

TEST_F(Schema, AStepThatFailsLeavesTheFormBeforeAndSaysWhy) {
  house_.close_and_take(form_3);
  struct Row {
    Result<void> (*run)(Database&, StepContext&);
    const char* says;
  };
  for (const Row& row : {Row{add_colour_and_fail, "Nothing is blue"}, Row{name_what_is_not_there, "SQL logic error"}}) {
    std::unique_ptr<Database> database = open_database(house_.file());
    Result<void> prepared = prepare(*database, with({{0, "what fails", row.run}}));
    ASSERT_FALSE(prepared.ok());
    EXPECT_THAT(prepared.failure().says, testing::HasSubstr(row.says));
    EXPECT_THAT(prepared.failure().says, testing::HasSubstr("left as they were"));
  }
  house_.open();
  EXPECT_EQ(contents(), read_file(form_3 / "contents.txt"));
}

TEST_F(Schema, AStepOutsideATransactionIsRunAgainWhenItWasBrokenOff) {
  house_.close_and_take(form_3);
  die_in(house_.file(), with({{0, "shrink", die_alone, SchemaStep::Transaction::Alone}}));
  EXPECT_EQ(open_database(house_.file())->number("PRAGMA user_version"), form_after(schema_steps()));

  {
    std::unique_ptr<Database> database = open_database(house_.file());
    ASSERT_TRUE(prepare(*database, with({{0, "shrink", shrink, SchemaStep::Transaction::Alone}})).ok());
    EXPECT_EQ(database->number("PRAGMA user_version"), first_test_step);
    EXPECT_EQ(database->number("SELECT count(*) FROM journal"), 65);
  }
}

TEST_F(Schema, WithoutACopyNoStepIsRun) {
  house_.close_and_take(form_3);
  const std::filesystem::path copy = copy_of(house_.file(), first_form + 1);
  std::filesystem::create_directories(copy / "in the way");
  {
    std::unique_ptr<Database> database = open_database(house_.file());
    Result<void> prepared = prepare(*database, with({{0, "a colour", add_colour}}));
    ASSERT_FALSE(prepared.ok());
    EXPECT_THAT(prepared.failure().says, testing::HasSubstr("no copy of the store"));
    EXPECT_EQ(database->number("PRAGMA user_version"), first_form);
  }
  EXPECT_FALSE(std::filesystem::exists(copy.string() + ".part"));
}

TEST_F(Schema, AFreshStoreGoesThroughAllStepsWithoutACopy) {
  TemporaryDirectory directory;
  std::unique_ptr<Database> database = open_database(directory.path() / "vardbron.db");
  ASSERT_TRUE(prepare(*database, with({{0, "a colour", add_colour}})).ok());
  EXPECT_EQ(database->number("PRAGMA user_version"), first_test_step);
  EXPECT_EQ(database->number("SELECT count(*) FROM pragma_table_info('subscription') WHERE name='colour'"), 1);
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::HasSubstr("before-step")));
  }
}

TEST_F(Schema, AFileThatIsRefusedIsNotWrittenTo) {
  const std::filesystem::path file = house_.file().parent_path() / "somebody.db";
  open_database(file)->execute("CREATE TABLE somebody_elses(x)");
  const std::string before = read_file(file);

  EXPECT_FALSE(prepare_for_writing(*open_database(file)).ok());

  EXPECT_EQ(read_file(file), before);
  EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal"));
}

}  // namespace
}  // namespace vardbron::store
