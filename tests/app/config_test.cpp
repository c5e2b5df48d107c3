#include "gateway/app/config.h"

#include <gtest/gtest.h>

namespace vardbron::app {
namespace {

constexpr const char* usual = R"(
store = "data"
mappings = "../mappings"
[server]
listen = "127.0.0.1:18080"
threads = 2
[delivery]
plain_http_to_loopback = true
[[organisation]]
hsa_id = "SE2321000016-A001"
name = "Sjukhuset i Exempelstad"
token = "a-token-that-is-long-enough"
rights = ["send"]
[[organisation]]
hsa_id = "SE2120990011-HSV1"
token_sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
rights = ["receive"]
endpoints = ["http://127.0.0.1:9090/"]
[[channel]]
name = "cosmic"
map = "https://vardbron.example/fhir/StructureMap/CosmicNotice"
)";

Result<Config> parse(const std::string& text) { return parse_config(text, "gateway.toml", "/etc/vardbron"); }

TEST(Config, NamesASecondPlaceForTheAccessLog) {
  EXPECT_EQ(parse(usual)->audit_fallback, std::filesystem::path());
  EXPECT_EQ(parse(std::string(usual) + "[audit]\nfallback = \"../other/audit.jsonl\"\n")->audit_fallback,
            std::filesystem::path("/etc/other/audit.jsonl"));
}

TEST(Config, AMistypedSettingOfDeliveryIsNamed) {
  std::string text = usual;
  text.replace(text.find("to_loopback"), 11, "to_lopback");

  auto config = parse(text);

  ASSERT_FALSE(config);
  EXPECT_NE(config.failure().says.find("Did you mean \"plain_http_to_loopback\"?"), std::string::npos) << config.failure().says;
}

TEST(Config, AMistypedSectionIsNamedWithTheOneThatWasMeant) {
  struct Row {
    const char *text, *says;
  };
  for (const Row& row :
       {Row{"[sevrer]\nthreads = 2\n", "[sevrer] is no section here. Did you mean [server]?"},
        Row{"[[chanel]]\nname = \"x\"\n", "[[chanel]] is no section here. Did you mean [[channel]]?"},
        Row{"[[organistion]]\nname = \"x\"\n", "[[organistion]] is no section here. Did you mean [[organisation]]?"},
        Row{"[payments]\nx = 1\n", "[payments] is no section here. There are [agreement], "},
        Row{"stroe = \"x\"\n", "\"stroe\" is not a setting here. Did you mean \"store\"?"}}) {
    const Result<Config> config = parse(row.text);
    ASSERT_FALSE(config) << row.text;
    EXPECT_TRUE(config.failure().says.starts_with(row.says)) << config.failure().says;
    EXPECT_TRUE(config.failure().where.starts_with("gateway.toml:1:")) << config.failure().where;
  }
}

TEST(Config, SaysAllThatIsWrongWithIt) {
  std::vector<Failure> faults;
  const Result<Config> config = parse_config(
      "[server]\nthreads = 0\nlisten = \"here\"\n[seal]\nminutes = \"ten\"\n[[organisation]]\nname = \"a\"\n"
      "[[organisation]]\nname = \"b\"\n[audits]\n",
      "gateway.toml", "/etc", &faults);
  ASSERT_FALSE(config);
  std::vector<std::string> places;
  for (const Failure& fault : faults) places.push_back(fault.where.substr(0, fault.where.rfind(':')));
  EXPECT_EQ(places, (std::vector<std::string>{"gateway.toml:3", "gateway.toml:2", "gateway.toml:5", "gateway.toml:6",
                                              "gateway.toml:6", "gateway.toml:8", "gateway.toml:8", "gateway.toml:10"}));
  EXPECT_EQ(config.failure().says, faults.front().says);
  faults.clear();
  ASSERT_TRUE(parse_config(usual, "gateway.toml", "/etc", &faults));
  EXPECT_TRUE(faults.empty());
}

TEST(Config, TakesNoFormOfTheLogThatThereIsNot) {
  const std::string head = "store = \"data\"\nmappings = \"maps\"\n[server]\nlog = ";
  EXPECT_FALSE(parse(head + "\"plain\"\n")->log_json);
  EXPECT_TRUE(parse(head + "\"json\"\n")->log_json);
  auto config = parse(head + "\"xml\"\n");
  ASSERT_FALSE(config);
  EXPECT_NE(config.failure().says.find("\"json\" or \"plain\""), std::string::npos) << config.failure().says;
}

TEST(Config, ReadsWhatAnOperatorWrites) {
  auto config = parse(usual);
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->listen_port, 18080);
  EXPECT_EQ(config->threads, 2u);
  EXPECT_EQ(config->store, "/etc/vardbron/data");
  EXPECT_EQ(config->mappings, "/etc/mappings");
  ASSERT_EQ(config->organisations.size(), 2u);
  EXPECT_TRUE(config->organisations[0].may_send);
  EXPECT_FALSE(config->organisations[0].may_receive);
  EXPECT_EQ(config->organisations[0].token_sha256.size(), 64u);
  EXPECT_EQ(config->organisations[1].endpoints.at(0), "http://127.0.0.1:9090/");
  EXPECT_EQ(config->channels.at(0).name, "cosmic");
}

TEST(Config, ReadsWhereTheStoresSealsGo) {
  auto config = parse("[seal]\nkey = \"/media/key/seal.key\"\nfile = \"seals\"\nminutes = 3\nentries = 20");
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->seal.key, "/media/key/seal.key");
  EXPECT_EQ(config->seal.file, "/etc/vardbron/seals");
  EXPECT_EQ(config->seal.pause, std::chrono::minutes(3));
  EXPECT_EQ(config->seal.entries, 20);
  const auto every = [](std::int64_t minutes) { return parse("[seal]\nminutes = " + std::to_string(minutes)); };
  EXPECT_TRUE(every(limits::seal_minutes_max));
  EXPECT_FALSE(every(0));
  auto over = every(limits::seal_minutes_max + 1);
  ASSERT_FALSE(over);
  EXPECT_NE(over.failure().says.find("1440"), std::string::npos) << over.failure().says;
  EXPECT_TRUE(parse("[seal]\nentries = 1000000"));
  EXPECT_FALSE(parse("[seal]\nentries = 1000001"));
  EXPECT_FALSE(parse("[seal]\nentries = 0"));
}

TEST(Config, ReadsHowCallersReachTheGateway) {
  struct Row {
    const char* written;
    const char* address;
  };
  for (const Row& row :
       {Row{"https://bron.region.example", "https://bron.region.example"},
        Row{"https://bron.region.example/", "https://bron.region.example"},
        Row{"https://Bron.Region.example:443/", "https://bron.region.example"},
        Row{"https://bron.region.example:8443/a/b/", "https://bron.region.example:8443/a/b"},
        Row{"https://[2001:db8::7]/bron", "https://[2001:db8::7]/bron"}, Row{"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
        Row{"http://localhost:18080/", "http://localhost:18080"}}) {
    auto config = parse("[server]\npublic_url = \"" + std::string(row.written) + "\"");
    ASSERT_TRUE(config) << row.written << ": " << config.failure().says;
    EXPECT_EQ(address_of(*config, 8080), row.address);
  }
}

TEST(Config, SaysWhatAPublicUrlMayNotBe) {
  for (const char* bad : {"", "bron.region.example", "ftp://bron.region.example", "https://", "https://user@bron.region.example",
                          "https://bron.region.example?a=b", "https://bron.region.example/#a", "https://bron.region.example/a b",
                          "https://bron.region.example:99999", "https://bron.region.example/a/../b",
                          "https://bron.region.example/a//b", "https://bron.region.example/fhir",
                          "https://bron.region.example/a/fhir/", "http://bron.region.example", "http://10.0.0.7:8080"}) {
    auto config = parse("[server]\nthreads = 1\npublic_url = \"" + std::string(bad) + "\"");
    ASSERT_FALSE(config) << bad;
    EXPECT_EQ(config.failure().where, "gateway.toml:3:14") << bad;
    EXPECT_TRUE(config.failure().says.starts_with("\"public_url\" must read https://host or https://host/path. "))
        << config.failure().says;
  }
}

TEST(Config, ListensOnAddressesOfBothKinds) {
  auto listening = [](const std::string& written) { return parse("[server]\nlisten = \"" + written + "\""); };
  auto six = listening("[::1]:8080");
  ASSERT_TRUE(six) << six.failure().says;
  EXPECT_EQ(six->listen_host, "::1");
  EXPECT_EQ(six->listen_port, 8080);
  EXPECT_EQ(address_of(*six, 8080), "http://[::1]:8080");
  auto four = listening("10.0.0.7:0");
  ASSERT_TRUE(four) << four.failure().says;
  EXPECT_EQ(address_of(*four, 4711), "http://10.0.0.7:4711");
  for (const char* bad : {"::1:8080", "::1", "[::1]", "[::1]8080", "[10.0.0.7]:8080", "localhost:8080", "8080",
                          "10.0.0.7:", "10.0.0.7:65536", "10.0.0:8080", ":8080", "[]:8080"}) {
    auto config = listening(bad);
    ASSERT_FALSE(config) << bad;
    EXPECT_EQ(config.failure().says, "\"listen\" must read address:port, such as 127.0.0.1:8080 or [::1]:8080.");
    EXPECT_EQ(config.failure().where, "gateway.toml:2:10");
  }
}

TEST(Config, DoubtsAnAddressThatNobodyCanReach) {
  for (const char* everywhere : {"0.0.0.0:8080", "[::]:8080"}) {
    auto config = parse("[server]\nlisten = \"" + std::string(everywhere) + "\"");
    ASSERT_EQ(doubts_about(*config).size(), 2u);
    EXPECT_NE(doubts_about(*config)[0].find("http://" + std::string(everywhere)), std::string::npos);
    auto reported = parse("[server]\nlisten = \"" + std::string(everywhere) + "\"\npublic_url = \"https://bron.example\"");
    EXPECT_EQ(doubts_about(*reported).size(), 1u);
  }
  EXPECT_TRUE(doubts_about(*parse("")).empty());
}

TEST(Config, DoubtsAGatewayThatTakesTokensInTheClearFromOtherMachines) {
  const std::string proxied = "public_url = \"https://bron.example\"\n";
  for (const char* listen : {"0.0.0.0:8080", "[::]:8080", "10.0.0.7:8080"}) {
    const std::string server = "[server]\n" + proxied + "listen = \"" + listen + "\"\n";
    auto plain = parse(server);
    ASSERT_EQ(doubts_about(*plain).size(), 1u) << listen;
    EXPECT_NE(doubts_about(*plain)[0].find("in the clear"), std::string::npos);
    auto tls = parse(server + "tls_certificate = \"c.pem\"\ntls_key = \"k.pem\"");
    EXPECT_TRUE(doubts_about(*tls).empty()) << listen;
  }
  for (const char* listen : {"127.0.0.1:8080", "127.7.7.7:8080", "[::1]:8080"})
    EXPECT_TRUE(doubts_about(*parse("[server]\n" + proxied + "listen = \"" + listen + "\"")).empty()) << listen;
}

TEST(Config, ReadsWhichProxiesAreBelieved) {
  EXPECT_TRUE(parse("")->trusted_proxies.is_empty());
  EXPECT_TRUE(parse("[server]\ntrusted_proxies = []")->trusted_proxies.is_empty());
  auto config = parse("[server]\ntrusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"::1\"]");
  ASSERT_TRUE(config) << config.failure().says;
  for (const char* proxy : {"127.0.0.1", "10.200.3.4", "::1"}) EXPECT_TRUE(config->trusted_proxies.hold(proxy)) << proxy;
  for (const char* other : {"127.0.0.2", "11.0.0.1", "::2"}) EXPECT_FALSE(config->trusted_proxies.hold(other)) << other;
  EXPECT_TRUE(doubts_about(*config).empty());
}

TEST(Config, DoubtsProxiesThatAreTheWholeWorld) {
  for (const char* all : {"0.0.0.0/0", "::/0", "128.0.0.0/1", "2000::/3"}) {
    auto config = parse("[server]\ntrusted_proxies = [\"127.0.0.1\", \"" + std::string(all) + "\"]");
    ASSERT_EQ(doubts_about(*config).size(), 1u) << all;
    EXPECT_NE(doubts_about(*config)[0].find("\"trusted_proxies\""), std::string::npos);
  }
}

TEST(Config, ReadsWhereReceiversAreLookedUpAndHowManyThereMayBe) {
  auto config = parse("[delivery]\nname_servers = [\"10.0.0.53\", \"[2001:db8::53]:5353\"]\nsubscriptions_per_organisation = 7");
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->name_servers, "10.0.0.53,[2001:db8::53]:5353");
  EXPECT_EQ(config->subscriptions_per_organisation, 7u);
  EXPECT_EQ(parse("")->subscriptions_per_organisation, limits::subscriptions_per_organisation);

  EXPECT_EQ(parse("[delivery]\nname_servers = [\"ns.example\"]").failure().where, "gateway.toml:2:16");
  EXPECT_FALSE(parse("[delivery]\nsubscriptions_per_organisation = 0"));
  EXPECT_TRUE(parse("[delivery]\nsubscriptions_per_organisation = 10000"));
  EXPECT_FALSE(parse("[delivery]\nsubscriptions_per_organisation = 10001"));
}

TEST(Config, RefusesATokenThatNobodyCouldPresent) {
  auto with_token = [](const std::string& token) {
    return parse("[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"" + token + "\"");
  };
  EXPECT_TRUE(with_token(std::string(limits::token_bytes_max, 'x')));
  EXPECT_TRUE(with_token(std::string(limits::token_bytes_min, 'x')));
  for (const std::string& bad : {std::string(limits::token_bytes_max + 1, 'x'), std::string(limits::token_bytes_min - 1, 'x'),
                                 std::string("a token with blanks in it"), std::string("sömnlösa-nätter-i-norr")}) {
    EXPECT_FALSE(with_token(bad)) << bad;
  }
}

TEST(Config, ReadsForWhomAnOrganisationMaySend) {
  auto config = parse(
      "[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nrights = [\"send\"]\nunits = "
      "[\"SE2321990018-B\", \"C|*\"]");
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->organisations[0].units, (std::vector<std::string>{"SE2321990018-B", "C|*"}));
}

TEST(Config, StartsFromAPolicyAndTakesWhatWasAgreedOtherwise) {
  EXPECT_EQ(parse("")->policies.everywhere, care::law());
  EXPECT_EQ(parse("payment_policy = \"AVERAGE\"")->policies.everywhere, care::average());

  EXPECT_FALSE(parse("")->policies.counts_from_receipt);
  EXPECT_TRUE(parse("clock_counts_from_receipt = true")->policies.counts_from_receipt);

  auto config = parse(
      "payment_policy = \"STHLM_PSYCH\"\n[agreement]\nname = \"AVTAL\"\ncutoff = \"14:30\"\naverage_decides = true\n"
      "free_average_tenths = 25\nmonth_closes_after_days = 30\nreceipt_hours = 48\nsip_call_is_wanted = false\n"
      "discharge_information_is_wanted = false\ndischarge_information_asked_days = 7\npatient_readable_days = 365");
  ASSERT_TRUE(config) << config.failure().says;
  care::Policy expected = care::stockholm_psychiatric();
  expected.name = "AVTAL";
  expected.cutoff = std::chrono::minutes(14 * 60 + 30);
  expected.counting = care::Counting::MonthlyAverage;
  expected.free_average_tenths = 25;
  expected.month_closes_after_days = 30;
  expected.receipt_time = std::chrono::hours(48);
  expected.sip_call_is_wanted = false;
  expected.discharge_information_is_wanted = false;
  expected.discharge_information_asked_days = 7;
  expected.patient_readable_days = 365;
  EXPECT_EQ(config->policies.everywhere, expected);
}

TEST(Config, SaysHowMuchEachMayAddToACase) {
  EXPECT_EQ(parse("")->room.notices, care::CaseLimits{}.notices);
  auto config = parse("[limits]\nnotices_per_case = 10\ndecisive_notices_per_case = 11\ntask_writes_per_case = 12");
  ASSERT_TRUE(config) << config.failure().says;
  EXPECT_EQ(config->room.notices, 10u);
  EXPECT_EQ(config->room.decisive_notices, 11u);
  EXPECT_EQ(config->room.task_writes, 12u);
}

TEST(Config, BindsToLoopbackUnlessToldOtherwise) {
  auto config = parse("");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->listen_host, "127.0.0.1");
}

struct Refused {
  const char* text;
  const char* where;
  const char* says;
};

class ConfigRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ConfigRefuses, AndSaysWhereAndWhatToChange) {
  auto config = parse(GetParam().text);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.failure().where.rfind(GetParam().where, 0), 0u) << config.failure().where;
  EXPECT_NE(config.failure().says.find(GetParam().says), std::string::npos) << config.failure().says;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, ConfigRefuses,
    testing::Values(
        Refused{"stroe = \"x\"", "gateway.toml:1:", "Did you mean \"store\"?"},
        Refused{"[server]\nlisten = \"8080\"", "gateway.toml:2:", "address:port"},
        Refused{"[server]\nthreads = 0", "gateway.toml:2:", "from 1 to 64"},
        Refused{"[server]\nthreads = \"two\"", "gateway.toml:2:", "whole number"},
        Refused{"[server]\ntls_key = \"k.pem\"", "gateway.toml:1:", "belong together"},
        Refused{"[server]\ntrusted_proxies = \"127.0.0.1\"", "gateway.toml:2:", "a list of texts"},
        Refused{"[server]\ntrusted_proxies = [\"127.0.0.1\",\n\"localhost\"]", "gateway.toml:3:1", "not a network like"},
        Refused{"[server]\ntrusted_proxies = [\"10.0.0.0/33\"]", "gateway.toml:2:20", "\"trusted_proxies\": This is not"},
        Refused{"[server]\ntrusted_proxies = [\"127.0.0.1\", 7]", "gateway.toml:2:", "a text in quotes"},
        Refused{"[server]\ntrusted_proxy = [\"127.0.0.1\"]", "gateway.toml:2:", "Did you mean \"trusted_proxies\"?"},
        Refused{"store = ", "gateway.toml:1:", ""},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"", "gateway.toml:1:", "one of \"token\""},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"short\"", "gateway.toml:1:", "at least 16"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nrights = [\"sned\"]",
                "gateway.toml:1:", "not a right"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\n[[organisation]]\nhsa_id = "
                "\"SE2321990018-B\"\ntoken = \"0123456789abcdef\"",
                "gateway.toml:4", "the same token"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nrights = [\"receive\"]\nunits = "
                "[\"SE2321990018-B\"]",
                "gateway.toml:1:", "the right \"send\""},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nrights = [\"send\"]\nunits = "
                "[\"SE2321990018-*\",\n\"Medicin\"]",
                "gateway.toml:6:1", "\"Medicin\" names no unit"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nunits = \"B\"",
                "gateway.toml:4:", "a list of texts"},
        Refused{"[[organisation]]\nhsa_id = \"hello\"\ntoken = \"0123456789abcdef\"", "gateway.toml:2:10", "SE, ten digits"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990019-A\"\ntoken = \"0123456789abcdef\"", "gateway.toml:2:10",
                "no organisationsnummer"},
        Refused{"[delivery]\nplain_http_to_loopback = true\n[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = "
                "\"0123456789abcdef\"\nendpoints = [\"https://a.example\", \"http://10.0.0.7/hook\"]",
                "gateway.toml:6:", "Plain http is allowed to loopback only"},
        Refused{"[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"0123456789abcdef\"\nendpoints = "
                "[\"http://127.0.0.1:*\"]",
                "gateway.toml:4:", "only when the configuration says so"},
        Refused{"payment_policy = \"SKANE\"", "gateway.toml:1:", "AVERAGE"},
        Refused{"[agreement]\nfree_days = 5", "gateway.toml:1:", "needs a \"name\""},
        Refused{"[agreement]\nname = \"X\"\ncutoff = \"noon\"", "gateway.toml:3:", "time of day"},
        Refused{"[agreement]\nname = \"X\"\ncutoff = \"24:00\"", "gateway.toml:3:", "time of day"},
        Refused{"[agreement]\nname = \"X\"\nfree_dyas = 5", "gateway.toml:3:", "Did you mean \"free_days\"?"},
        Refused{"[limits]\nnotices_per_case = 0", "gateway.toml:2:", "notices_per_case"},
        Refused{"[[channel]]\nname = \"Cosmic Link\"", "gateway.toml:1:", "small letters"}));

TEST(Config, KeepsNoTokenInTheClear) {
  auto config = parse("[[organisation]]\nhsa_id = \"SE2321990018-A\"\ntoken = \"abcabcabcabcabcabc\"");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->organisations[0].token_sha256.find("abcabcabc"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::app
