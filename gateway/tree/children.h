#pragma once

#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::tree {

/// Calls use(Item) for each child of that name, in order; for none if `parent` is empty.
template <class Use>
void for_each_child(Item parent, std::string_view name, Use use) {
  for (Item each = parent.first_child(); each; each = each.next())
    if (each.name_text() == name) use(each);
}

}  // namespace vardbron::tree
