#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/contact_machine.h"
#include "gateway/care/arende/fold.h"
#include "gateway/care/arende/information_machine.h"
#include "gateway/care/arende/parties.h"
#include "gateway/care/arende/payment_machine.h"
#include "gateway/care/arende/sip_machine.h"
#include "gateway/care/arende/stay_machine.h"
#include "gateway/care/arende/task_openings.h"
#include "gateway/care/arende/task_writes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Takes the links of a case in event order and gives each to the machines that it concerns.
class Fold {
 public:
  Fold(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person);
  Fold(const Fold&) = delete;

  bool go_on(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person);
  Facts& conclude();
  void take_back();
  std::optional<WentOn> went_on() const;

 private:
  /// By a notice of the organisation that opened it: a party may have the number in a namespace of its own.
  void name_case();
  /// What is to be said of a notice whatever becomes of it.
  void look_at(const ChainEntry& link);
  /// The last link, if what is known before the fold is not changed by it. Nothing is changed otherwise.
  bool take_after(const Chain& chain);
  bool adds_nothing_to_learn(const Notice& notice) const;
  void take(std::size_t index);
  void take_person(const ChainEntry& link);
  void withhold(std::size_t index, const Refusal& refusal);
  /// An event that is not allowed in this state changes nothing, but is sent all the same, unless nobody knows of the case yet.
  void make_history(std::size_t index, const std::string& because);
  void make_history(std::size_t index, std::string code, std::string says);
  void release(std::size_t index);
  void take_event(std::size_t index);
  void interrupt(std::size_t index);
  void take_in(const Party& unit);
  void admit(const ChainEntry& link);
  /// Gives a new party its Tasks; none in a case that is over, where it gets information alone.
  void welcome(const std::string& party, const ChainEntry& link);
  void change_parties(std::size_t index);
  void get_ready(std::size_t index);
  /// The deadline of a municipality that joins the case later counts from when it joined.
  void ask_for_handover(std::string_view party, const ChainEntry& link, WallTime joined);
  void withdraw(std::size_t index);
  void discharge(std::size_t index);
  /// The parties of a case that was closed long ago read Patient no more, by this case.
  void leave_patient(WallTime closed);
  void close(const ChainEntry& link);
  void die(std::size_t index);
  void end_what_is_open(WallTime at, const std::string& text);
  /// What is open here is over; the notices of this case say what became of the stay.
  void die_elsewhere(const StayView& death);
  /// A16: all admission notices were cancelled. The parties have to hide what they got.
  void settle_cancelled_case();

  const Policies& policies_;
  WallTime now_;
  const PersonView person_;
  const Link* chain_;  ///< its address at that time
  std::size_t chain_size_;
  Facts facts_;
  Parties parties_;
  StayMachine stay_;
  TaskOpenings openings_;
  TaskWrites writes_;
  ContactMachine contacts_;
  PaymentMachine payment_;
  SipMachine sip_;
  InformationMachine information_;
  std::string ready_root_;  ///< of the current utskrivningsklar notice
  WallTime ready_sent_{};   ///< when it was sent
  std::string ward_;        ///< where the patient is

  /// What conclude() changes.
  struct Before {
    TaskList works;
    Membership members;
    FastVardkontakt contacts;
    bool sip_is_revoked = false, sip_is_due = true;
    std::size_t findings = 0;
  };
  std::optional<Before> before_;
  bool is_of_opener_ = false;                   ///< Facts::case_key, for good
  bool is_implausible_ = false;                 ///< a date of some notice
  bool has_withheld_write_ = false;             ///< a notice to come may ask for its Task
  std::vector<std::string> knowing_;            ///< the organisations that knew of the case
  std::optional<std::size_t> received_before_;  ///< WentOn
};

}  // namespace vardbron::care
