#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/arende/projection.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/person/person_view.h"
#include "gateway/tree/names.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Writes the resources of a case from its facts: ids, tags, visibility, and all but Communications and Tasks.
class CaseWriter {
 public:
  enum class Detail : unsigned char { Everything, NoDocuments };

  /// All must outlive the writer; `names` the documents too. With NoDocuments resources have their ids and readers only.
  CaseWriter(const Facts& facts, const tree::Names& names, Detail detail, const PersonView& person);

  /// What the patient's other cases read of this one.
  StayView stay_view() const;
  /// Id of the Encounter of the stay before this one; "": the Encounter refers to none.
  std::string earlier_encounter() const;
  /// The one that a program of before made for each case: it refers to that of the number now.
  Projected former_patient() const;
  /// Those that a program of before made for each case.
  std::vector<Projected> former_organizations() const;
  Projected encounter() const;
  /// The one that a program of before made of a call to a SIP; ended once the plan is an aggregate of its own
  /// (gateway/care/plan).
  Projected care_plan() const;

  /// Organisations that may see the case now, sorted.
  const std::vector<std::string>& viewers() const { return viewers_; }
  /// Of the person's first number. "": the case names nobody; it was cancelled, or only withheld notices name one.
  const std::string& patient_id() const { return patient_id_; }
  const std::string& encounter_id() const { return encounter_id_; }

  /// A resource with its id and meta.
  Projected start(std::string_view type, std::string id, std::string_view code = {}) const;
  /// The identity is protected: the ward is not said.
  bool hides_place() const { return facts_.person.protection != Protection::None; }
  bool writes() const { return detail_ == Detail::Everything; }
  void refer_to_patient(Branch branch, std::string_view name) const;
  void refer_to_encounter(Branch branch, std::string_view name) const;
  /// Names an organisation by its identifier: no literal references to units we do not host. `display` is its name if not given.
  void refer_logically(Branch branch, const std::string& party, std::string_view display = {}) const;
  std::string id_of(std::string_view type, std::string_view name) const;

 private:
  bool is_cancelled() const { return facts_.standing.state == State::Makulerad; }
  std::string_view encounter_status() const;
  void write_stay(Branch encounter) const;
  void write_leaves(Branch encounter) const;
  /// The patient's stay before this one, when all who may see this one may see that one too; null: there is none.
  const StayView* earlier_stay() const;

  const Facts& facts_;
  const tree::Names& names_;
  Detail detail_;
  std::vector<std::string> viewers_;
  std::string patient_id_, encounter_id_, patient_reference_, encounter_reference_;
  bool has_plan_;  ///< the ärende's plan is an aggregate of its own
};

}  // namespace vardbron::care
