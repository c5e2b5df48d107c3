#pragma once

// Tested by tests/care/task_body_test.cpp and tests/exchange/act_care_team_test.cpp.

#include "gateway/tree/document.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

using Items = std::vector<tree::Item>;

/// The children of a node, those of one name together and in their order.
std::map<std::string_view, Items> by_name(tree::Item parent);
/// The children of that name; none if `parent` is empty.
Items items_of(tree::Item parent, std::string_view name);

/// Is all of `part` contained in `whole`? Order matters among elements of one name only.
bool is_part_of(tree::Item part, tree::Item whole);
bool is_same_element(tree::Item one, tree::Item other);

/// One element and where it is: "CareTeam.participant[0]".
struct Place {
  tree::Item item;
  std::string where;
};

/// The children of that name; none if `parent` is empty.
std::vector<Place> places_of(const Place& parent, std::string_view name);

}  // namespace vardbron::care
