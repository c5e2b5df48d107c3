#pragma once

#include "gateway/care/chain/projected.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// The compartment that every resource of the type is of; Open: the type says nothing of it, and a resource may still name one.
Compartment compartment_of(std::string_view type);
std::string_view to_string(Compartment compartment);  ///< "betalning"; Open: "open"

/// Puts the resource into the compartment, for these readers alone: ids of organisations, in any order.
void admit(Projected& resource, Compartment compartment, std::vector<std::string> readers);

/// Takes all readers from resources that do not name the compartment of their type: a writer of a new kind that says nothing of
/// its readers shows it to nobody.
void close_compartments(std::vector<Projected>& resources);

}  // namespace vardbron::care
