#pragma once

// Tested by tests/care/notifications_test.cpp and tests/care/project_test.cpp.

#include "gateway/care/notice.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// An organisation as known from the whole chain.
struct Member {
  Party party;         ///< with its newest name and phone
  unsigned roles = 0;  ///< every Role it was ever given, one bit each
  bool is_hospital = false;
  bool is_active = false;   ///< a receiver now
  bool was_active = false;  ///< a receiver now or once
  bool was_named = false;   ///< was to be a receiver by a notice that was corrected or cancelled since

  bool plays(Role role) const { return (roles & (1u << unsigned(role))) != 0; }
  bool is_municipal() const { return plays(Role::Socialtjanst) || plays(Role::KommunalHsv); }
  /// Was notified of the case, rightly or wrongly.
  bool knows() const { return is_hospital || was_active || was_named; }
};

/// The organisations of a case and their roles, while its chain is folded.
class Membership {
 public:
  enum class Kind : unsigned char { Hospital, Receiver, Removed, Stranger };

  void learn(const Party& party);
  void make_hospital(const Party& party) {
    at(party).is_hospital = true;
    audience_ = nullptr;
  }
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
  Member& at(const Party& party);
  template <class Wanted>
  std::vector<std::string> ids(Wanted wanted) const;

  std::map<std::string, Member, std::less<>> members_;
  std::shared_ptr<const std::vector<std::string>> audience_;  // null: it has changed
};

}  // namespace vardbron::care
