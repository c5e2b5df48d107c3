#include "gateway/search/compartment.h"

#include "gateway/fhir/reference.h"

#include <array>
#include <string>

namespace vardbron::search {

namespace {

struct Member {
  std::string_view type;
  std::array<std::string_view, 3> parameters;
  std::size_t count;
};

// Of the types that are kept; a test compares them with HL7's package.
constexpr std::array members{
    Member{"Appointment", {"actor"}, 1},
    Member{"CarePlan", {"patient", "performer"}, 2},
    Member{"CareTeam", {"patient", "participant"}, 2},
    Member{"ChargeItem", {"subject"}, 1},
    Member{"Communication", {"subject", "sender", "recipient"}, 3},
    Member{"Consent", {"patient"}, 1},
    Member{"Encounter", {"patient"}, 1},
    Member{"Goal", {"patient"}, 1},
    Member{"Patient", {"link"}, 1},
};

}  // namespace

std::span<const std::string_view> patient_parameters(std::string_view type) {
  for (const Member& row : members) {
    if (row.type == type) return std::span(row.parameters).first(row.count);
  }
  return {};
}

Result<Compartment> read_compartment(std::string_view owner, std::string_view type) {
  const fhir::Reference reference = fhir::parse_reference(owner);
  if (reference.form != fhir::Reference::Form::Relative || !reference.version.empty()) {
    return Failure{Cause::Invalid, "A compartment is that of Type/id.", ""};
  }
  if (reference.type != "Patient") return Failure{Cause::Unsupported, "Compartments are those of Patients only.", ""};
  const std::span<const std::string_view> parameters = patient_parameters(type);
  if (parameters.empty()) {
    return Failure{Cause::Unsupported, "In FHIR R4 no " + std::string(type) + " is in the compartment of a Patient.", ""};
  }
  return Compartment{std::string(owner), {parameters.begin(), parameters.end()}};
}

}  // namespace vardbron::search
