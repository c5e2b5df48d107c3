#pragma once

#include "gateway/care/arende/facts.h"
#include "gateway/care/arende/projection.h"
#include "gateway/tree/names.h"

#include <optional>
#include <string>
#include <vector>

namespace vardbron::care {

/// Id of an organisation's Organization: there is one, whatever the cases that name it.
std::string organization_id(const Identity& identifier);

/// What the notices of a case say of each organisation that knows of the case, or gives the care: its own newest word, or what
/// the others say together. One per organisation.
std::vector<OrganizationWord> organization_words(const Facts& facts);

/// The Organization that says so, for every organisation to read.
Projected organization(const OrganizationWord& word, const tree::Names& names);

/// The word that an Organization was written from. Nothing: it is none that organization() wrote.
std::optional<OrganizationWord> read_organization(const tree::Document& organization);

/// Whether what a register has is to be replaced: an organisation's own word counts more than another's, and its newer one more
/// than its older one. The same again replaces nothing.
bool replaces(const OrganizationWord& known, const OrganizationWord& newer);

}  // namespace vardbron::care
