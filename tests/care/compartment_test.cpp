#include "gateway/care/chain/compartment.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::care {
namespace {

Projected in_compartment(std::string type, Compartment compartment, std::vector<std::string> readers) {
  Projected resource{std::move(type), "1", tree::Document(r4().names()), {}};
  admit(resource, compartment, std::move(readers));
  return resource;
}

TEST(Compartment, OfATypeIsAsTheTableHasIt) {
  struct Row {
    const char* type;
    const char* compartment;
  };
  const Row table[] = {{"ChargeItem", "betalning"},
                       {"Invoice", "betalning"},
                       {"MeasureReport", "betalning"},
                       {"Observation", "skattning"},
                       {"QuestionnaireResponse", "skattning"},
                       {"CarePlan", "open"},
                       {"Patient", "open"},
                       {"Task", "open"},
                       {"Nonsense", "open"}};
  for (const Row& row : table) EXPECT_EQ(to_string(compartment_of(row.type)), row.compartment) << row.type;
  EXPECT_EQ(to_string(Compartment::Arbetsgivare), "arbetsgivare");
}

TEST(Compartment, AdmitsEachReaderOnceInOrder) {
  EXPECT_EQ(in_compartment("ChargeItem", Compartment::Betalning, {"b", "a", "b"}).parties, (std::vector<std::string>{"a", "b"}));
}

// A writer that does not say who may read such a resource shows it to nobody.
TEST(Compartment, WhatDoesNotNameTheCompartmentOfItsTypeIsReadByNobody) {
  struct Row {
    const char* type;
    Compartment named;
    bool is_read;
  };
  const Row table[] = {
      {"ChargeItem", Compartment::Betalning, true},        {"ChargeItem", Compartment::Open, false},
      {"ChargeItem", Compartment::Arbetsgivare, false},    {"QuestionnaireResponse", Compartment::Skattning, true},
      {"QuestionnaireResponse", Compartment::Open, false}, {"Observation", Compartment::Betalning, false},
      {"Communication", Compartment::Open, true},          {"Communication", Compartment::Arbetsgivare, true}};
  for (const Row& row : table) {
    std::vector<Projected> all;
    all.push_back(in_compartment(row.type, row.named, {"a"}));
    close_compartments(all);
    EXPECT_EQ(!all[0].parties.empty(), row.is_read) << row.type << " in " << to_string(row.named);
  }
}

}  // namespace
}  // namespace vardbron::care
