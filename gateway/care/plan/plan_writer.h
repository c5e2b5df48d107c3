#pragma once

#include "gateway/care/chain/projected.h"
#include "gateway/care/person/person_view.h"
#include "gateway/care/plan/plan_facts.h"
#include "gateway/tree/names.h"

#include <string>
#include <vector>

namespace vardbron::care::plan {

/// What a plan is to those who take part: CarePlans (one per version), CareTeam, Goals, Appointments, Tasks and Consents. While
/// the person does not consent they say that there is no plan, and nothing of what it was. `names` outlives the documents.
/// Without documents: ids and readers only.
std::vector<Projected> resources(const Facts& facts, const PersonView& person, const tree::Names& names,
                                 bool has_documents = true);

/// Id of the Patient of the plan's person; "": the plan names nobody, any more or yet.
std::string patient_of(const Facts& facts, const PersonView& person);

}  // namespace vardbron::care::plan
