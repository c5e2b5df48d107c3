#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/library.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// A message and what its map must make of it: a folder with
///   input.<json, xml, csv, hl7 ..>   the message
///   expected.json or expected.xml    what comes of it; an OperationOutcome stands for a refusal
///   expected.failure                 or: words the refusal must hold, one text a line
///   assertions.fhirpath              or besides: what must be true of the output (assertion.h)
///   map                              name or url of the map, where several lie in the folder above
struct Case {
  std::string name;  ///< "cosmic-notice/admission": the folder below what was asked for, without "cases"
  std::filesystem::path folder, input;
  std::filesystem::path expected;    ///< "" when there is none yet
  std::filesystem::path assertions;  ///< "" when there are none
  std::string map;                   ///< what the file `map` says; "" = the map that lies in a folder above

  bool expects_refusal() const { return expected.extension() == ".failure"; }
};

/// The cases at and below the folders, in the order of their names. NotFound: no such folder. Invalid: a case with two inputs
/// or two expectations, or without an input.
Result<std::vector<Case>> find_cases(const std::vector<std::filesystem::path>& folders);

/// Letters in a name with * and ? for any. Matches the name, its last part, or any folder of it.
bool is_named(const Case& each, std::string_view pattern);

/// The map of a case: by the file `map`, else the only one in the nearest folder above that has any.
/// Files of maps are looked for below `home`, "" = where the program was started.
/// NotFound, Invalid: there is none, or several; `says` tells what to write where.
Result<const mapping::Map*> map_of(const Case& each, const mapping::Library& library, const std::filesystem::path& home = {});

/// The file in which the first group of a map stands.
std::filesystem::path file_of(const mapping::Map& map);

/// Broken, NotFound: the file cannot be read.
Result<std::string> text_of(const std::filesystem::path& file);
Result<void> write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace vardbron::workbench
