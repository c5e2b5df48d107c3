#include "gateway/fhirpath/program.h"
#include "r4.h"
#include "r5.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

// Concern: HL7's own FHIRPath of both releases compiles: invariants and search parameters.
namespace vardbron::fhirpath {
namespace {

using Faults = std::set<std::string>;

Faults faults_of_invariants(const fhir::Definitions& definitions) {
  Faults faults;
  for (fhir::TypeId type : definitions.all_types()) {
    for (const fhir::Invariant& invariant : definitions.invariants(type)) {
      const bool stands_on_type = invariant.path == definitions.name(type);
      Result<Program> program =
          compile(invariant.expression, {.definitions = definitions, .context = stands_on_type ? type : 0, .strict = true});
      if (!program)
        faults.insert(std::string(invariant.key) + ": " + program.failure().says + " " + std::string(invariant.expression));
    }
  }
  return faults;
}

Faults faults_of_search_parameters(const fhir::Definitions& definitions) {
  Faults faults;
  for (fhir::TypeId type : definitions.all_types()) {
    for (const fhir::SearchParameter& parameter : definitions.search_parameters(type)) {
      Result<Program> program = compile(parameter.expression, {.definitions = definitions, .context = type, .strict = true});
      if (!program)
        faults.insert(std::string(definitions.name(type)) + "?" + std::string(parameter.code) + ": " + program.failure().says +
                      " " + std::string(parameter.expression));
    }
  }
  return faults;
}

TEST(PublishedExpressions, InvariantsOfBothReleasesCompileStrictly) {
  // R4 gave the rule for names to a resource that has no name.
  EXPECT_EQ(faults_of_invariants(r4()), Faults{"cid-0: 'name' is no element of ChargeItemDefinition. Did you mean 'date'? "
                                               "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"});
  EXPECT_EQ(faults_of_invariants(r5()), Faults{});
}

TEST(PublishedExpressions, SearchParametersOfBothReleasesCompileStrictly) {
  EXPECT_EQ(faults_of_search_parameters(r4()), Faults{});
  EXPECT_EQ(faults_of_search_parameters(r5()), Faults{});
}

}  // namespace
}  // namespace vardbron::fhirpath
