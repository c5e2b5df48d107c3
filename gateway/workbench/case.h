#pragma once

// Tested by tests/system/workbench/cases_test.cpp.

#include "gateway/base/result.h"
#include "gateway/mapping/library.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// A message and its expected result: a folder with
///   input.<json, xml, csv, hl7 ..>   the message
///   expected.json or expected.xml    the output; an OperationOutcome means a refusal
///   expected.failure                 or: texts the refusal must contain, one per line
///   assertions.fhirpath              or in addition: assertions on the output (assertion.h)
///   map                              name or url of the map, if the folder above has several
struct Case {
  std::string name;  ///< "cosmic-notice/admission": path below the given folder, without "cases"
  std::filesystem::path folder, input;
  std::filesystem::path expected;    ///< "" if there is none yet
  std::filesystem::path assertions;  ///< "" if there are none
  std::string map;                   ///< content of the file `map`; "" = the map in a folder above

  bool expects_refusal() const { return expected.extension() == ".failure"; }
};

/// The cases at and below the folders, in the order of their names. NotFound: no such folder. Invalid: a case with two inputs
/// or two expectations, or without an input.
Result<std::vector<Case>> find_cases(const std::vector<std::filesystem::path>& folders);

/// `pattern` may contain * and ?. Matches the name, its last part, or any folder of it.
bool is_named(const Case& each, std::string_view pattern);

/// The map of a case: by the file `map`, else the only one in the nearest folder above that has any.
/// Files of maps are relative to `home`, "" = the working directory.
/// NotFound, Invalid: there is none, or several; `says` has the remedy.
Result<const mapping::Map*> map_of(const Case& each, const mapping::Library& library, const std::filesystem::path& home = {});

/// The file with the first group of a map.
std::filesystem::path file_of(const mapping::Map& map);

/// NotFound: the file cannot be read.
Result<std::string> text_of(const std::filesystem::path& file);
/// Broken: the file cannot be written.
Result<void> write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace vardbron::workbench
