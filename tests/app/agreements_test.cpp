#include "gateway/app/agreements.h"

#include "gateway/app/config.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::app {
namespace {

using std::chrono::local_days;
using std::chrono::year;

Result<care::Policies> agreements_of(const std::string& text) {
  care::Policies policies;
  const std::vector<Failure> faults = read_agreements(text, "agreements.toml", policies);
  if (!faults.empty()) return faults.front();
  return policies;
}

std::string example() {
  std::ifstream stream(VARDBRON_SOURCE_DIR "/deploy/agreements.example.toml");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(Agreements, OfTheExampleAreChosenByCountyKindOfCareAndDay) {
  const Result<care::Policies> read = agreements_of(example());
  ASSERT_TRUE(read) << read.failure().says << " " << read.failure().where;
  const local_days day(year(2026) / 3 / 12);
  EXPECT_EQ(read->of("0180", care::CareKind::Somatisk, day).name, "STHLM_SOMATIC_2020");
  EXPECT_EQ(read->of("0180", care::CareKind::Somatisk, day).counting, care::Counting::MonthlyAverage);
  EXPECT_EQ(read->of("0180", care::CareKind::Psykiatrisk, day).free_days, 5);
  EXPECT_EQ(read->of("0180", care::CareKind::Somatisk, local_days(year(2019) / 12 / 31)).name, "LAW");
  EXPECT_EQ(read->of("1280", care::CareKind::Unknown, day).name, "SKANE");
  EXPECT_EQ(read->of("0880", care::CareKind::Unknown, day).name, "LAW");
  EXPECT_EQ(read->price(read->everywhere, 2023), 10'500);
  EXPECT_FALSE(read->price(read->everywhere, 2026)) << "no amount is guessed";
  for (const care::Agreement& each : read->agreements) EXPECT_FALSE(each.source.empty()) << each.terms.name;
}

TEST(Agreements, HaveTermsAmountsAndNumbersOfTheirOwn) {
  const Result<care::Policies> read = agreements_of(
      "[[agreement]]\nname = \"OWN\"\nfree_days = 4\nkommuner = [\"0880\", \"0881\"]\nuntil = \"2026-12-31\"\nsource = \"a "
      "page\"\n"
      "obstacles_leave_days_out = false\n[agreement.prices]\n2026 = 9000\n"
      "[[kommun]]\nkod = \"0880\"\norganisationsnummer = \"212099-0011\"\nsource = \"a page\"\n");
  ASSERT_TRUE(read) << read.failure().says << " " << read.failure().where;
  const care::Policy& terms = read->of("0881", care::CareKind::Unknown, local_days(year(2026) / 12 / 31));
  EXPECT_EQ(terms.free_days, 4);
  EXPECT_FALSE(terms.obstacles_leave_days_out);
  EXPECT_EQ(read->price(terms, 2026), 9'000);
  EXPECT_EQ(read->of("0881", care::CareKind::Unknown, local_days(year(2027) / 1 / 1)).name, "LAW");
  EXPECT_EQ(read->organisationsnummer.at("0880"), "2120990011");
}

struct Wrong {
  std::string_view text, where, says;
};

TEST(Agreements, ThatCannotBeReadAreNamed) {
  for (const Wrong& wrong : {
           Wrong{"[[agreement]]\nname = \"A\"\n", "agreements.toml:1:", "source"},
           Wrong{"[[agreement]]\nsource = \"s\"\n", "agreements.toml:1:", "name"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\npolicy = \"SKANE\"\n", "agreements.toml:4:", "AVERAGE"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\nkommuner = [\"0899\"]\n", "agreements.toml:4:", "0899"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\nkommuner = [\"02\"]\n", "agreements.toml:4:", "county"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\nvardform = \"both\"\n", "agreements.toml:4:", "psykiatrisk"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\nfrom = \"2026-01\"\n", "agreements.toml:4:", "day"},
           Wrong{"[[agreement]]\nname = \"A\"\nsource = \"s\"\nfre_days = 3\n", "agreements.toml:4:", "free_days"},
           Wrong{"[prices]\n2026 = \"much\"\n", "agreements.toml:2:", "kronor"},
           Wrong{"[prices]\nnow = 5\n", "agreements.toml:2:", "kronor"},
           Wrong{"[[kommun]]\nkod = \"0880\"\norganisationsnummer = \"212099-0012\"\nsource = \"s\"\n",
                 "agreements.toml:1:", "organisationsnummer"},
           Wrong{"[[kommun]]\nkod = \"0899\"\norganisationsnummer = \"212099-0011\"\nsource = \"s\"\n",
                 "agreements.toml:1:", "kod"},
           Wrong{"[[kommun]]\nkod = \"0880\"\norganisationsnummer = \"212099-0011\"\n", "agreements.toml:1:", "source"},
           Wrong{"[[agrement]]\n", "agreements.toml:1:", "agreement"},
           Wrong{"[prices\n", "agreements.toml:", ""},
       }) {
    const Result<care::Policies> read = agreements_of(std::string(wrong.text));
    ASSERT_FALSE(read) << wrong.text;
    EXPECT_TRUE(read.failure().where.starts_with(wrong.where)) << wrong.text << read.failure().where;
    EXPECT_NE(read.failure().says.find(wrong.says), std::string::npos) << wrong.text << read.failure().says;
  }
}

// Before, each had to be mended to learn of the next.
TEST(Agreements, SayAllThatIsWrongWithThem) {
  care::Policies policies;
  const std::vector<Failure> faults = read_agreements(
      "[prices]\n2026 = \"much\"\nnow = 5\n[[agreement]]\nname = \"A\"\nfree_days = 99\n[[agreement]]\nname = \"B\"\nsource = "
      "\"s\"\nvardform = \"both\"\n[[kommun]]\nkod = \"0899\"\norganisationsnummer = \"1\"\n[extra]\n",
      "agreements.toml", policies);
  std::vector<std::string> places;
  for (const Failure& fault : faults) places.push_back(fault.where.substr(0, fault.where.rfind(':')));
  const auto line = [](int number) { return "agreements.toml:" + std::to_string(number); };
  EXPECT_EQ(places,
            (std::vector<std::string>{line(2), line(3), line(6), line(4), line(10), line(11), line(11), line(11), line(14)}));
}

TEST(Agreements, AreReadFromTheFileThatTheConfigurationNames) {
  const Result<Config> config =
      parse_config("agreements = \"agreements.example.toml\"", "gateway.toml", VARDBRON_SOURCE_DIR "/deploy");
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->policies.agreements.size(), 4u);
  const Result<Config> missing = parse_config("agreements = \"none.toml\"", "gateway.toml", VARDBRON_SOURCE_DIR "/deploy");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.failure().where.find("none.toml"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::app
