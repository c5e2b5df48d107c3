// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t rows_per_look = 100;

struct CaseRow {
  std::int64_t id = 0, version = 0, link = 0;
};

class Links {
 public:
  explicit Links(VerifyWalk& walk)
      : walk_(walk),
        compressor_(walk.database.dictionaries()),
        link_(walk.database.prepare("SELECT previous, size, body FROM link WHERE number=?")) {}

  void verify(const CaseRow& row) {
    std::int64_t count = 0;
    for (std::int64_t number = row.link; number != 0 && count <= row.version; ++count) {
      link_.query(number);
      if (!link_.next()) {
        if (!walk_.failed("link", number))
          walk_.report.add("link", number, "A link of case " + std::to_string(row.id) + " is missing.");
        return;
      }
      Result<std::string> body = compressor_.restore(link_.text(2), static_cast<std::size_t>(link_.integer(1)));
      if (!body) walk_.report.add("link", number, body.failure().says);
      const std::int64_t previous = link_.integer(0);
      link_.reset();
      if (previous >= number) return walk_.report.add("link", number, "The link does not point back.");
      number = previous;
    }
    walk_.report.links += count;
    if (count == row.version) return;
    walk_.report.add("patient_case", row.id,
                     "The case has " + std::to_string(row.version) + " links by its row, and not as many by its chain of links.");
  }

 private:
  VerifyWalk& walk_;
  Compressor compressor_;
  Statement link_;
};

}  // namespace

void verify_cases(VerifyWalk& walk) {
  Statement rows = walk.database.prepare("SELECT id, version, link FROM patient_case WHERE id>? ORDER BY id LIMIT ?");
  Links links(walk);
  std::int64_t last = 0;
  while (walk.renew()) {
    std::vector<CaseRow> cases;
    rows.query(last, rows_per_look);
    while (rows.next()) {
      if (!walk.is_behind("patient_case", rows.integer(0), cases.empty() ? last : cases.back().id)) return rows.reset();
      cases.push_back({rows.integer(0), rows.integer(1), rows.integer(2)});
    }
    if (walk.failed("patient_case", last + 1) || cases.empty()) return;
    for (const CaseRow& row : cases) links.verify(row);
    last = cases.back().id;
    walk.report.cases += static_cast<std::int64_t>(cases.size());
    walk.progress("patient_case", walk.report.cases);
  }
}

void verify_dictionaries(VerifyWalk& walk) {
  if (!walk.renew()) return;
  Statement rows = walk.database.prepare("SELECT number, bytes FROM dictionary ORDER BY number");
  rows.query();
  while (rows.next()) {
    if (const std::string fault = dictionary_fault(rows.integer(0), rows.text(1)); !fault.empty())
      walk.report.add("dictionary", rows.integer(0), fault);
  }
  walk.failed("dictionary", 0);
}

}  // namespace vardbron::store
