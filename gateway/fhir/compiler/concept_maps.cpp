#include "gateway/fhir/compiler/concept_maps.h"

#include "gateway/fhir/reference.h"
#include "gateway/tree/children.h"

#include <string_view>
#include <vector>

namespace vardbron::fhir {

namespace {

using tree::Item;

void add_element(const MappedRecord& group, Item element, TableBuilder& builder, std::vector<MappedRecord>& rows) {
  MappedRecord row = group;
  row.source = builder.text(element.text_of("code"));
  // noMap of R5 is in R4 a target without a code.
  if (element.text_of("noMap") == "true") rows.push_back(row);
  tree::for_each_child(element, "target", [&](Item target) {
    row.target = builder.text(target.text_of("code"));
    row.display = builder.text(target.text_of("display"));
    row.relation = builder.text(target.text_of(target.child("equivalence") ? "equivalence" : "relationship"));
    rows.push_back(row);
  });
}

}  // namespace

void add_concept_map(const tree::Document& document, TableBuilder& builder) {
  Item map = root(document);
  std::vector<MappedRecord> rows;
  tree::for_each_child(map, "group", [&](Item group) {
    MappedRecord row;
    row.source_system = builder.text(without_version(group.text_of("source")));
    row.target_system = builder.text(without_version(group.text_of("target")));
    tree::for_each_child(group, "element", [&](Item element) { add_element(row, element, builder, rows); });
  });
  if (map.child("url")) builder.add_concept_map(builder.text(map.text_of("url")), rows);
}

}  // namespace vardbron::fhir
