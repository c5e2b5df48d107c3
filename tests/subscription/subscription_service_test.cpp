#include "gateway/subscription/subscription_service.h"

#include "gateway/base/limits.h"
#include "gateway/formats/json/parse.h"
#include "gateway/search/parse_query.h"
#include "r4.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

store::Reader as(const std::string& organisation) { return {organisation, false}; }

Wish with_id(const std::string& id) {
  Wish wish;
  wish.further = "\"id\":\"" + id + "\",";
  return wish;
}

// How often a text occurs.
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TEST(SubscriptionService, GivesASubscriptionItsIdAndItsOwner) {
  Stage stage;
  stage.receiver("a.example");
  Wish wish = with_id("chosen-by-the-sender");
  wish.status = "active";

  Result<store::Resource> made = stage.create(nacka, wish);

  ASSERT_TRUE(made) << made.failure().says;
  EXPECT_NE(made->id, "chosen-by-the-sender");
  EXPECT_EQ(made->version, 1);
  EXPECT_NE(made->body.find("\"status\":\"requested\""), std::string::npos);
  EXPECT_NE(made->body.find("\"valueString\":\"" + nacka + "\""), std::string::npos);
}

TEST(SubscriptionService, TakesNobodysWordForWhoSubscribes) {
  Stage stage;
  Wish wish;
  wish.further = R"("extension":[{"url":")" + std::string(subscriber_extension) + R"(","valueString":")" + huddinge + R"("}],)";

  std::string id = stage.subscribe(nacka, wish);
  stage.happen({huddinge});

  EXPECT_EQ(stage.state(id).events, 0);
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().read(as(huddinge), id)));
}

TEST(SubscriptionService, RefusesWhatIsNotSupportedAndStoresNothing) {
  Stage stage;
  Wish wish;
  wish.filters = {"colour=red"};

  Result<store::Resource> made = stage.create(nacka, wish);

  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().where, "Subscription.criteria.extension[0]");
  EXPECT_TRUE(stage.world.complete(stage.store.subscriptions())->empty());
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().create(nacka, "{\"resourceType\":")));
}

// Source: ISiK, backport guide safety and security: a Subscription is no place to read secrets from.
TEST(SubscriptionService, ShowsNoHeaderValue) {
  Stage stage;
  Wish wish;
  wish.headers = {"Authorization: Bearer secret-word", "X-Unit: hemtjanst"};
  std::string id = stage.subscribe(nacka, wish);

  Result<store::Resource> read = stage.world.complete(stage.subscription_service().read(as(nacka), id));
  Result<std::vector<store::Resource>> found = stage.world.complete(stage.subscription_service().search(as(nacka), {}));

  ASSERT_TRUE(read);
  EXPECT_NE(read->body.find(R"("header":["Authorization: ***","X-Unit: ***"])"), std::string::npos) << read->body;
  EXPECT_EQ(read->body.find("secret-word"), std::string::npos);
  EXPECT_EQ(found->at(0).body.find("secret-word"), std::string::npos);
}

TEST(SubscriptionService, KeepsTheValueOfAHeaderThatComesBackMasked) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish;
  wish.headers = {"Authorization: Bearer secret-word", "X-Unit: a", "X-Unit: b"};
  std::string id = stage.subscribe(nacka, wish);

  Wish again = with_id(id);
  again.headers = {"authorization: ***", "X-Unit: ***", "X-Unit: c"};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, again.json(), 1)));
  stage.run_for(1s);

  const http::Fields& fields = receiver.all().back().request.fields;
  EXPECT_EQ(http::find(fields, "Authorization"), "Bearer secret-word");
  std::vector<std::string> units;
  for (const http::Field& field : fields) {
    if (field.name == "X-Unit") units.push_back(field.value);
  }
  EXPECT_EQ(units, (std::vector<std::string>{"a", "c"}));
}

/// Rows, versions and deliveries after a write.
struct Left {
  std::int64_t version = 0;
  std::size_t rows = 0, posts = 0;
  std::uint64_t writes = 0;
  bool operator==(const Left&) const = default;
};

Left left_by(Stage& stage, const std::string& id, Receiver& receiver) {
  stage.run_for(2s);
  return {stage.store.tables().read({"", true}, "Subscription", id, 0)->version, stage.store.tables().audit_rows(0, 1'000).size(),
          receiver.all().size(), stage.store.writes()};
}

TEST(SubscriptionService, AddsNothingWhenASubscriptionIsPutAsItIs) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish;
  wish.headers = {"Authorization: Bearer secret-word"};
  wish.filters = {"event=death"};
  const std::string id = stage.subscribe(nacka, wish);
  const Left before = left_by(stage, id, receiver);
  const std::string as_read = stage.world.complete(stage.subscription_service().read(as(nacka), id))->body;
  Wish same = wish;
  same.further = "\"id\":\"" + id + "\",";
  Wish masked = same;
  masked.headers = {"Authorization: ***"};

  for (const std::string& again : {as_read, same.json(), masked.json()}) {
    for (const std::int64_t version : {0, 1}) {
      Result<store::Resource> put = stage.world.complete(stage.subscription_service().update(as(nacka), id, again, version));
      ASSERT_TRUE(put) << put.failure().says;
      EXPECT_EQ(put->version, 1);
      EXPECT_EQ(put->body, as_read);
      EXPECT_EQ(left_by(stage, id, receiver), before) << again;
    }
  }
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().update(as(nacka), id, as_read, 2)))
      << "what is not current is refused as ever";

  Wish other = same;
  other.filters = {"event=admission"};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, other.json(), 1)));
  EXPECT_EQ(left_by(stage, id, receiver).version, 2);
}

TEST(SubscriptionService, AddsNothingWhenASubscriptionThatIsOffIsSwitchedOff) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, Wish());
  Wish off = with_id(id);
  off.status = "off";
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, off.json(), 0)));
  const Left before = left_by(stage, id, receiver);
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, off.json(), 0)));
  EXPECT_EQ(left_by(stage, id, receiver), before);

  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, with_id(id).json(), 0)));
  EXPECT_EQ(left_by(stage, id, receiver).posts, before.posts + 1) << "it goes on with a handshake";
}

TEST(SubscriptionService, ASubscriptionInErrorThatIsPutAsItIsIsTriedAgain) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  receiver.answer = [](const Received&) { return 500u; };
  const std::string id = stage.subscribe(nacka, Wish());
  EXPECT_EQ(stage.state(id).status, "error");
  receiver.answer = [](const Received&) { return 200u; };

  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, with_id(id).json(), 0)));
  stage.run_for(2s);
  EXPECT_EQ(stage.state(id).status, "active");
}

TEST(SubscriptionService, ShowsTheStatusOfTheMomentAndTheError) {
  Stage stage;
  std::string id = stage.subscribe(nacka, Wish());  // nobody there

  Result<store::Resource> read = stage.world.complete(stage.subscription_service().read(as(nacka), id));

  ASSERT_TRUE(read);
  EXPECT_NE(read->body.find(R"("status":"error","error":")"), std::string::npos) << read->body;
}

TEST(SubscriptionService, GivesBackFiltersCriteriaAndExtensionsAsTheyCame) {
  Stage stage;
  Wish wish;
  wish.filters = {"Encounter?event=death"};
  wish.channel_extensions = Wish::extension("backport-max-count", "PositiveInt", "20");
  std::string id = stage.subscribe(nacka, wish);

  std::string body = stage.world.complete(stage.subscription_service().read(as(nacka), id))->body;

  for (const char* part : {R"("valueString":"Encounter?event=death")", R"("valuePositiveInt":20)", R"("valueCode":"id-only")",
                           "https://vardbron.example/fhir/SubscriptionTopic/case", "https://a.example/hook"}) {
    EXPECT_NE(body.find(part), std::string::npos) << part;
  }
}

TEST(SubscriptionService, KeepsSubscriptionsFromOthersAlike) {
  Stage stage;
  std::string id = stage.subscribe(nacka, Wish());

  Failure foreign = stage.world.complete(stage.subscription_service().read(as(huddinge), id)).failure();
  Failure absent = stage.world.complete(stage.subscription_service().read(as(huddinge), "none")).failure();

  EXPECT_EQ(foreign, absent);
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().update(as(huddinge), id, with_id(id).json(), 0)));
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().end(as(huddinge), id)));
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().status_of(as(huddinge), id)));
  EXPECT_FALSE(stage.world.complete(stage.subscription_service().events(as(huddinge), id, {})));
  EXPECT_TRUE(stage.world.complete(stage.subscription_service().search(as(huddinge), {}))->empty());
  store::Reader operator_of_it{"SE-OP", true};
  EXPECT_TRUE(stage.world.complete(stage.subscription_service().read(operator_of_it, id)));
}

TEST(SubscriptionService, RefusesAnUpdateOfAnOldVersionOrUnderAnotherId) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  Wish narrower = with_id(id);
  narrower.filters = {"event=death"};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, narrower.json(), 1)));

  Result<store::Resource> old = stage.world.complete(stage.subscription_service().update(as(nacka), id, with_id(id).json(), 1));
  Result<store::Resource> other =
      stage.world.complete(stage.subscription_service().update(as(nacka), id, with_id("x").json(), 0));

  ASSERT_FALSE(old);
  EXPECT_EQ(old.failure().cause, Cause::Conflict);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.failure().where, "Subscription.id");
}

TEST(SubscriptionService, AnswersOfADeletedSubscriptionThatItIsGone) {
  Stage stage;
  stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, Wish());
  stage.happen({nacka});

  ASSERT_TRUE(stage.world.complete(stage.subscription_service().end(as(nacka), id)));

  Result<store::Resource> read = stage.world.complete(stage.subscription_service().read(as(nacka), id));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.failure().cause, Cause::Gone);
  EXPECT_EQ(stage.world.complete(stage.subscription_service().search(as(nacka), {}))->size(), 0u);
  EXPECT_EQ(stage.world.complete(stage.subscription_service().events(as(nacka), id, {})).failure().cause, Cause::Gone);
  EXPECT_EQ(stage.world.complete(stage.subscription_service().update(as(nacka), id, with_id(id).json(), 0)).failure().cause,
            Cause::Gone);
  EXPECT_TRUE(stage.world.complete(stage.subscription_service().end(as(nacka), id))) << "a DELETE may be sent again";
  stage.happen({nacka});
  EXPECT_FALSE(stage.world.complete(stage.store.subscription(id))) << "and nothing is counted for it any more";
}

TEST(SubscriptionService, FindsByEndpointAndByTheStatusOfTheMoment) {
  Stage stage;
  stage.receiver("a.example");
  Wish other;
  other.endpoint = "https://b.example/hook";
  stage.subscribe(nacka, Wish());
  stage.subscribe(nacka, other);  // nobody there: error

  auto found = [&](const std::string& url, const std::string& status) {
    std::vector<std::pair<std::string, std::string>> parameters;
    if (!url.empty()) parameters.emplace_back("url", url);
    if (!status.empty()) parameters.emplace_back("status", status);
    Result<search::Query> query = search::parse_query(r4(), "Subscription", parameters);
    CHECK(query);
    return stage.world.complete(stage.subscription_service().search(as(nacka), *query))->size();
  };
  EXPECT_EQ(found("", ""), 2u);
  EXPECT_EQ(found("https://a.example/hook", ""), 1u);
  EXPECT_EQ(found("https://a.example/hook", "error"), 0u);
  EXPECT_EQ(found("", "active"), 1u);
  EXPECT_EQ(found("", "error"), 1u);
  EXPECT_EQ(found("", "off"), 0u);
  EXPECT_EQ(found("", "error,active"), 2u);
}

// --- $status: backport guide, OperationDefinition subscription-status --------------------------------------------------

TEST(Status, TellsOfAllThatTheReaderMaySee) {
  Stage stage;
  stage.receiver("a.example");
  std::string one = stage.subscribe(nacka, Wish()), two = stage.subscribe(nacka, Wish());
  Wish foreign;
  foreign.endpoint = "https://b.example/hook";
  std::string three = stage.subscribe(huddinge, foreign);
  for (int at = 0; at < 3; ++at) stage.happen({nacka});
  stage.run_for(1s);

  auto reported = [&](StatusQuery query) {
    return *stage.world.complete(stage.subscription_service().status(as(nacka), std::move(query)));
  };
  std::string all = reported({});
  EXPECT_NE(all.find("\"type\":\"searchset\""), std::string::npos);
  EXPECT_NE(all.find("\"total\":2"), std::string::npos);
  EXPECT_EQ(all.find(three), std::string::npos);
  EXPECT_EQ(count(all, R"({"name":"type","valueCode":"query-status"})"), 2u);
  EXPECT_EQ(count(all, R"({"name":"events-since-subscription-start","valueString":"3"})"), 2u);
  EXPECT_NE(reported({{one, three}, {}}).find("\"total\":1"), std::string::npos);
  EXPECT_NE(reported({{one, two}, {}}).find("\"total\":2"), std::string::npos);
  EXPECT_NE(reported({{}, {"active", "off"}}).find("\"total\":2"), std::string::npos);
  EXPECT_NE(reported({{}, {"error"}}).find("\"total\":0"), std::string::npos);
  EXPECT_NE(reported({{one}, {"active"}}).find("\"total\":1"), std::string::npos);
}

TEST(Status, IsToldOfOneAndWhileItIsInError) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  receiver.answer = [](const Received&) { return 500u; };
  for (int at = 0; at < 2; ++at) stage.happen({nacka});
  stage.run_for(1h);

  std::string reported = *stage.world.complete(stage.subscription_service().status_of(as(nacka), id));

  EXPECT_NE(reported.find(R"({"name":"status","valueCode":"error"})"), std::string::npos);
  EXPECT_NE(reported.find(R"({"name":"error","valueCodeableConcept")"), std::string::npos);
  EXPECT_NE(reported.find(R"({"name":"events-since-subscription-start","valueString":"2"})"), std::string::npos);
}

// --- $events: backport guide, OperationDefinition subscription-events --------------------------------------------------

std::vector<std::int64_t> numbers(const Result<std::string>& bundle) {
  CHECK(bundle);
  http::Request request;
  request.body = *bundle;
  return understand(request).numbers;
}

TEST(Events, AreGivenBetweenBoundsThatBelongToThem) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  for (int at = 0; at < 5; ++at) stage.happen({nacka});
  stage.run_for(1s);

  auto asked = [&](std::int64_t since, std::int64_t until) {
    return stage.world.complete(stage.subscription_service().events(as(nacka), id, {since, until}));
  };
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(numbers(asked(0, 0)), (Numbers{1, 2, 3, 4, 5}));
  EXPECT_EQ(numbers(asked(2, 4)), (Numbers{2, 3, 4}));
  EXPECT_EQ(numbers(asked(5, 5)), (Numbers{5}));
  EXPECT_EQ(numbers(asked(0, 1)), (Numbers{1}));
  EXPECT_EQ(numbers(asked(4, 99)), (Numbers{4, 5}));
  EXPECT_EQ(numbers(asked(6, 0)), Numbers{});
  EXPECT_EQ(asked(3, 2).failure().cause, Cause::Invalid);
  EXPECT_EQ(asked(-1, 0).failure().cause, Cause::Invalid);
}

TEST(Events, ComeAsAHistoryOfTypeQueryEvent) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  for (int at = 0; at < 3; ++at) stage.happen({nacka}, "admission", "e1");
  stage.run_for(1s);

  std::string bundle = *stage.world.complete(stage.subscription_service().events(as(nacka), id, {1, 1}));

  EXPECT_NE(bundle.find("\"type\":\"history\""), std::string::npos);
  EXPECT_NE(bundle.find(R"({"name":"type","valueCode":"query-event"})"), std::string::npos);
  EXPECT_NE(bundle.find(R"({"name":"events-since-subscription-start","valueString":"3"})"), std::string::npos);
  EXPECT_NE(bundle.find("Subscription/" + id + "/$status\""), std::string::npos);
  EXPECT_NE(bundle.find("\"fullUrl\":\"https://gateway.example/fhir/Encounter/e1\""), std::string::npos);
}

TEST(Events, WithholdWhatTheSubscriberMayNotSeeAnyMore) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  stage.happen({nacka, huddinge}, "admission", "left");
  stage.happen({nacka}, "admission", "stays");
  stage.run_for(1s);
  stage.change_parties("left", {huddinge});

  Result<std::string> bundle = stage.world.complete(stage.subscription_service().events(as(nacka), id, {}));

  EXPECT_EQ(numbers(bundle), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(bundle->find("left"), std::string::npos);
  EXPECT_NE(bundle->find("stays"), std::string::npos);
}

TEST(Events, AreStillThereWhenTheyWereGivenUp) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, Wish());
  receiver.answer = [](const Received&) { return 422u; };
  stage.happen({nacka});
  stage.run_for(1h);
  ASSERT_TRUE(stage.world.complete(stage.store.events(id, 1, 1, 1))->at(0).dead);

  EXPECT_EQ(numbers(stage.world.complete(stage.subscription_service().events(as(nacka), id, {}))),
            (std::vector<std::int64_t>{1}));
}

}  // namespace
}  // namespace vardbron::subscription
