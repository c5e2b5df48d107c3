#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

// Concern: the allocator that was measured is the one that runs, with the settings that were measured.
namespace vardbron::play {
namespace {

using testing::HasSubstr;

TEST(Allocator, IsJemallocWithTheSettingsOfTheProgram) {
#ifndef VARDBRON_JEMALLOC
  GTEST_SKIP() << "This build keeps libc's allocator (VARDBRON_JEMALLOC is off, or a sanitizer is on).";
#endif
  ASSERT_EQ(setenv("MALLOC_CONF", "stats_print:true", 1), 0);
  const Finished finished = Command({"--version"}).finish();
  unsetenv("MALLOC_CONF");
  EXPECT_EQ(finished.exit_code, 0);
  for (const char* setting : {"Begin jemalloc statistics", "opt.narenas: 4", "opt.background_thread: true",
                              "opt.dirty_decay_ms: 1000 ", "opt.muzzy_decay_ms: 0 "})
    EXPECT_THAT(finished.errors, HasSubstr(setting));
}

}  // namespace
}  // namespace vardbron::play
