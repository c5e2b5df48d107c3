#include "gateway/care/chain/elements.h"

#include <algorithm>

namespace vardbron::care {

using tree::Item;

std::map<std::string_view, Items> by_name(Item parent) {
  std::map<std::string_view, Items> lists;
  for (Item child = parent.first_child(); child; child = child.next()) lists[child.name_text()].push_back(child);
  return lists;
}

Items items_of(Item parent, std::string_view name) {
  Items list;
  for (Item child = parent.first_child(); child; child = child.next())
    if (child.name_text() == name) list.push_back(child);
  return list;
}

bool is_part_of(Item part, Item whole) {
  if (part.text() != whole.text()) return false;
  const std::map<std::string_view, Items> wanted = by_name(part), there = by_name(whole);
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& each) {
    const auto found = there.find(each.first);
    return found != there.end() && each.second.size() <= found->second.size() &&
           std::equal(each.second.begin(), each.second.end(), found->second.begin(), is_part_of);
  });
}

bool is_same_element(Item one, Item other) { return is_part_of(one, other) && is_part_of(other, one); }

std::vector<Place> places_of(const Place& parent, std::string_view name) {
  std::vector<Place> list;
  for (const Item child : items_of(parent.item, name))
    list.push_back({child, parent.where + "." + std::string(name) + "[" + std::to_string(list.size()) + "]"});
  return list;
}

}  // namespace vardbron::care
