#include "gateway/fhir/check.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/tree/compare.h"
#include "r4.h"
#include "suite_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

// Every instance of HL7's R4 package goes JSON -> tree -> JSON and JSON -> XML -> JSON and is unchanged. faults.tsv lists faults
// of the instances themselves: file, step (json, xml, check), reason.
namespace vardbron {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view large_groups[] = {"CodeSystem", "SearchParameter", "StructureDefinition", "ValueSet"};

std::string group_of(std::string_view file) {
  std::string_view type = file.substr(0, file.find('-'));
  bool is_large = std::find(std::begin(large_groups), std::end(large_groups), type) != std::end(large_groups);
  return is_large ? std::string(type) : "Other";
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string reported(const Failure& failure) { return failure.where + ": " + failure.says; }

/// "file step" of the checked-in list.
std::map<std::string, std::string> known_faults() {
  std::map<std::string, std::string> faults;
  std::ifstream file(VARDBRON_SOURCE_DIR "/tests/package/faults.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::size_t reason = line.rfind('\t');
    faults.emplace(line.substr(0, reason), line.substr(reason + 1));
  }
  return faults;
}

std::string json_fault(const tree::Document& document) {
  Result<tree::Document> again = json::parse(json::write(document), r4().names());
  if (!again) return reported(again.failure());
  return tree::describe_differences(document, *again);
}

std::string xml_fault(const tree::Document& document) {
  Result<tree::Document> shaped = fhir::to_xml(document, r4());
  if (!shaped) return reported(shaped.failure());
  Result<tree::Document> xml = xml::parse(xml::write(*shaped), r4().names(), {.positions = true});
  if (!xml) return reported(xml.failure());
  Result<tree::Document> back = fhir::from_xml(*xml, r4());
  if (!back) return reported(back.failure());
  Result<tree::Document> again = json::parse(json::write(*back), r4().names());
  return again ? tree::describe_differences(document, *again) : reported(again.failure());
}

std::string check_fault(const tree::Document& document) {
  std::string lines;
  for (const fhir::Issue& issue : fhir::check(document, r4())) lines += issue.where + ": " + issue.says + "\n";
  return lines;
}

class Package : public testing::TestWithParam<std::string> {};

TEST_P(Package, RoundTripsWithoutLoss) {
  std::map<std::string, std::string> known = known_faults();
  std::size_t files = 0, whole = 0, bytes = 0, excused = 0;
  for (const auto& entry : fs::directory_iterator(VARDBRON_PACKAGE)) {
    std::string name = entry.path().filename().string();
    if (name == "package.json" || name.starts_with('.') || group_of(name) != GetParam()) continue;
    std::string body = read_file(entry.path());
    Result<tree::Document> document = json::parse(body, r4().names());
    ASSERT_TRUE(document) << name << " " << reported(document.failure());
    std::map<std::string, std::string> faults{
        {"json", json_fault(*document)}, {"xml", xml_fault(*document)}, {"check", check_fault(*document)}};
    for (const auto& [step, fault] : faults) {
      bool is_known = known.contains(name + "\t" + step);
      EXPECT_EQ(fault.empty(), !is_known) << name << "\t" << step << "\t"
                                          << (fault.empty() ? "the fault is gone" : fault.substr(0, 600));
      excused += !fault.empty() && is_known;
    }
    whole += faults["json"].empty() && faults["xml"].empty() ? 1 : 0;
    ++files;
    bytes += body.size();
  }
  std::printf("%s: %zu instances, %.1f MB, %zu known faults\n", GetParam().c_str(), files, static_cast<double>(bytes) / 1e6,
              excused);
  suite::print_line("HL7's R4 package, JSON and XML there and back", whole, files);
  EXPECT_GT(files, 500u);
}

INSTANTIATE_TEST_SUITE_P(R4, Package,
                         testing::Values("CodeSystem", "SearchParameter", "StructureDefinition", "ValueSet", "Other"),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace vardbron
