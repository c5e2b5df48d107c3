// Concern: what a receiver gets, apart from its events in order: headers, syntax, signs of life, silence after the end.
#include "tests/subscription/stage.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

TEST(Deliverer, SendsTheHeadersExactlyAsGiven) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish = to("a.example");
  wish.headers = {"Authorization: Bearer  a b", "X-Unit: hemtjanst", "X-Unit: natt"};
  wish.mime = "application/fhir+json; fhirVersion=4.0";

  stage.subscribe(nacka, wish);

  const http::Request& request = receiver.all().at(0).request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/hook");
  EXPECT_EQ(http::find(request.fields, "Host"), "a.example");
  EXPECT_EQ(http::find(request.fields, "Content-Type"), wish.mime);
  EXPECT_EQ(http::find(request.fields, "Authorization"), "Bearer  a b");
  std::vector<std::string> units;
  for (const http::Field& given : request.fields) {
    if (given.name == "X-Unit") units.push_back(given.value);
  }
  EXPECT_EQ(units, (std::vector<std::string>{"hemtjanst", "natt"}));
}

TEST(Deliverer, SendsXmlToWhoAsksForIt) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish = to("a.example");
  wish.mime = "application/fhir+xml";
  wish.content = "full-resource";
  stage.subscribe(nacka, wish);

  stage.happen({nacka}, "admission", "e1");
  stage.run_for(1s);

  ASSERT_EQ(receiver.all().size(), 2u);
  const std::string& body = receiver.all()[1].request.body;
  EXPECT_EQ(body.find("<?xml"), 0u);
  EXPECT_NE(body.find("<Bundle xmlns=\"http://hl7.org/fhir\">"), std::string::npos);
  EXPECT_NE(body.find("<valueString value=\"1\"/>"), std::string::npos);
  EXPECT_NE(body.find("<Encounter"), std::string::npos);
}

TEST(Deliverer, LetsNobodyWaitForTheXmlThatIsMadeForAnother) {
  asio::io_context elsewhere;
  const auto make_xml = [&] {
    elsewhere.restart();
    elsewhere.run();
  };
  Stage stage;
  stage.stop_deliverer();
  stage.conversions = elsewhere.get_executor();
  stage.start_deliverer();
  Receiver& in_xml = stage.receiver("a.example");
  Receiver& in_json = stage.receiver("b.example");
  Wish wish = to("a.example");
  wish.mime = "application/fhir+xml";
  stage.subscribe(nacka, wish);
  make_xml();
  stage.subscribe(huddinge, to("b.example"));
  ASSERT_EQ(in_xml.all().size(), 1u) << "the handshake";

  stage.happen({nacka, huddinge});
  stage.run_for(1min);
  EXPECT_EQ(in_json.numbers(), up_to(1));
  EXPECT_EQ(in_xml.all().size(), 1u);

  make_xml();
  stage.run_for(1s);
  EXPECT_EQ(in_xml.all().size(), 2u);
}

TEST(Deliverer, GivesNothingToWhoWasDeletedWhileItsXmlWasMade) {
  asio::io_context elsewhere;
  Stage stage;
  stage.stop_deliverer();
  stage.conversions = elsewhere.get_executor();
  stage.start_deliverer();
  Receiver& receiver = stage.receiver("a.example");
  Wish wish = to("a.example");
  wish.mime = "application/fhir+xml";
  const std::string id = stage.subscribe(nacka, wish);
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().end({nacka, false}, id)));
  elsewhere.run();
  stage.run_for(1min);

  EXPECT_TRUE(receiver.all().empty());
  EXPECT_TRUE(stage.store.tables().subscriptions().empty());
}

TEST(Deliverer, GivesASignOfLifeInEveryPeriodWithoutNews) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, with(to("a.example"), "backport-heartbeat-period", "UnsignedInt", "60"));

  stage.run_for(10min);
  stage.happen({nacka});
  stage.run_for(10min);

  EXPECT_GE(receiver.taken("heartbeat").size(), 19u);
  EXPECT_EQ(receiver.taken("heartbeat")[0].events, 0);
  EXPECT_EQ(receiver.taken("heartbeat").back().events, 1);
  for (std::size_t at = 1; at < receiver.all().size(); ++at) {
    EXPECT_LE(receiver.all()[at].at - receiver.all()[at - 1].at, 60s + 1ms);
  }
}

TEST(Deliverer, SendsNoHeartbeatThatNobodyAskedFor) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));

  stage.run_for(24h);

  EXPECT_EQ(receiver.all().size(), 1u);
}

TEST(Deliverer, StopsWhenTheSubscriptionsEndHasCome) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish = to("a.example");
  wish.further = R"("end":"2026-03-28T11:00:00Z",)";  // one hour from the world's beginning
  std::string id = stage.subscribe(nacka, wish);
  stage.happen({nacka});

  stage.run_for(2h);
  stage.happen({nacka});
  stage.run_for(1h);

  EXPECT_EQ(stage.state(id).status, "off");
  EXPECT_EQ(stage.state(id).events, 1);
  EXPECT_EQ(receiver.numbers(), up_to(1));
}

TEST(Deliverer, StopsWhenTheSubscriberSwitchesOff) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  store::Reader reader{nacka, false};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().end(reader, id)));

  stage.happen({nacka});
  stage.run_for(1h);

  EXPECT_TRUE(stage.store.tables().subscriptions().empty());
  EXPECT_TRUE(receiver.taken().empty());
  EXPECT_EQ(stage.deliverer().matcher()->size(), 0u);
}

}  // namespace
}  // namespace vardbron::subscription
