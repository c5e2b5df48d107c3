#pragma once

#include "gateway/store/store.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

// Builders for what does not matter to a test. All names and organisations are invented.

inline const std::string hospital = "SE2321000016-A001";
inline const std::string municipality = "SE2120000142-K001";
inline const std::string stranger = "SE2120000159-K009";

inline RawMessage a_message(std::string identity, std::string body = "<notice/>") {
  RawMessage message;
  message.channel = "cosmic";
  message.sender = hospital;
  message.content_type = "application/xml";
  message.body = std::move(body);
  message.identity = std::move(identity);
  message.received = WallTime{std::chrono::milliseconds{1'774'692'000'000}};
  return message;
}

inline search::Key token(std::string parameter, std::string system, std::string value) {
  search::Key key;
  key.parameter = std::move(parameter);
  key.system = std::move(system);
  key.value = std::move(value);
  return key;
}

inline search::Key reference(std::string parameter, std::string value, std::string system = "") {
  search::Key key = token(std::move(parameter), std::move(system), std::move(value));
  key.kind = search::KeyKind::Reference;
  return key;
}

inline ResourceWrite a_task(std::string id, std::int64_t expected_version = 0) {
  ResourceWrite write;
  write.type = "Task";
  write.id = std::move(id);
  write.body = R"({"resourceType":"Task","id":")" + write.id + R"(","status":"requested"})";
  write.expected_version = expected_version;
  write.keys = {token("status", "http://hl7.org/fhir/task-status", "requested"),
                reference("owner", municipality, "urn:oid:1.2.752.29.4.19"), reference("patient", "Patient/p1")};
  write.parties = {hospital, municipality};
  return write;
}

inline ChainLink a_link(std::string identity) {
  ChainLink link;
  link.identity = std::move(identity);
  link.kind = "admission";
  link.body = R"({"resourceType":"Bundle","type":"message"})";
  link.happened = WallTime{std::chrono::milliseconds{1'774'691'000'000}};
  return link;
}

/// Of these subscriptions, by the name of the first one.
inline std::shared_ptr<const Audience> audience_of(std::vector<std::string> subscriptions) {
  std::string name = subscriptions.at(0);
  return std::make_shared<const Audience>(Audience{std::move(name), std::move(subscriptions)});
}

inline EventWrite an_event(std::string subscription, std::string focus = "Encounter/e1") {
  EventWrite event;
  event.to = audience_of({std::move(subscription)});
  event.topic = "https://vardbron.example/fhir/SubscriptionTopic/case";
  event.case_key = "case-1";
  event.focus = std::move(focus);
  event.context = {"Patient/p1", "Task/t1"};
  return event;
}

inline AuditRow an_audit_row(std::string action, std::string subject = "Task/t1") {
  AuditRow row;
  row.action = std::move(action);
  row.caller = municipality;
  row.subject = std::move(subject);
  row.case_key = "case-1";
  row.says = "shown";
  return row;
}

/// A change as the message path makes it: journal, one link, one task, one event, one audit row.
inline Change a_change(std::string identity, std::string case_key = "case-1", std::int64_t case_version = 0) {
  Change change;
  change.journal = a_message(identity);
  change.receipt = R"({"resourceType":"OperationOutcome"})";
  change.case_key = case_key;
  change.case_version = case_version;
  change.links = {a_link(identity)};
  change.resources = {a_task(case_key + "-task-" + std::to_string(case_version))};
  change.events = {an_event("sub-1")};
  change.audit = {an_audit_row("intake")};
  return change;
}

inline search::Criterion criterion(std::string parameter, search::KeyKind kind, std::string value) {
  search::Criterion made;
  made.parameter = std::move(parameter);
  made.kind = kind;
  made.operands.resize(1);
  made.operands[0].value = std::move(value);
  return made;
}

inline Reader as(std::string organisation) { return Reader{std::move(organisation), false}; }
inline Reader as_operator() { return Reader{"", true}; }

}  // namespace vardbron::store
