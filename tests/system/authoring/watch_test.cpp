#include "gateway/authoring/watch.h"

#include "gateway/workbench/case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace vardbron::authoring {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class Watched : public testing::Test {
 protected:
  Watched() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "deep");
    write("a", "1");
    write("deep/b", "1");
  }
  ~Watched() override { fs::remove_all(folder_); }
  void write(const fs::path& file, std::string_view text) { ASSERT_TRUE(workbench::write_text(folder_ / file, text)); }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-watch-" + std::to_string(getpid()));
};

TEST_F(Watched, TellsWhatChangedCameAndWent) {
  Watch watch({folder_});
  EXPECT_THAT(watch.look(), IsEmpty());

  write("deep/b", "other");
  EXPECT_THAT(watch.look(), ElementsAre(folder_ / "deep/b"));
  EXPECT_THAT(watch.look(), IsEmpty());

  write("deep/c", "new");
  EXPECT_THAT(watch.look(), ElementsAre(folder_ / "deep/c"));

  fs::remove(folder_ / "a");
  EXPECT_THAT(watch.look(), ElementsAre(folder_ / "a"));
}

TEST_F(Watched, SeesATextOfTheSameLengthByItsTime) {
  Watch watch({folder_});
  fs::last_write_time(folder_ / "a", fs::last_write_time(folder_ / "a") + std::chrono::seconds(2));

  EXPECT_THAT(watch.look(), ElementsAre(folder_ / "a"));
}

TEST_F(Watched, MissesAFolderThatIsNotThere) {
  Watch watch({folder_ / "nowhere", folder_});
  write("a", "22");

  EXPECT_THAT(watch.look(), ElementsAre(folder_ / "a"));
}

}  // namespace
}  // namespace vardbron::authoring
