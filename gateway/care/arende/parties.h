#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/facts.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Why a notice is withheld.
struct Refusal {
  std::string code, says;
};

/// Who is party to a case while its chain is folded: receivers that come and go, and what a sender may say.
class Parties {
 public:
  Parties(Facts& facts, const PersonView& person) : facts_(facts), person_(person) {}

  /// Before the fold: every organisation that any notice names, and its roles by the hospital's word.
  void learn();
  /// May the sender of the notice say this here? Who is no party any more may still correct what it said.
  std::optional<Refusal> refuse(const ChainEntry& link) const;
  /// What only sluten vård decides and a party can ask for, as a sentence. Empty: the notice is no such wish.
  std::string_view wish(const Notice& notice) const;
  /// Makes the receivers of an admission or of a change parties; those that were none before.
  std::vector<std::string> join(const Notice& notice);
  /// Removes the parties that a change does not name; those removed.
  std::vector<std::string> leave(const Notice& change);
  /// The hospital may write to a new receiver without a notice of change: the receiver becomes a party, with a finding. A removed
  /// party stays removed. Those that are new.
  std::vector<std::string> add_silently(const ChainEntry& link);
  /// After the fold: receivers of admission notices that are no longer effective were notified too.
  void name_former_receivers();
  /// The sluten vård that a notice before the stay is for knows the case from then on.
  void take_in(const Notice& notice);
  /// Receivers that are no party, where the notice is held back; and before the stay that no sluten vård is among them.
  void remark_on_strangers(const ChainEntry& link);

 private:
  void learn_roles();
  bool is_of_another_stay(const Notice& notice) const;
  bool changes_own_units_only(const Notice& notice) const;
  bool may_be_same(const Person& one, const Person& other) const;

  Facts& facts_;
  const PersonView& person_;
};

/// All receivers of any of the hospital's notices, sorted. A longer chain never has fewer.
std::vector<std::string> everybody_addressed(const std::vector<ChainEntry>& links);

}  // namespace vardbron::care
