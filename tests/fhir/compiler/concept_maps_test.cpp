#include "gateway/fhir/compiler/concept_maps.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

/// Rows of the map as "system#code relation system#code (display)".
std::string rows_of(std::string text) {
  TableBuilder builder("4.0.1");
  add_concept_map(from_json(std::move(text)), builder);
  const std::vector<std::byte> bytes = builder.write();
  Result<TableView> view = view_table(bytes);
  CHECK(view);
  std::string rows;
  for (const MappedRecord& row : view->mapped) {
    rows.append(rows.empty() ? "" : "; ").append(view->text(row.source_system)).append("#").append(view->text(row.source));
    rows.append(" ").append(view->text(row.relation)).append(" ").append(view->text(row.target_system)).append("#");
    rows.append(view->text(row.target)).append(" (").append(view->text(row.display)).append(")");
  }
  return rows;
}

TEST(ConceptMaps, AreRowsOfBothReleases) {
  EXPECT_EQ(rows_of("{'resourceType':'ConceptMap','url':'m','group':[{'source':'s','target':'t|2','element':["
                    "{'code':'a','target':[{'code':'b','display':'B','equivalence':'wider'},{'equivalence':'unmatched'}]}]}]}"),
            "s#a wider t#b (B); s#a unmatched t# ()");
  EXPECT_EQ(rows_of("{'resourceType':'ConceptMap','url':'m','group':[{'source':'s|1','target':'t','element':["
                    "{'code':'a','target':[{'code':'b','relationship':'equivalent'}]},{'code':'c','noMap':true}]}]}"),
            "s#a equivalent t#b (); s#c  t# ()");
}

TEST(ConceptMaps, WithoutUrlCannotBeAskedFor) {
  EXPECT_EQ(rows_of("{'resourceType':'ConceptMap','group':[{'element':[{'code':'a','target':[{'code':'b'}]}]}]}"), "");
}

}  // namespace
}  // namespace vardbron::fhir
