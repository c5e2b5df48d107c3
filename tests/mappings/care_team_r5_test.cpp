#include "gateway/tree/path.h"
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

// Concern: nothing of a CareTeam is lost on its way from FHIR R4 to R5: the map reads every element that R4 has.
namespace vardbron {
namespace {

/// As FHIR calls them: "CareTeam.participant.role"; those of data types and of other resources are left out.
std::set<std::string> elements_of(const fhir::Definitions& definitions, fhir::TypeId type, const std::string& path) {
  std::set<std::string> found;
  for (const fhir::Element& element : definitions.elements(type)) {
    const std::string name = path + "." + std::string(definitions.names().text(element.name));
    found.insert(name);
    for (const fhir::ElementType& each : definitions.types(element))
      if (definitions.kind(each.type) == fhir::TypeKind::Backbone) found.merge(elements_of(definitions, each.type, name));
  }
  return found;
}

void add_names(tree::Item item, const std::string& path, std::set<std::string>& into) {
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    const std::string type(child.name_text() == "contained" ? child.text_of("resourceType") : "");
    const std::string name = type.empty() ? path + "." + std::string(child.name_text()) : type;
    into.insert(name);
    add_names(child, name, into);
  }
}

void expect_read(tree::Item item, const tree::Marks& marks) {
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    const std::uint8_t bits = marks.bits[child.node];
    if ((bits & tree::Marks::Copied) != 0 || child.name_text() == "resourceType") continue;
    EXPECT_NE(bits & (tree::Marks::Used | tree::Marks::Evaluated), 0) << tree::path_of(*child.document, child.node);
    expect_read(child, marks);
  }
}

TEST(CareTeamR4toR5, ReadsEveryElementOfR4) {
  const mapping::Map* map = real_library().find("CareTeamR4toR5");
  ASSERT_NE(map, nullptr);
  const std::string body = text_of_file(mappings_folder() / "careteam-r4-to-r5/cases/all-elements/input.json");
  Result<tree::Document> source = workspace::read_document(body, "", real_library().definitions());
  ASSERT_TRUE(source);
  std::set<std::string> given;
  add_names(tree::root(*source), "CareTeam", given);
  const fhir::Definitions& definitions = real_library().definitions();
  for (const char* type : {"CareTeam", "PractitionerRole"}) {
    for (const std::string& each : elements_of(definitions, definitions.find_type(type), type)) {
      const bool is_refused = each.find("vailable") != std::string::npos && each.ends_with("modifierExtension");
      const bool is_there = given.count(each) > 0 || each.ends_with(".contained");
      EXPECT_TRUE(is_there || is_refused) << "the case lacks " << each;
    }
  }

  mapping::Marks marks;
  mapping::Environment environment;
  environment.identity = body;
  environment.marks = &marks;
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  ASSERT_TRUE(mapping::run(*map, sources, environment));

  expect_read(tree::root(*source), marks.source);
}

}  // namespace
}  // namespace vardbron
