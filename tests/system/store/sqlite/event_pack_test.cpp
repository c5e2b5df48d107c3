#include "gateway/store/sqlite/event_pack.h"

#include "gateway/base/random.h"
#include "gateway/base/uuid.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace vardbron::store {
namespace {

class EventPack : public testing::Test {
 protected:
  EventPack() {
    database_ = *Database::open(directory_.path() / "words.db", Database::Use::Write);
    database_->execute("CREATE TABLE word(number INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE TABLE named(id BLOB NOT NULL)");
  }
  TemporaryDirectory directory_;
  std::unique_ptr<Database> database_;
};

TEST_F(EventPack, ReferencesComeBackAsTheyWere) {
  EventWords writing(*database_), reading(*database_);
  const std::string uuid = "0a1b2c3d-0000-4000-8000-0000000000ff";
  SeededRandom random(3);
  const std::string long_text(5'000, 'x');
  const std::string texts[] = {"",
                               "/",
                               "Task/" + uuid,
                               "Patient/" + uuid,
                               "Task/0A1B2C3D-0000-4000-8000-0000000000FF",
                               "Task/" + uuid + "/_history/1",
                               long_text,
                               "/" + uuid,
                               uuid,
                               "urn:uuid:" + uuid};
  for (int times = 0; times < 300; ++times) {
    std::vector<std::string> references;
    for (std::uint64_t count = random.below(6); count > 0; --count) references.push_back(texts[random.below(std::size(texts))]);
    ASSERT_EQ(unpack_references(pack_references(references, writing), reading), references);
  }
  EXPECT_EQ(pack_references({"Task/" + uuid, "Patient/" + uuid}, writing).size(), 34u) << "a type is one byte, an id is 16";
  EXPECT_EQ(database_->number("SELECT count(*) FROM word"), 3);

  writing.load();
  EXPECT_EQ(unpack_references(pack_references({"Task/" + uuid}, writing), reading), std::vector<std::string>{"Task/" + uuid});
  EXPECT_EQ(database_->number("SELECT count(*) FROM word"), 3) << "the words are known after a start";
}

TEST_F(EventPack, OtherBytesAreReadAsFarAsTheyGo) {
  EventWords words(*database_);
  SeededRandom random(5);
  for (int times = 0; times < 2'000; ++times) {
    std::string bytes = pack_references({"Task/0a1b2c3d-0000-4000-8000-0000000000ff", "Patient/p"}, words);
    bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    bytes.resize(random.below(bytes.size() + 1));
    EXPECT_LE(unpack_references(bytes, words).size(), bytes.size());
  }
}

TEST_F(EventPack, IdsComeBackAsTheyWere) {
  for (const char* id : {"", "sub-1", "0a1b2c3d-0000-4000-8000-0000000000ff", "0A1B2C3D-0000-4000-8000-0000000000ff",
                         "sixteen letters.", "0a1b2c3d000040008000-0000000000ff"}) {
    database_->execute("DELETE FROM named");
    const StoredId stored(id);
    EXPECT_EQ(stored.is_binary(), std::string(id) == "0a1b2c3d-0000-4000-8000-0000000000ff") << id;
    Statement insert = database_->prepare("INSERT INTO named VALUES(?)");
    if (stored.is_binary()) {
      insert.run(Blob{stored.bytes()});
    } else {
      insert.run(stored.bytes());
    }
    Statement select = database_->prepare("SELECT id FROM named");
    select.query();
    ASSERT_TRUE(select.next());
    EXPECT_EQ(id_of(select, 0), id);
  }
}

}  // namespace
}  // namespace vardbron::store
