#include "gateway/base/text.h"
#include "gateway/workbench/case.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Concern: the commands of mappings/README.md work. Every command of its `sh` blocks is run, in order, in a copy of the maps; a
// failing one is marked: `# exits 1`.
namespace vardbron {
namespace {

namespace fs = std::filesystem;

struct Command {
  std::string text;
  int exits = 0;
  std::size_t line = 0;
};

/// What a command's remark says it exits with.
int exit_of(std::string_view line) {
  const std::size_t at = line.rfind("# exits ");
  return at == std::string_view::npos ? 0 : static_cast<int>(parse_int(trim(line.substr(at + 8))).value_or(0));
}

/// The word that ends the text a line begins (<<'END'); "" when it begins none.
std::string ends_with_word(std::string_view line) {
  const std::size_t at = line.find("<<'");
  if (at == std::string_view::npos) return {};
  return std::string(line.substr(at + 3, line.find('\'', at + 3) - at - 3));
}

/// A command is a line with its continuations: after a backslash, or up to the word that ends its text.
std::vector<Command> commands_in(std::string_view readme) {
  std::vector<Command> commands;
  bool is_open = false, goes_on = false;
  std::string end;
  std::size_t number = 0;
  for (std::string_view line : split(readme, '\n')) {
    ++number;
    if (line.starts_with("```")) {
      is_open = !is_open && trim(line) == "```sh";
      continue;
    }
    if (!is_open || (trim(line).empty() && end.empty())) continue;
    if (goes_on || !end.empty())
      commands.back().text += "\n" + std::string(line);
    else
      commands.push_back({std::string(line), exit_of(line), number});
    goes_on = end.empty() && line.ends_with("\\");
    if (end == line)
      end.clear();
    else if (end.empty())
      end = ends_with_word(line);
  }
  return commands;
}

/// A place of its own with the maps in it, where `vardbron` is the program under test.
class SubscriptionService {
 public:
  SubscriptionService() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    fs::copy(VARDBRON_SOURCE_DIR "/mappings", folder_ / "mappings", fs::copy_options::recursive);
  }
  SubscriptionService(const SubscriptionService&) = delete;
  ~SubscriptionService() { fs::remove_all(folder_); }

  int run(const std::string& text) const {
    const std::string script = (folder_ / "command.sh").string(), log = (folder_ / "command.log").string();
    const std::string head = "cd " + folder_.string() + "\nPATH=" VARDBRON_BINARY_DIR "/bin:$PATH\n";
    CHECK(workbench::write_text(script, head + text + "\n"));
    const int status = std::system(("sh " + script + " > " + log + " 2>&1 < /dev/null").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string said() const {
    return workbench::text_of(folder_ / "command.log").ok() ? *workbench::text_of(folder_ / "command.log") : "";
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("vardbron-readme-" + std::to_string(getpid()));
};

TEST(ReadmeReader, FindsCommandsWithTheirLinesAndExits) {
  const std::vector<Command> commands = commands_in(
      "text\n```sh\none\ntwo \\\n  more   # exits 3\n\ncat > f <<'END'\na\n\nb\nEND\n```\nthree\n```json\n{}\n```\n```sh\nfour # "
      "exits 1\n```\n");

  ASSERT_EQ(commands.size(), 4u);
  EXPECT_EQ(commands[0].text, "one");
  EXPECT_EQ(commands[1].text, "two \\\n  more   # exits 3");
  EXPECT_EQ(commands[2].text, "cat > f <<'END'\na\n\nb\nEND");
  EXPECT_EQ(commands[3].text, "four # exits 1");
  EXPECT_EQ(commands[3].exits, 1);
  EXPECT_EQ(commands[3].line, 18u);
}

TEST(MappingsReadme, EveryCommandEndsAsItSays) {
  Result<std::string> readme = workbench::text_of(VARDBRON_SOURCE_DIR "/mappings/README.md");
  ASSERT_TRUE(readme);
  const std::vector<Command> commands = commands_in(*readme);
  ASSERT_GE(commands.size(), 10u);
  const SubscriptionService subscription_service;
  for (const Command& command : commands) {
    const int exit = subscription_service.run(command.text);
    EXPECT_EQ(exit, command.exits) << "mappings/README.md:" << command.line << ": " << command.text << "\n"
                                   << subscription_service.said();
  }
}

TEST(TestCommand, TellsWhatChangedWhenItBlessesAndPassesAfterwards) {
  const SubscriptionService subscription_service;
  ASSERT_EQ(subscription_service.run("sed -i 's/Astrid/Asta/' mappings/cosmic-notice/cases/admission/expected.json"), 0);
  const std::string test = "vardbron test mappings --only admission";
  EXPECT_EQ(subscription_service.run(test), 1);
  const std::string shown = subscription_service.said();

  EXPECT_NE(shown.find("FAILED  cosmic-notice/admission"), std::string::npos) << shown;
  EXPECT_NE(shown.find("cosmic-notice.fml:"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("\x1b["), std::string::npos) << "a file is no terminal";
  EXPECT_EQ(subscription_service.run(test + " --bless"), 0);
  EXPECT_NE(subscription_service.said().find("blessed cosmic-notice/admission"), std::string::npos)
      << subscription_service.said();
  EXPECT_EQ(subscription_service.run(test), 0);
}

TEST(TestCommand, NamesThePlaceOfAMapThatDoesNotCompile) {
  const SubscriptionService subscription_service;
  ASSERT_EQ(subscription_service.run(
                "sed -i 's/^group CosmicNotice/group CosmicNotice oops/' mappings/cosmic-notice/cosmic-notice.fml"),
            0);

  EXPECT_EQ(subscription_service.run("vardbron test mappings"), 1);
  EXPECT_NE(subscription_service.said().find("cosmic-notice.fml:"), std::string::npos) << subscription_service.said();
}

TEST(TestCommand, RefusesWrongUseAndEmptyFolders) {
  const SubscriptionService subscription_service;
  EXPECT_EQ(subscription_service.run("vardbron test"), 2);
  EXPECT_EQ(subscription_service.run("vardbron test mappings --no-such-option"), 2);
  EXPECT_EQ(subscription_service.run("vardbron test nowhere"), 1);
  EXPECT_EQ(subscription_service.run("vardbron test mappings --only no-such-case"), 1);
  EXPECT_EQ(subscription_service.run("vardbron test mappings --only 'cosmic*' --junit no/such/folder/x.xml"), 3);
}

TEST(TestCommand, StaysAndRunsAgainWhatIsSaved) {
  const SubscriptionService subscription_service;
  const std::string script =
      "vardbron test mappings --watch > out.txt 2>&1 & PID=$!\n"
      "wait_for() { for i in $(seq 300); do [ $(grep -c \"$1\" out.txt) -ge $2 ] && return 0; sleep 0.1; done; return 1; }\n"
      "wait_for 'waiting for changes' 1 || exit 10\n"
      "echo '{}' > mappings/cosmic-notice/cases/admission/expected.json\n"
      "wait_for 'waiting for changes' 2 || exit 11\n"
      "grep -q '1 case: 0 passed, 1 failed' out.txt || exit 12\n"
      "echo '// a remark' >> mappings/cosmic-notice/cosmic-notice.fml\n"
      "wait_for 'waiting for changes' 3 || exit 13\n"
      "kill $PID\n"
      "grep -c '39 cases' out.txt > count.txt; exit 0";

  EXPECT_EQ(subscription_service.run(script), 0) << subscription_service.said();
}

}  // namespace
}  // namespace vardbron
