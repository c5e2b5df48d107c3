#pragma once

// Tested by tests/exchange/act_care_team_test.cpp.

#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"
#include "gateway/store/store.h"
#include "gateway/tree/document.h"
#include "gateway/tree/names.h"

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::exchange {

/// A resource that an act is about, as its party may read it.
struct ReadResource {
  store::Resource resource;
  tree::Document document;
};

/// Whom and what an act is about.
struct ActSubject {
  std::optional<ReadResource> stay, plan, person;
};

/// The identity of an act's notice. The same organisation that says the same of the same version, or under the same identifier,
/// has the same one.
care::Identity act_identity(const std::string& organisation, std::string_view what, const tree::Document& body);

/// Adds whom the notice is about: the numbers of the person, the ärende, the plan if it is about one.
void name_subject(care::Notice& notice, const ActSubject& subject);
/// The reference to the Patient of the plan, else of the stay; "" = there is none.
std::string reference_to_patient(const ActSubject& subject);

/// An organisation by its id.
care::Party party_of(const std::string& id);
/// By an Organization of the store.
care::Party party_of(const std::string& id, tree::Item organization);

/// Is it a notice that an act made, and the kept message one that differs by its time alone?
bool is_same_act(const care::Notice& notice, const store::RawMessage& kept, const tree::Names& names);

}  // namespace vardbron::exchange
