#pragma once

// Tested by tests/app/agreements_test.cpp and tests/app/config_test.cpp.

#include "gateway/app/config_table.h"
#include "gateway/care/chain/policies.h"

#include <filesystem>
#include <string>
#include <vector>

namespace vardbron::app {

/// Reads "payment_policy", "clock_counts_from_receipt", "[agreement]" and the file of "agreements" of a gateway.toml. What is
/// wrong with either of them goes to `file`: what to change, with file:line:column.
void read_policies(Table& top, const toml::table& root, ConfigFile& file, const std::filesystem::path& folder,
                   care::Policies& policies);

/// Reads agreements, prices and the organisationsnummer of municipalities from a text (deploy/agreements.example.toml). Gives all
/// that is wrong with it.
std::vector<Failure> read_agreements(const std::string& text, const std::string& name, care::Policies& policies);

}  // namespace vardbron::app
