#pragma once

#include "gateway/base/uuid.h"
#include "gateway/care/chain.h"
#include "gateway/care/charges.h"
#include "gateway/care/fast_vardkontakt.h"
#include "gateway/care/membership.h"
#include "gateway/care/task_list.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {

struct Leave {
  std::string start, end;  ///< FHIR dateTimes as sent; no end: still away
};

/// State of one link during the fold, beside its LinkStatus.
struct LinkFacts {
  bool is_released = false;       ///< it may leave the region
  bool lacked_admission = false;  ///< withheld only because no admission notice counts
  /// Hospital and receivers at that moment, sorted; null: it was not released. Many links share it.
  std::shared_ptr<const std::vector<std::string>> audience;
  std::vector<std::string> removed;  ///< parties that ended with it
};

struct Received {
  std::size_t link = 0;  ///< what was acknowledged
  std::string party;
  std::string at;  ///< FHIR dateTime
};

/// The state of a case, from which its projection is written. Points into the chain.
struct Facts {
  Uuid id;  ///< root of all ids of the case
  std::string case_key;
  Identity case_identity;
  Standing standing;
  bool has_admission = false;  ///< an admission notice is effective: the case may leave the region
  std::string source;          ///< id of the organisation that sent first
  Person person;
  bool is_deceased = false;
  std::string deceased_at;
  Stay stay;  ///< merged from all notices
  std::vector<Leave> leaves;
  FastVardkontakt contacts;
  std::string sip_called;  ///< FHIR dateTime of the kallelse, or empty
  Party sip_caller;
  bool contact_was_named = false, sip_was_called = false;  ///< by any notice, effective or not
  Membership members;
  std::vector<ChainEntry> links;
  std::vector<LinkFacts> link_facts;  ///< one per link
  std::vector<Received> received;
  TaskList works{Uuid{}};
  Charges charges;
  std::vector<Finding> findings;

  void remark(const ChainEntry& link, std::string code, std::string says) {
    findings.push_back({link.identity, std::move(code), std::move(says)});
  }
};

}  // namespace vardbron::care
