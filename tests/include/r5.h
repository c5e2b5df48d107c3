#pragma once

#include "gateway/fhir/definitions.h"

/// The R5 definitions of this build, opened once per test program.
inline const vardbron::fhir::Definitions& r5() {
  static const vardbron::fhir::Definitions definitions = [] {
    vardbron::Result<vardbron::fhir::Definitions> opened =
        vardbron::fhir::Definitions::open(VARDBRON_BINARY_DIR "/share/r5.table");
    CHECK(opened);
    return *std::move(opened);
  }();
  return definitions;
}
