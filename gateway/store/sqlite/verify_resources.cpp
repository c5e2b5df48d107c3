// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/digest.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t rows_per_look = 100;
// A case's resources were mostly written by the same changes, and are verified one after the other.
constexpr std::size_t open_changes_max = 64;

struct Row {
  std::int64_t number = 0, version = 0, at = 0, change = 0, position = 0;
  bool deleted = false;
  std::string digest;
};

/// A row of `change`, unpacked; `fault` if that fails.
struct OpenChange {
  std::int64_t at = 0;
  std::vector<VersionHead> heads;
  std::string bodies, fault;
};

class Versions {
 public:
  explicit Versions(VerifyWalk& walk)
      : walk_(walk),
        compressor_(walk.database.dictionaries()),
        change_(walk.database.prepare("SELECT at, heads, size, bodies FROM change WHERE number=?")),
        versions_(walk.database.prepare("SELECT version, change, position FROM version WHERE resource=? ORDER BY version")) {}

  void verify(const Row& row) {
    std::int64_t last = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> places;
    versions_.query(row.number);
    while (versions_.next()) {
      if (versions_.integer(0) != ++last) break;
      places.emplace_back(versions_.integer(1), versions_.integer(2));
    }
    versions_.reset();
    const bool is_complete = last + 1 == row.version && static_cast<std::int64_t>(places.size()) == last;
    if (!is_complete) return tell(row, row.version, "the resource has more or fewer versions than its row says.");
    places.emplace_back(row.change, row.position);
    for (std::int64_t version = 1; version <= row.version; ++version) {
      const auto& [number, position] = places[static_cast<std::size_t>(version - 1)];
      const OpenChange& change = open(number);
      const auto index = static_cast<std::size_t>(position);
      if (!change.fault.empty()) return tell(row, version, change.fault);
      if (index >= change.heads.size()) return tell(row, version, "it is not where it should be.");
      const VersionHead& head = change.heads[index];
      if (head.resource != row.number || head.version != version) return tell(row, version, "another is in its place.");
      if (version == row.version && !fits(row, change, index)) return tell(row, version, "it is not what was stored.");
      ++walk_.report.versions;
    }
  }

 private:
  static bool fits(const Row& row, const OpenChange& change, std::size_t index) {
    std::size_t begin = 0;
    for (std::size_t before = 0; before < index; ++before) begin += change.heads[before].size;
    const VersionHead& head = change.heads[index];
    if (begin + head.size > change.bodies.size() || row.deleted != head.deleted || row.at != change.at) return false;
    if (head.deleted) return true;
    const Sha256 digest = sha256(std::string_view(change.bodies).substr(begin, head.size));
    return row.digest == std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size());
  }
  const OpenChange& open(std::int64_t number) {
    if (open_.size() >= open_changes_max && !open_.contains(number)) open_.clear();
    auto [found, is_new] = open_.try_emplace(number);
    OpenChange& change = found->second;
    if (!is_new) return change;
    change_.query(number);
    if (change_.next()) {
      change.at = change_.integer(0);
      change.heads = unpack_heads(change_.text(1));
      Result<std::string> bodies = compressor_.restore(change_.text(3), static_cast<std::size_t>(change_.integer(2)));
      if (bodies) change.bodies = *std::move(bodies);
      if (!bodies) change.fault = bodies.failure().says;
      change_.reset();
    } else {
      std::optional<Failure> failure = walk_.database.take_failure();
      change.fault = failure ? failure->says : "the row of its change is missing.";
    }
    return change;
  }
  void tell(const Row& row, std::int64_t version, const std::string& fault) {
    walk_.report.add("resource", row.number, "Version " + std::to_string(version) + ": " + fault);
  }

  VerifyWalk& walk_;
  Compressor compressor_;
  Statement change_, versions_;
  std::map<std::int64_t, OpenChange> open_;
};

}  // namespace

void verify_resources(VerifyWalk& walk) {
  Statement rows = walk.database.prepare(
      "SELECT number, version, at, deleted, digest, change, position FROM resource WHERE number>? ORDER BY number LIMIT ?");
  Versions versions(walk);
  std::int64_t last = 0;
  while (walk.renew()) {
    std::vector<Row> found;
    rows.query(last, rows_per_look);
    while (rows.next()) {
      if (!walk.is_behind("resource", rows.integer(0), found.empty() ? last : found.back().number)) return rows.reset();
      found.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(5), rows.integer(6), rows.integer(3) != 0,
                       rows.string(4)});
    }
    if (walk.failed("resource", last + 1) || found.empty()) return;
    for (const Row& row : found) {
      if (row.version == 0) continue;  // only referred to
      versions.verify(row);
      ++walk.report.resources;
    }
    last = found.back().number;
    walk.progress("resource", walk.report.resources);
  }
}

}  // namespace vardbron::store
