#pragma once

#include "gateway/fhir/definitions.h"

/// The R4 definitions of this build, opened once per test program.
inline const vardbron::fhir::Definitions& r4() {
  static const vardbron::fhir::Definitions definitions = [] {
    vardbron::Result<vardbron::fhir::Definitions> opened =
        vardbron::fhir::Definitions::open(VARDBRON_BINARY_DIR "/share/r4.table");
    CHECK(opened);
    return *std::move(opened);
  }();
  return definitions;
}
