#pragma once

#include "gateway/base/check.h"
#include "gateway/base/clock.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/sqlite/verify.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

/// The file of a store that is closed. It must be there.
inline std::unique_ptr<Database> open_database(const std::filesystem::path& file, Database::Use use) {
  Result<std::unique_ptr<Database>> database = Database::open(file, use);
  CHECK(database);
  return *std::move(database);
}

/// Findings of `vardbron verify`, with the key beside the file and the exported seals.
inline VerifyReport verify_file(const std::filesystem::path& file, bool is_alone = true, std::vector<SealLine> lines = {}) {
  RealClock clock;
  Result<SealKey> key = SealKey::read(file.parent_path() / "seal.key");
  CHECK(key);
  VerifyOptions options;
  options.key = &*key;
  options.is_alone = is_alone;
  options.lines = std::move(lines);
  Result<VerifyReport> report = verify_store(*open_database(file, Database::Use::Read), clock, options);
  CHECK(report);
  return *std::move(report);
}

/// Its findings, a line each.
inline std::string all_of(const VerifyReport& report) {
  std::string text;
  for (const Finding& each : report.findings) text += each.table + ' ' + std::to_string(each.number) + ": " + each.says + '\n';
  return text;
}

}  // namespace vardbron::store
