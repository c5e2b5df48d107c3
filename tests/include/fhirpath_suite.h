#pragma once

#include "gateway/fhirpath/values/decimal.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/tree/document.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/// The public FHIRPath suite, as both runners read it: the one inside the process and the one that asks through a pipe.
namespace vardbron::suite {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::filesystem::path folder() {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  std::filesystem::path conformance = given != nullptr ? given : std::string(VARDBRON_SOURCE_DIR "/../shared/conformance");
  return conformance / "fhirpath-r4";
}

struct Case {
  std::string group, name, input, expression, invalid;
  bool is_strict = false, is_predicate = false;
  std::vector<std::string> types, outputs;
};

inline Case read_case(tree::Item group, tree::Item test) {
  Case read;
  read.group = group.text_of("name");
  read.name = test.text_of("name");
  read.input = test.text_of("inputfile");
  read.is_strict = test.text_of("mode") == "strict";
  read.is_predicate = test.text_of("predicate") == "true";
  for (tree::Item child = test.first_child(); child; child = child.next()) {
    if (child.name_text() == "expression") {
      read.expression = child.text();
      read.invalid = child.text_of("invalid");
      read.is_strict = read.is_strict || child.text_of("mode") == "strict";
    } else if (child.name_text() == "output") {
      read.types.emplace_back(child.text_of("type"));
      read.outputs.emplace_back(child.text());
    }
  }
  return read;
}

inline std::vector<Case> read_cases(const std::filesystem::path& file) {
  const tree::Names names;
  Result<tree::Document> suite = xml::parse(read_file(file), names, {.keep_mixed = true});
  EXPECT_TRUE(suite) << (suite ? "" : suite.failure().says + suite.failure().where);
  std::vector<Case> cases;
  if (!suite) return cases;
  for (tree::Item group = tree::root(*suite).first_child(); group; group = group.next()) {
    for (tree::Item test = group.first_child(); test; test = test.next()) {
      if (test.name_text() == "test") cases.push_back(read_case(group, test));
    }
  }
  return cases;
}

inline std::map<std::string, std::string> read_known() {
  std::map<std::string, std::string> known;
  std::ifstream file(VARDBRON_SOURCE_DIR "/tests/scenarios/fhirpath-r4-known.tsv");
  for (std::string line; std::getline(file, line);) {
    std::size_t tab = line.find('\t');
    if (!line.empty() && line[0] != '#' && tab != std::string::npos) known[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return known;
}

/// The suite writes dates and times as literals.
inline std::string plain(std::string text) {
  if (text.starts_with("@T")) return text.substr(2);
  if (text.starts_with("@")) return text.substr(1);
  std::optional<fhirpath::Decimal> number = fhirpath::Decimal::parse(text);
  return number ? number->to_string() : text;  // -0.0 and 0.0 are one Decimal
}

}  // namespace vardbron::suite
