#pragma once

// Tested by tests/care/notifications_test.cpp and tests/care/project_test.cpp.

#include "gateway/care/chain/notice.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// An organisation as known from the whole chain.
struct Member {
  Party party;                     ///< with its newest name and phone
  unsigned roles = 0;              ///< every Role that any notice gives it, its own too, one bit each
  unsigned roles_by_hospital = 0;  ///< those that notices of the hospital give it
  bool is_hospital = false;
  bool is_asked = false;    ///< is_hospital by a request before the stay alone
  bool is_active = false;   ///< a receiver now
  bool was_active = false;  ///< a receiver now or once
  bool was_named = false;   ///< was to be a receiver by a notice that was corrected or cancelled since

  /// By the hospital's word: what the law makes depend on a role must not depend on what an organisation calls itself.
  bool plays(Role role) const { return (roles_by_hospital & (1u << unsigned(role))) != 0; }
  /// By anybody's word.
  bool is_called(Role role) const { return (roles & (1u << unsigned(role))) != 0; }
  bool is_municipal() const { return plays(Role::Socialtjanst) || plays(Role::KommunalHsv); }
  /// Was notified of the case, rightly or wrongly.
  bool knows() const { return is_hospital || was_active || was_named; }
};

/// The organisations of a case and their roles, while its chain is folded.
class Membership {
 public:
  enum class Kind : unsigned char { Hospital, Receiver, Removed, Stranger };

  void learn(const Party& party);
  /// True: learning of the party changes only its name and phone.
  bool has_learned(const Party& party) const;
  /// The hospital's notice says so: the role that it gives the party counts.
  void trust(const Party& party) { at(party).roles_by_hospital |= bit_of(party.role); }
  /// A party puts that unit in its place: it may have any role that a unit of its body has.
  void trust_as_own(const Party& unit, const Party& by);
  void make_hospital(const Party& party) {
    Member& member = at(party);
    member.is_hospital = true;
    member.is_asked = false;
    audience_ = nullptr;
  }
  /// Before the stay it is asked to take care of the patient.
  void ask(const Party& party);
  /// The patient was admitted elsewhere: those who were asked, and are not of that hospital, are hospital no more.
  void end_requests(const Party& admitting);
  void name(const Party& party) { at(party).was_named = true; }
  /// False if it is a receiver already, or the hospital.
  bool activate(const Party& party);
  void remove(std::string_view id);

  Kind kind(const Party& party) const;
  const Member* find(std::string_view id) const;
  std::vector<std::string_view> active() const;  ///< receivers now, sorted
  std::vector<std::string> viewers() const;      ///< hospital and receivers, sorted
  /// viewers(): one list for all who ask until it changes.
  std::shared_ptr<const std::vector<std::string>> audience();
  std::vector<std::string> hospital() const;
  std::vector<std::string> all_who_know() const;
  const std::map<std::string, Member, std::less<>>& all() const { return members_; }

 private:
  static unsigned bit_of(Role role) { return role == Role::Unknown ? 0u : 1u << unsigned(role); }
  Member& at(const Party& party);
  template <class Wanted>
  std::vector<std::string> ids(Wanted wanted) const;

  std::map<std::string, Member, std::less<>> members_;
  std::shared_ptr<const std::vector<std::string>> audience_;  // null: it has changed
};

}  // namespace vardbron::care
