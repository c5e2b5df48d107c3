// Concern: clients that nobody here wrote find their way through a gateway: fhirpy (PyPI), fhir-kit-client (npm), HAPI FHIR
// (Maven). Each is installed in its pinned version into the build folder by the registry's ordinary tool; without the tool or the
// registry its round is skipped, and the reason is printed.
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/play.h"
#include "tests/play/played_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;

struct Client {
  const char* name;     ///< with the version; its folder
  const char* install;  ///< in its folder; $ROUNDS is where the rounds are
  const char* round;    ///< in its folder; "$BASE" "$TOKEN" "$CASES"
  int holds;            ///< at least so many checks are made
};

void PrintTo(const Client& client, std::ostream* out) { *out << client.name; }

constexpr int sent_cases = 9;  ///< are sent, each an admission: a Patient, an Encounter, a Communication, four Tasks

constexpr Client known_clients[] = {
    {"fhirpy-2.0.15", "timeout 90 python3 -m pip install --quiet --disable-pip-version-check --target here fhirpy==2.0.15",
     "python3 \"$ROUNDS/fhirpy_round.py\" \"$BASE\" \"$TOKEN\" \"$CASES\" here", 34},
    {"fhir-kit-client-1.9.2", "timeout 90 npm install --silent --no-audit --no-fund --prefix . fhir-kit-client@1.9.2",
     "node \"$ROUNDS/fhir_kit_round.mjs\" \"$BASE\" \"$TOKEN\" \"$CASES\" \"$PWD\"", 33},
    {"hapi-fhir-client-6.10.5",
     "cp \"$ROUNDS/hapi_pom.xml\" pom.xml && timeout 180 mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars"
     " && timeout 60 javac -cp 'jars/*' -d classes \"$ROUNDS/HapiRound.java\"",
     "java -XX:TieredStopAtLevel=1 -cp 'classes:jars/*' HapiRound \"$BASE\" \"$TOKEN\" \"$CASES\"", 30},
};

/// Runs a command of the shell in a folder; its output goes into a file there.
int run_in_shell(const fs::path& folder, const std::string& command, const fs::path& output) {
  const std::string rounds = VARDBRON_SOURCE_DIR "/tests/system/app/other_clients";
  const std::string line = "cd '" + folder.string() + "' && export ROUNDS='" + rounds + "' && { " + command + "; } > '" +
                           output.string() + "' 2>&1 < /dev/null";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string contents_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class OtherClients : public testing::TestWithParam<Client> {
 protected:
  OtherClients() {
    fs::remove_all(folder_);
    const std::vector<Player> players = {{"SE2321990018-MED5", hospital_token, {"send"}},
                                         {"SE2120990011-HSV1", subscriber_token(0), {"receive"}}};
    gateway_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, players);
  }
  ~OtherClients() override {
    gateway_.reset();
    fs::remove_all(folder_);
  }
  /// What the client needs is in its folder; else why it is not.
  std::string installed() const {
    const fs::path round = fs::path(VARDBRON_SOURCE_DIR) / "tests" / "system" / "app" / "other_clients";
    fs::create_directories(place());
    const fs::path marker = place() / "installed";
    bool is_fresh = contents_of(marker) == GetParam().install;
    for (const auto& each : fs::directory_iterator(round)) {
      is_fresh = is_fresh && fs::last_write_time(each) < fs::last_write_time(marker);
    }
    if (is_fresh) return {};
    const fs::path log = place() / "install.log";
    if (run_in_shell(place(), GetParam().install, log) != 0) return contents_of(log) + "(" + GetParam().install + ")";
    std::ofstream(marker) << GetParam().install;
    return {};
  }
  static fs::path place() { return fs::path(VARDBRON_BINARY_DIR) / "other_clients" / GetParam().name; }
  void send(int cases) {
    LoopThread loop;
    PlayedCaller hospital(gateway_->port(), hospital_token, clock_);
    for (int each = 1; each <= cases; ++each) {
      const std::string message = "M-" + std::to_string(each);
      const Result<http::Response> answer = loop.run(
          hospital.call("POST", "/intake/cosmic", "application/xml", cosmic_notice({"admission", message, "C-" + message})));
      ASSERT_TRUE(answer.ok());
      ASSERT_EQ(answer->status, 200u) << answer->body;
    }
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-clients-" + std::to_string(getpid()));
  RealClock clock_;
  std::optional<GatewayProcess> gateway_;
};

TEST_P(OtherClients, ReadSearchPageAndUpdate) {
  if (const std::string why = installed(); !why.empty()) GTEST_SKIP() << GetParam().name << " cannot be installed: " << why;
  ASSERT_TRUE(gateway_->start()) << contents_of(gateway_->log());
  send(sent_cases);
  const fs::path output = folder_ / "round.log";
  const std::string round = "export BASE='" + gateway_->url() + "/fhir' TOKEN='" + subscriber_token(0) +
                            "' CASES=" + std::to_string(sent_cases) + " && timeout 60 " + GetParam().round;

  const int exit_code = run_in_shell(place(), round, output);

  ASSERT_EQ(exit_code, 0) << contents_of(output);
  EXPECT_GE(std::atoi(contents_of(output).c_str()), GetParam().holds) << contents_of(output);
}

INSTANTIATE_TEST_SUITE_P(Of, OtherClients, testing::ValuesIn(known_clients), [](const auto& made) {
  std::string name = made.param.name;
  std::erase_if(name, [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) == 0; });
  return name;
});

}  // namespace
}  // namespace vardbron::play
