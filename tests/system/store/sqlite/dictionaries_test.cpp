#include "gateway/store/sqlite/dictionaries.h"

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "temporary_directory.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

// Concern: a body that was compressed with a dictionary is restored by whoever has it, and by nobody else; never to other bytes.

namespace vardbron::store {
namespace {

/// Letters of the messages that share a form: the values are invented at random.
std::string message(SeededRandom& random) {
  const auto digits = [&](std::size_t count) {
    std::string text;
    while (text.size() < count) text += static_cast<char>('0' + random.below(10));
    return text;
  };
  return R"({"resourceType":"Encounter","identifier":[{"system":"urn:oid:1.2.752.97.3.1.6","value":")" + digits(12) +
         R"("}],"status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},)" +
         R"("subject":{"reference":"Patient/)" + digits(10) + R"("},"serviceProvider":{"display":"Medicinavdelning )" +
         digits(2) + R"("},"period":{"start":"2026-03-)" + digits(2) + R"(T10:00:00+01:00"},"length":{"value":)" + digits(3) +
         "}}";
}

std::vector<std::string> messages(std::uint64_t seed, std::size_t count) {
  SeededRandom random(seed);
  std::vector<std::string> all;
  while (all.size() < count) all.push_back(message(random));
  return all;
}

/// A file with the table alone.
struct File {
  File() : database(*Database::open(directory.path() / "dictionaries.db", Database::Use::Write)) {
    database->execute("CREATE TABLE dictionary(number INTEGER PRIMARY KEY, name TEXT NOT NULL, bytes BLOB NOT NULL)");
  }
  std::shared_ptr<Dictionaries> read() const {
    auto all = std::make_shared<Dictionaries>();
    all->read(*database);
    return all;
  }
  std::shared_ptr<Dictionaries> with(const Samples& samples) const {
    std::shared_ptr<Dictionaries> all = read();
    all->add(*database, samples);
    EXPECT_FALSE(database->take_failure());
    return all;
  }
  std::int64_t rows() const { return database->number("SELECT count(*) FROM dictionary"); }

  TemporaryDirectory directory;
  std::unique_ptr<Database> database;
};

Samples of(std::uint64_t seed) { return {{{"cosmic", messages(seed, 9)}}, messages(seed + 1, 9), messages(seed + 2, 9), {}}; }

TEST(Dictionary, IsTheSameForTheSameSamplesAndSaysItsNumber) {
  const std::string made = make_dictionary(messages(1, 9), 40'000);
  ASSERT_FALSE(made.empty());
  EXPECT_EQ(make_dictionary(messages(1, 9), 40'000), made);
  EXPECT_NE(make_dictionary(messages(2, 9), 40'000), made);
  EXPECT_EQ(dictionary_fault(40'000, made), "");
  EXPECT_NE(dictionary_fault(40'001, made), "");
  EXPECT_NE(dictionary_fault(1, make_dictionary(messages(1, 9), 1)), "");
  EXPECT_NE(dictionary_fault(40'000, std::string_view(made).substr(0, 60)), "");
  EXPECT_NE(dictionary_fault(40'000, ""), "");
}

TEST(Dictionary, IsNotMadeOfNothing) {
  EXPECT_EQ(make_dictionary({}, 40'000), "");
  EXPECT_EQ(make_dictionary({"", "a", "b"}, 40'000), "");
  EXPECT_EQ(make_dictionary(std::vector<std::string>(500, std::string(300, 'x')), 40'000), "");
  EXPECT_LT(make_dictionary(messages(1, 3'000), 40'000).size(), 24'000u);
}

TEST(Dictionaries, AreAddedOncePerKindOfBodyAndKeptWhenTheSamplesChange) {
  const File file;
  EXPECT_TRUE(file.read()->lacks(of(1)));
  const std::shared_ptr<Dictionaries> first = file.with(of(1));
  EXPECT_EQ(file.rows(), 3);
  EXPECT_FALSE(first->lacks(of(1)));
  EXPECT_FALSE(file.read()->lacks(of(1)));
  EXPECT_FALSE(file.read()->lacks({}));
  file.with(of(1));
  EXPECT_EQ(file.rows(), 3);
  Samples changed = of(1);
  changed.links = messages(77, 9);
  EXPECT_TRUE(file.read()->lacks(changed));
  file.with(changed);
  EXPECT_EQ(file.rows(), 4);
  EXPECT_EQ(file.database->number("SELECT min(number) FROM dictionary"), first_dictionary);
  EXPECT_EQ(file.database->word("SELECT name FROM dictionary ORDER BY number DESC"), link_bodies);
}

TEST(Dictionaries, AreNotAddedWithoutEnd) {
  const File file;
  const std::shared_ptr<Dictionaries> all = file.read();
  Samples samples;
  for (std::uint64_t seed = 0; file.rows() < static_cast<std::int64_t>(limits::store_dictionaries_max); ++seed) {
    samples.links = messages(seed, 4);
    ASSERT_TRUE(all->lacks(samples));
    all->add(*file.database, samples);
  }
  const auto* last = all->to_compress(link_bodies);
  samples.links = messages(1'000, 4);
  EXPECT_FALSE(all->lacks(samples));
  all->add(*file.database, samples);
  EXPECT_EQ(file.rows(), static_cast<std::int64_t>(limits::store_dictionaries_max));
  EXPECT_EQ(all->to_compress(link_bodies), last);
}

TEST(Dictionaries, RestoreWhatAnEarlierOneHasCompressed) {
  const File file;
  SeededRandom random(5);
  Compressor alone, first(file.with(of(1)));
  Samples changed = of(1);
  changed.links = messages(77, 9);
  Compressor second(file.with(changed));
  Compressor reader(file.read());
  for (int round = 0; round < 200; ++round) {
    const std::string body = message(random);
    const std::string plain(alone.compress(body)), one(first.compress(body, link_bodies)),
        other(second.compress(body, link_bodies));
    EXPECT_LT(2 * one.size(), plain.size());
    EXPECT_NE(one, other);
    for (const std::string* stored : {&plain, &one, &other}) {
      const Result<std::string> restored = reader.restore(*stored, body.size());
      ASSERT_TRUE(restored);
      EXPECT_EQ(*restored, body);
    }
  }
  EXPECT_EQ(first.compress("{}", link_bodies), "{}");
  EXPECT_EQ(std::string(first.compress(std::string(700, 'y'), "no such kind")), alone.compress(std::string(700, 'y')));
}

TEST(Dictionaries, GiveNoBodyWhenTheOneItNeedsIsMissingOrDamaged) {
  const File file;
  SeededRandom random(6);
  const std::string body = message(random);
  Compressor writer(file.with(of(1)));
  const std::string stored(writer.compress(body, change_bodies));
  const auto says = [&](std::shared_ptr<const Dictionaries> dictionaries) {
    const Result<std::string> restored = Compressor(std::move(dictionaries)).restore(stored, body.size());
    return restored ? *restored : restored.failure().says;
  };
  EXPECT_EQ(says(file.read()), body);
  const std::string missing = "A stored body cannot be unpacked: its dictionary 32770 is missing or damaged.";
  EXPECT_EQ(says(nullptr), missing);
  EXPECT_EQ(says(std::make_shared<Dictionaries>()), missing);
  file.database->execute("UPDATE dictionary SET bytes=zeroblob(3000) WHERE number=32770");
  EXPECT_EQ(says(file.read()), missing);
  file.database->execute("DELETE FROM dictionary");
  EXPECT_EQ(says(file.read()), missing);
}

TEST(Dictionaries, NeverGiveOtherBytesWhateverIsChangedInABodyOrADictionary) {
  const File file;
  SeededRandom random(7);
  const std::string body = message(random);
  const std::shared_ptr<Dictionaries> all = file.with(of(1));
  Compressor writer(all), reader(all);
  const std::string stored(writer.compress(body, change_bodies));
  for (int round = 0; round < 2'000; ++round) {
    std::string changed = stored;
    changed[random.below(changed.size())] ^= static_cast<char>(1u << random.below(8));
    const Result<std::string> restored = reader.restore(changed, body.size());
    if (restored) EXPECT_EQ(*restored, body);  // a bit that zstd does not use
  }
  const std::string whole = make_dictionary(of(1).changes, 32'770);
  for (int round = 0; round < 100; ++round) {
    std::string changed = whole;
    changed[random.below(changed.size())] ^= static_cast<char>(1u << random.below(8));
    Statement put = file.database->prepare("UPDATE dictionary SET bytes=? WHERE number=32770");
    put.run(Blob{changed});
    const Result<std::string> restored = Compressor(file.read()).restore(stored, body.size());
    if (restored) EXPECT_EQ(*restored, body);  // a part that this body does not need
  }
}

/// A store that is opened with other samples each time.
class Learning : public testing::Test {
 protected:
  void open_with(const Samples& samples) {
    SqliteOptions options{house_.file().parent_path(), 1};
    options.samples = samples;
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock_, random_);
    CHECK(opened);
    house_.use(*std::move(opened));
  }
  /// Commits a message of the channel with one link; returns the journal's number.
  std::int64_t commit(const std::string& body, std::int64_t version) {
    Change change = a_change("m" + std::to_string(version), "case-1", version);
    change.journal->channel = "cosmic";
    change.journal->body = body;
    Result<Committed> committed = house_.run(house_.store().commit(std::move(change)));
    CHECK(committed);
    return committed->journal_number;
  }
  std::int64_t number(const std::string& sql) { return open_database(house_.file(), Database::Use::Read)->number(sql); }

  RealClock clock_;
  SystemRandom random_;
  SqliteHouse house_{SqliteHouse::Closed{}};
};

TEST_F(Learning, AStoreReadsWhatItStoredWhateverItLearntSince) {
  SeededRandom random(8);
  std::vector<std::string> bodies;
  for (std::int64_t round = 0; round < 4; ++round) {
    open_with(round == 0 ? Samples{} : of(static_cast<std::uint64_t>(round < 3 ? 1 : 9)));
    for (int each = 0; each < 2; ++each) {
      bodies.push_back(message(random));
      ASSERT_EQ(commit(bodies.back(), static_cast<std::int64_t>(bodies.size()) - 1), static_cast<std::int64_t>(bodies.size()));
    }
    for (std::size_t at = 0; at < bodies.size(); ++at) {
      const Result<JournalEntry> entry = house_.run(house_.store().journal_entry(static_cast<std::int64_t>(at) + 1));
      ASSERT_TRUE(entry);
      EXPECT_EQ(entry->message.body, bodies[at]) << at;
    }
    const Result<Case> known = house_.run(house_.store().load_case("case-1"));
    ASSERT_TRUE(known);
    EXPECT_EQ(known->links.size(), bodies.size());
    house_.close();
    EXPECT_EQ(number("SELECT count(*) FROM dictionary"), round == 0 ? 0 : round < 3 ? 3 : 6) << round;
    EXPECT_EQ(all_of(verify_file(house_.file(), true)), "") << round;
  }
  EXPECT_LT(number("SELECT max(length(body)) FROM journal WHERE number > 2"),
            number("SELECT min(length(body)) FROM journal WHERE number <= 2") / 2);
}

TEST_F(Learning, ADictionaryThatWasChangedOrTakenAwayIsFoundWithTheBodiesThatNeedIt) {
  open_with(of(1));
  SeededRandom random(9);
  commit(message(random), 0);
  house_.close();
  const std::string file = house_.file();
  std::filesystem::copy_file(file, file + ".kept");
  for (const char* edit :
       {"DELETE FROM dictionary WHERE number=32768", "UPDATE dictionary SET bytes=zeroblob(9) WHERE number=32768",
        "UPDATE dictionary SET number=50000 WHERE number=32768"}) {
    std::filesystem::copy_file(file + ".kept", file, std::filesystem::copy_options::overwrite_existing);
    open_database(file, Database::Use::Write)->execute(edit);
    const std::string found = all_of(verify_file(file, true));
    EXPECT_THAT(found, testing::HasSubstr("dictionary")) << edit;
    EXPECT_THAT(found, testing::HasSubstr("journal 1")) << edit;
  }
}

}  // namespace
}  // namespace vardbron::store
