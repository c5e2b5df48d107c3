#include "tests/play/play.h"
#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

// Concern: `receive` deletes its subscription at its end, and the quickstart changes nothing before it has checked its options.
namespace vardbron::play {
namespace {

using testing::HasSubstr;

TEST(ReceiveCommand, TakesItsSubscriptionAwayWhenItEnds) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-receive-" + std::to_string(getpid()));
  {
    Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder, 0);
    ASSERT_TRUE(play.gateway().start());
    std::ofstream(folder / "token") << "played-home-care-token\n";
    const std::string url = "http://127.0.0.1:" + std::to_string(play.gateway().port());
    Command receive({"receive", "--gateway", url, "--token-file", (folder / "token").string(), "--listen", "127.0.0.1:0",
                     "--stop-after", "1"});
    for (std::optional<std::string> line = receive.read_line(); line; line = receive.read_line()) {
      if (line->find("the subscription begins") != std::string::npos) break;
    }
    // The handshake is printed before the gateway has its answer; an event is counted only after that.
    bool is_active = false;
    for (int waits = 0; waits < 100 && !is_active; ++waits) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      const std::vector<std::string> ask = {"get", url + "/fhir/Subscription", "--token-file", (folder / "token").string()};
      is_active = run_command(ask, "").output.find("\"status\": \"active\"") != std::string::npos;
    }
    ASSERT_TRUE(is_active);
    ASSERT_NE(play.send_again("M-1"), "");

    const Finished ended = receive.wait();

    EXPECT_EQ(ended.exit_code, 0) << ended.errors;
    EXPECT_THAT(ended.output, HasSubstr("has taken its subscription away"));
    const Finished left = run_command({"get", url + "/fhir/Subscription", "--token-file", (folder / "token").string()}, "");
    EXPECT_THAT(left.output, HasSubstr("\"total\": 0"));
  }
  std::filesystem::remove_all(folder);
}

TEST(Quickstart, RefusesAPortThatIsNoneBeforeItTouchesAnything) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("vardbron-quickstart-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "deploy");
  std::filesystem::create_directories(folder / "build/quickstart");
  std::filesystem::copy_file(VARDBRON_SOURCE_DIR "/deploy/quickstart.sh", folder / "deploy/quickstart.sh");
  for (const std::string arguments : {"--port abc", "--port", "--port 0", "--port 65536", "--once --port 08x", "--wat"}) {
    const std::string command =
        "bash " + (folder / "deploy/quickstart.sh").string() + " " + arguments + " 2> " + (folder / "said").string();
    const int ended = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(ended), 2) << arguments;
    std::ifstream file(folder / "said");
    const std::string said{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(said,
                HasSubstr(arguments == "--wat" ? "Unknown option: --wat" : "--port needs a port: a number from 1 to 65535."));
    EXPECT_TRUE(std::filesystem::exists(folder / "build/quickstart")) << arguments;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vardbron::play
