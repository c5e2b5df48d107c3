#include "gateway/base/random.h"
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

// Concern: whatever is sent, the answer says what to change, is never a fault of ours, and the message is kept.

namespace vardbron {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 22> tokens = {"<",
                                                     ">",
                                                     "&",
                                                     "\"",
                                                     "{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ",",
                                                     "|",
                                                     "^",
                                                     "\r",
                                                     "\\",
                                                     "]]>",
                                                     "<!--",
                                                     "&#0;",
                                                     "null",
                                                     "-1",
                                                     "99999999999999999999",
                                                     "9999-99-99T99:99:99",
                                                     "\xC3",
                                                     "\xE2\x80\xAE"};

/// Replaces the next letter or digit by another one; the message keeps its form.
void change_a_value(std::string& text, std::size_t at, SeededRandom& random) {
  const auto is_value = [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; };
  const auto place = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_value);
  if (place != text.end()) *place = static_cast<char>((*place <= '9' ? '0' : 'a') + static_cast<char>(random.below(10)));
}

/// Damages a message in one of several ways.
void harm(std::string& text, SeededRandom& random) {
  if (text.empty()) return;
  const std::size_t at = random.below(text.size()), size = 1 + random.below(std::min<std::size_t>(text.size() - at, 40));
  switch (random.below(12)) {
    case 0: text[at] = static_cast<char>(text[at] ^ (1 << random.below(8))); break;
    case 1: text.erase(at, size); break;
    case 2: text.insert(random.below(text.size()), text.substr(at, size)); break;
    case 3: text.insert(at, tokens[random.below(tokens.size())]); break;
    case 4: text.replace(at, size, tokens[random.below(tokens.size())]); break;
    case 5: text.resize(at); break;
    case 6: text[at] = static_cast<char>(random.next()); break;
    case 7: {
      const std::string piece = text.substr(at, size);
      text.erase(at, size);
      text.insert(random.below(text.size() + 1), piece);
      break;
    }
    default: change_a_value(text, at, random);
  }
}

struct Input {
  std::string channel, name, text;
};

std::vector<Input> inputs() {
  const std::map<std::string, std::string> channels{
      {"cosmic-notice", "cosmic"}, {"medcom-hospitalnotification", "medcom"}, {"hl7v2-adt", "adt"}};
  std::vector<Input> found;
  for (const auto& [folder, channel] : channels) {
    for (const fs::directory_entry& each : fs::directory_iterator(mappings_folder() / folder / "cases")) {
      for (const char* ending : {"xml", "json", "hl7", "txt"}) {
        const fs::path file = each.path() / (std::string("input.") + ending);
        if (fs::exists(file)) found.push_back({channel, folder + "/" + each.path().filename().string(), text_of_file(file)});
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Input& a, const Input& b) { return a.name < b.name; });
  return found;
}

std::size_t mutations_wanted() {
  const char* given = std::getenv("VARDBRON_MUTATIONS");
  return given != nullptr ? std::stoul(given) : 40;
}

bool is_our_fault(Cause cause) {
  return cause == Cause::Broken || cause == Cause::TimedOut || cause == Cause::Cancelled || cause == Cause::Busy;
}

TEST(Mutations, OfEveryCaseGetAnAnswerThatIsNotOurFaultAndAreKept) {
  const std::size_t each_count = mutations_wanted();
  std::map<store::Outcome, std::size_t> outcomes;
  std::size_t sent = 0, refused = 0, number = 0;
  for (const Input& input : inputs()) {
    House house;
    SeededRandom random(1000 + number++);
    std::set<std::string> kept;  // the same bytes again are recognised, and not kept twice
    for (std::size_t round = 0; round < each_count; ++round, ++sent) {
      std::string text = input.text;
      for (std::uint64_t harms = 1 + random.below(3); harms > 0; --harms) harm(text, random);
      const access::Caller caller{"SE2321990018-MED5", "Sjukhuset", true, false, false};
      Result<exchange::Receipt> receipt = house.world.complete(house.path->accept({caller, input.channel, "", text}));
      if (receipt) {
        ++outcomes[receipt->outcome];
        kept.insert(std::move(text));
      } else {
        ++refused;
        EXPECT_FALSE(is_our_fault(receipt.failure().cause))
            << input.name << ", round " << round << ": " << receipt.failure().says;
      }
    }
    Result<std::int64_t> journal = house.world.complete(house.store.verify_journal());
    ASSERT_TRUE(journal.ok()) << input.name;
    EXPECT_GE(*journal, static_cast<std::int64_t>(kept.size()))
        << input.name << ": a message that was answered is not in the journal";
  }
  std::printf("%zu mutations of %zu cases: %zu stored, %zu in quarantine, %zu known before, %zu refused\n", sent, number,
              outcomes[store::Outcome::Stored], outcomes[store::Outcome::Quarantined], outcomes[store::Outcome::Duplicate],
              refused);
  EXPECT_GT(outcomes[store::Outcome::Stored], 0u);
  EXPECT_GT(outcomes[store::Outcome::Quarantined], 0u);
}

}  // namespace
}  // namespace vardbron
