#pragma once

#include "gateway/base/task.h"
#include "gateway/http/message.h"
#include "gateway/rest/call.h"
#include "gateway/rest/service.h"

/// The handlers of the table of routes (routes.h), one file per subject. They are called with a caller who has the row's right,
/// and return an answer, whatever happens.
namespace vardbron::rest {

// state.cpp
http::Response health(const ServiceParts& parts, const Call& call);
http::Response ready(const ServiceParts& parts, const Call& call);
http::Response metrics(const ServiceParts& parts, const Call& call);

// capability.cpp
http::Response capabilities(const ServiceParts& parts, const Call& call);

// intake.cpp
/// A notice in the channel's own format.
Task<http::Response> take_from_channel(const ServiceParts& parts, Call call);
/// A canonical notice.
Task<http::Response> take_message(const ServiceParts& parts, Call call);
/// The outcome of a message that was answered with 202, for its sender.
Task<http::Response> message_status(const ServiceParts& parts, Call call);

// resources.cpp
Task<http::Response> read_resource(const ServiceParts& parts, Call call);
/// GET of a type or of _search, and POST of _search; with _page a further page of a search that was asked for at _search.
Task<http::Response> search_resources(const ServiceParts& parts, Call call);
/// GET Patient/{id}/{type}: what is in the compartment of a Patient.
Task<http::Response> search_compartment(const ServiceParts& parts, Call call);
Task<http::Response> update_task(const ServiceParts& parts, Call call);

// acts.cpp
/// POST and PUT of a resource whose writing is an act of its party (exchange/act.h).
Task<http::Response> write_act(const ServiceParts& parts, Call call);

// history.cpp
Task<http::Response> resource_history(const ServiceParts& parts, Call call);
Task<http::Response> type_history(const ServiceParts& parts, Call call);

// patient.cpp
/// All that concerns a Patient, with the Organizations that it refers to.
Task<http::Response> patient_everything(const ServiceParts& parts, Call call);

// measure.cpp
/// $evaluate-measure: what municipalities pay for a month by an average, as a MeasureReport. Source: LUS 4:5.
Task<http::Response> evaluate_measure(const ServiceParts& parts, Call call);

// definitions.cpp
/// A definition of fhir-profiles, for every caller who is known: nothing of a person is in it.
Task<http::Response> read_definition(const ServiceParts& parts, Call call);
Task<http::Response> search_definitions(const ServiceParts& parts, Call call);

// audit_events.cpp
/// The rows of the access log that are the caller's to read, as AuditEvents.
Task<http::Response> search_audit_events(const ServiceParts& parts, Call call);
Task<http::Response> read_audit_event(const ServiceParts& parts, Call call);

// loggutdrag.cpp
/// What was done with the data of one person, for the person, as CSV or HTML.
Task<http::Response> extract_log(const ServiceParts& parts, Call call);

// subscriptions.cpp
Task<http::Response> create_subscription(const ServiceParts& parts, Call call);
Task<http::Response> read_subscription(const ServiceParts& parts, Call call);
Task<http::Response> read_subscription_version(const ServiceParts& parts, Call call);
Task<http::Response> update_subscription(const ServiceParts& parts, Call call);
Task<http::Response> end_subscription(const ServiceParts& parts, Call call);
Task<http::Response> search_subscriptions(const ServiceParts& parts, Call call);
Task<http::Response> subscription_status(const ServiceParts& parts, Call call);
Task<http::Response> subscription_events(const ServiceParts& parts, Call call);

// maps.cpp
Task<http::Response> reload_maps(const ServiceParts& parts, Call call);
Task<http::Response> roll_back_maps(const ServiceParts& parts, Call call);

// quarantine.cpp
Task<http::Response> list_quarantine(const ServiceParts& parts, Call call);
Task<http::Response> show_quarantined(const ServiceParts& parts, Call call);
Task<http::Response> replay_quarantined(const ServiceParts& parts, Call call);

// operate.cpp
Task<http::Response> verify_journal(const ServiceParts& parts, Call call);
Task<http::Response> verify_store(const ServiceParts& parts, Call call);

// clock.cpp
Task<http::Response> show_clock(const ServiceParts& parts, Call call);
Task<http::Response> accept_clock(const ServiceParts& parts, Call call);
Task<http::Response> repair_cases_of_clock(const ServiceParts& parts, Call call);

// service.cpp
Task<http::Response> nothing_here(const ServiceParts& parts, Call call);
http::Response not_found(const ServiceParts& parts, const Call& call);

}  // namespace vardbron::rest
