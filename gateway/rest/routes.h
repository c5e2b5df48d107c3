#pragma once

#include "gateway/base/task.h"
#include "gateway/http/message.h"
#include "gateway/rest/call.h"
#include "gateway/rest/service.h"

/// The handlers of the service, called with an authenticated caller. One file per subject; every function returns an answer,
/// whatever happens.
namespace vardbron::rest {

// intake.cpp
Task<http::Response> take_notice(const ServiceParts& parts, Call call, std::string channel);
/// The outcome of a message that was answered with 202, for its sender.
Task<http::Response> message_status(const ServiceParts& parts, Call call);

// resources.cpp
Task<http::Response> read_resource(const ServiceParts& parts, Call call);
Task<http::Response> search_resources(const ServiceParts& parts, Call call);
Task<http::Response> update_task(const ServiceParts& parts, Call call);

// subscriptions.cpp
Task<http::Response> subscriptions(const ServiceParts& parts, Call call);

// capability.cpp
http::Response capabilities(const ServiceParts& parts, const Call& call);

// operate.cpp
Task<http::Response> operate(const ServiceParts& parts, Call call);
/// An operator's request from another caller: not found, and audited.
Task<http::Response> hide(const ServiceParts& parts, Call call);

// quarantine.cpp; the caller may operate
Task<http::Response> operate_quarantine(const ServiceParts& parts, Call call);

// clock.cpp; the caller may operate
Task<http::Response> operate_clock(const ServiceParts& parts, Call call);

// maps.cpp
Task<http::Response> change_maps(const ServiceParts& parts, Call call);

// resources.cpp: the caller is known and has no right to that; audited like every refusal of a known caller.
Task<http::Response> forbid(const ServiceParts& parts, Call call, std::string action, Failure failure);

http::Response not_found(const ServiceParts& parts, const Call& call);
http::Response not_allowed(const ServiceParts& parts, const Call& call, std::string allowed);

}  // namespace vardbron::rest
