#include "gateway/base/limits.h"
#include "gateway/workbench/expressions.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

// Concern: what is kept between the lines of a batch has an end, and what was forgotten is read again.

namespace vardbron::workbench {
namespace {

/// Files of the same size and modification time, so that only another read sees what was written.
class KeptFiles : public testing::Test {
 protected:
  std::filesystem::path write(std::size_t number, const std::string& id) {
    const std::filesystem::path file = folder_.path() / (std::to_string(number) + ".json");
    std::ofstream(file) << R"({"resourceType":"Patient","id":")" << id << "\"}";
    std::filesystem::last_write_time(file, std::filesystem::file_time_type{});
    return file;
  }
  std::string id_in(const std::filesystem::path& file) {
    Result<const tree::Document*> document = expressions_.open(file, Model::R4);
    EXPECT_TRUE(document.ok());
    return document ? std::string(tree::root(**document).text_of("id")) : "";
  }

  TemporaryDirectory folder_;
  RealClock clock_;
  Expressions expressions_{VARDBRON_BINARY_DIR "/share", clock_};
};

TEST_F(KeptFiles, AreAsManyAsMayBeAndThenAllAreForgotten) {
  const std::filesystem::path first = write(0, "before");
  for (std::size_t number = 1; number < limits::kept_files_max; ++number) write(number, "x");
  EXPECT_EQ(id_in(first), "before");
  for (std::size_t number = 1; number < limits::kept_files_max; ++number)
    id_in(folder_.path() / (std::to_string(number) + ".json"));
  write(0, "behind");

  EXPECT_EQ(id_in(first), "before") << "as many as may be are kept";
  EXPECT_EQ(id_in(write(limits::kept_files_max, "x")), "x");
  EXPECT_EQ(id_in(first), "behind") << "one more, and all are read again";
}

TEST_F(KeptFiles, AreForgottenTogetherWithTheirBytes) {
  static_assert(limits::kept_files_bytes_max == 256u << 20);
  const std::filesystem::path first = write(0, "before");
  EXPECT_EQ(id_in(first), "before");
  write(0, "behind");
  // A comment's worth of blanks is read and not kept as text: nine files of 32 MB pass the limit.
  for (std::size_t number = 1; number <= 9; ++number) {
    const std::filesystem::path file = write(number, "x");
    std::ofstream(file, std::ios::app) << std::string(32u << 20, ' ');
    EXPECT_EQ(id_in(file), "x");
    EXPECT_EQ(id_in(first), number < 8 ? "before" : "behind") << number;
  }
}

TEST(KeptPrograms, OfManyExpressionsAnswerAsIfNoneWereKept) {
  RealClock clock;
  Expressions expressions(VARDBRON_BINARY_DIR "/share", clock);
  const auto answer = [&](std::size_t number) {
    const Answer given = expressions.ask({.expression = std::to_string(number) + " + 1", .model = Model::None});
    return given.items.size() == 1 ? given.items[0].json : "";
  };

  for (std::size_t number = 0; number <= limits::kept_programs_max + 1; ++number)
    ASSERT_EQ(answer(number), std::to_string(number + 1));
  EXPECT_EQ(answer(0), "1");

  // And of long ones, which pass the limit of their bytes first.
  static_assert(limits::kept_programs_bytes_max == 4u << 20);
  for (std::size_t number = 0; number < 100; ++number) {
    const Answer given = expressions.ask({.expression = std::string(60'000, ' ') + std::to_string(number), .model = Model::None});
    ASSERT_EQ(given.items.size(), 1u);
    ASSERT_EQ(given.items[0].json, std::to_string(number));
  }
}

}  // namespace
}  // namespace vardbron::workbench
