#include "gateway/care/arende/arende.h"
#include "gateway/care/arende/betalningsklocka.h"
#include "gateway/care/arende/projection.h"
#include "gateway/care/arende/villkor.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/event.h"
#include "gateway/care/chain/notice.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/care/plan/plan_machine.h"
#include "tests/care/our_definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

// Concern: what the gateway writes and what fhir-profiles defines are the same.
namespace vardbron::care {
namespace {

using Codes = std::set<std::string, std::less<>>;
using testing::ElementsAreArray;

const Codes& codes_of(std::string_view system) {
  return our_definitions().code_systems.at("https://vardbron.example/fhir/CodeSystem/" + std::string(system));
}

template <class Enum>
Codes all_of(int count, int first = 0) {
  Codes codes;
  for (int each = first; each < count; ++each) codes.emplace(to_string(Enum(each)));
  return codes;
}

std::string source_texts(std::initializer_list<std::string_view> folders) {
  std::string all;
  for (const std::string_view folder : folders)
    for (const auto& file : std::filesystem::recursive_directory_iterator(VARDBRON_SOURCE_DIR "/" + std::string(folder))) {
      const std::string extension = file.path().extension();
      if (extension != ".cpp" && extension != ".h" && extension != ".fml" && extension != ".csv") continue;
      std::ifstream in(file.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
  return all;
}

const std::string& gateway_sources() {
  static const std::string all = source_texts({"gateway"});
  return all;
}

const std::string& all_sources() {
  static const std::string all = source_texts({"gateway", "mappings"});
  return all;
}

// An element of type code has no system.
const Codes without_system = {"amne",           "arende-tillstand", "betalningsklocka-lage", "betalningsvillkor",
                              "identitetsniva", "innehall",         "plan-tillstand",        "villkorslage"};

TEST(Profiles, AreDefinedForTheirType) {
  for (const Profile& each : profiles()) {
    const auto found = our_definitions().profiles.find(each.canonical);
    ASSERT_NE(found, our_definitions().profiles.end()) << each.canonical;
    EXPECT_EQ(found->second, each.type) << each.canonical;
  }
}

TEST(Profiles, AreAllThatAreDefinedButThoseOfNoticesAndOfWhatIsContained) {
  for (const auto& [canonical, type] : our_definitions().profiles) {
    const std::string_view id = std::string_view(canonical).substr(canonical.rfind('/') + 1);
    if (id.starts_with("notice") || id == "contact-role") continue;
    const auto is_it = [&](const Profile& each) { return each.canonical == canonical && each.type == type; };
    EXPECT_TRUE(std::any_of(profiles().begin(), profiles().end(), is_it)) << canonical;
  }
}

TEST(Profiles, AreFoundByTypeAndCode) {
  EXPECT_EQ(profile_of("Task", "insats"), "https://vardbron.example/fhir/StructureDefinition/task-insats");
  EXPECT_EQ(profile_of("Task"), "https://vardbron.example/fhir/StructureDefinition/task") << "withdrawn, without a code";
  EXPECT_EQ(profile_of("Goal", "any"), "https://vardbron.example/fhir/StructureDefinition/goal");
  EXPECT_EQ(profile_of("CareTeam"), "") << "neither a contact nor a plan";
  EXPECT_EQ(profile_of("Subscription"), "");
}

TEST(Profiles, HaveOneForEachWorkItem) {
  Codes with_profile;
  for (const Profile& each : profiles())
    if (each.type == "Task" && !each.code.empty()) with_profile.emplace(each.code);
  EXPECT_THAT(with_profile, ElementsAreArray(codes_of("uppgift")));
}

TEST(Codes, OfEnumerationsAreThoseOfTheirCodeSystem) {
  EXPECT_THAT(all_of<Event>(events_count), ElementsAreArray(codes_of("notice-event")));
  EXPECT_THAT(all_of<State>(states_count), ElementsAreArray(codes_of("arende-tillstand")));
  EXPECT_THAT(all_of<plan::State>(plan::states_count), ElementsAreArray(codes_of("plan-tillstand")));
  EXPECT_THAT(all_of<CaseTaskKind>(int(CaseTaskKind::FoljUppSip) + 1), ElementsAreArray(codes_of("uppgift")));
  EXPECT_THAT(all_of<ClockState>(int(ClockState::Makulerad) + 1), ElementsAreArray(codes_of("betalningsklocka-lage")));
  EXPECT_THAT(all_of<Villkorslage>(int(Villkorslage::Brutet) + 1), ElementsAreArray(codes_of("villkorslage")));
  EXPECT_THAT(all_of<Role>(int(Role::Oppenvard) + 1, 1), ElementsAreArray(codes_of("part-roll")));
}

TEST(Codes, OfRolesInAPlanAreThoseOfTheirCodeSystem) {
  EXPECT_THAT(Codes(plan_roles.begin(), plan_roles.end()), ElementsAreArray(codes_of("plan-roll")));
}

TEST(Codes, OfMarksInANoticeAreThoseOfTheirCodeSystem) {
  const Codes marks = {std::string(ambiguous), std::string(doubtful), std::string(received_tag), std::string(unknown_receiver)};
  EXPECT_THAT(marks, ElementsAreArray(codes_of("datakvalitet")));
}

TEST(Codes, OfTheConditionsAreThoseThatTheSourceAdds) {
  std::ifstream in(VARDBRON_SOURCE_DIR "/gateway/care/arende/villkor.cpp");
  const std::string source(std::istreambuf_iterator<char>(in), {});
  const std::regex adds("\\badd\\(\"([a-z-]+)\"");
  Codes added;
  for (std::sregex_iterator each(source.begin(), source.end(), adds), end; each != end; ++each) added.insert((*each)[1]);
  EXPECT_THAT(added, ElementsAreArray(codes_of("betalningsvillkor")));
}

// Codes of these are passed on as the sender has them, but for some that the gateway knows.
const Codes passed_on = {"utskriven-till"};

TEST(Codes, OfEachSystemAreWrittenOrReadSomewhere) {
  for (const auto& [system, codes] : our_definitions().code_systems) {
    if (passed_on.contains(system.substr(system.rfind('/') + 1))) continue;
    for (const std::string& code : codes) {
      const bool is_there = all_sources().find('"' + code + '"') != std::string::npos ||
                            all_sources().find('\'' + code + '\'') != std::string::npos;
      EXPECT_TRUE(is_there) << system << "#" << code;
    }
  }
}

TEST(Codes, AreOfSystemsThatAreDefined) {
  const std::regex names("https://vardbron\\.example/fhir/(CodeSystem|StructureDefinition)/([A-Za-z0-9.-]+)");
  const std::string& sources = gateway_sources();
  int found = 0;
  for (std::sregex_iterator each(sources.begin(), sources.end(), names), end; each != end; ++each, ++found) {
    const std::string canonical = each->str();
    const bool is_defined = (*each)[1] == "CodeSystem" ? our_definitions().code_systems.contains(canonical)
                                                       : our_definitions().structures.contains(canonical);
    EXPECT_TRUE(is_defined) << canonical;
  }
  EXPECT_GT(found, 50);
}

// An extension of a plan is read by the last part of its canonical.
TEST(Codes, OfSystemsAndExtensionsThatAreDefinedAreInUse) {
  for (const auto& [system, codes] : our_definitions().code_systems)
    EXPECT_NE(without_system.contains(system.substr(system.rfind('/') + 1)), gateway_sources().find(system) != std::string::npos)
        << system;
  for (const std::string& structure : our_definitions().structures) {
    if (our_definitions().profiles.contains(structure) || structure.ends_with("/CosmicSamordningsmeddelande")) continue;
    const std::string id = '"' + structure.substr(structure.rfind('/') + 1) + '"';
    EXPECT_TRUE(gateway_sources().find(structure) != std::string::npos || gateway_sources().find(id) != std::string::npos)
        << structure;
  }
}

}  // namespace
}  // namespace vardbron::care
