#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/stored_id.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace vardbron::store {

/// A code or identifier with its system.
struct Token {
  std::string system, value;
};

/// Names that many rows share, and their numbers: 1, 2, 3 ... Rows are only added. Find gives 0 for a name that has none, make
/// adds it (writing connection only). What was found is kept in memory, bounded. One thread.
class NameTables {
 public:
  explicit NameTables(Database& database);

  std::int64_t find_type(std::string_view name);
  std::int64_t make_type(std::string_view name);
  const std::string& type_name(std::int64_t number);  ///< "" = none

  /// A search parameter of a resource type.
  std::int64_t find_parameter(std::int64_t type, std::string_view code);
  std::int64_t make_parameter(std::int64_t type, std::string_view code);
  const std::string& parameter_code(std::int64_t number);

  std::int64_t find_token(std::string_view system, std::string_view value);
  std::int64_t make_token(std::string_view system, std::string_view value);
  std::vector<std::int64_t> tokens_with_value(std::string_view value);  ///< of any system
  const Token& token(std::int64_t number);
  /// A token that was made after forget_new_tokens() is in no row of keys yet.
  void forget_new_tokens() { new_tokens_.clear(); }
  bool is_new_token(std::int64_t number) const { return new_tokens_.contains(number); }
  /// Fills in the texts that keys have by number.
  void complete(std::vector<StoredKey>& keys);

  std::int64_t find_party(std::string_view name);
  std::int64_t make_party(std::string_view name);
  /// The set of parties that a version is shown to; versions with the same parties share it.
  std::int64_t make_audience(std::vector<std::string> parties);
  const std::vector<std::int64_t>& members(std::int64_t audience);  ///< numbers of parties, ascending
  std::vector<std::string> member_names(std::int64_t audience);
  bool is_member(std::int64_t party, std::int64_t audience);  ///< all_seeing is a member of each

  /// Forgets additions of a transaction that was rolled back.
  void forget();

 private:
  /// A text, below a number or none.
  struct Name {
    std::int64_t below = 0;
    std::string_view text;
  };
  struct KeptName {
    std::int64_t below = 0;
    std::string text;
  };
  // Both kinds of names are compared, so that a look-up copies no text.
  struct Hash {
    using is_transparent = void;
    template <class Any>
    std::size_t operator()(const Any& name) const {
      constexpr std::size_t odd = 0x9E3779B97F4A7C15;
      return std::hash<std::string_view>()(name.text) ^ (static_cast<std::size_t>(name.below) * odd);
    }
  };
  struct Equal {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      return left.below == right.below && std::string_view(left.text) == std::string_view(right.text);
    }
  };
  using Numbers = std::unordered_map<KeptName, std::int64_t, Hash, Equal>;
  template <class Insert>
  std::int64_t make(Numbers& known, Name name, std::int64_t found, const Insert& insert);
  std::int64_t find_system(std::string_view uri);
  std::int64_t make_system(std::string_view uri);
  std::int64_t find_in(Numbers& known, Name name, Statement& row);
  const std::string& text_of(std::unordered_map<std::int64_t, std::string>& known, std::int64_t number, Statement& row);

  Database& database_;
  Statement type_, type_name_, insert_type_;
  Statement parameter_, parameter_code_, insert_parameter_;
  Statement system_, system_uri_, insert_system_;
  Statement token_, token_row_, tokens_of_value_, insert_token_;
  Statement party_, party_name_, insert_party_;
  Statement audience_, audience_members_, insert_audience_, insert_audience_party_;
  Numbers types_, parameters_, systems_, tokens_, parties_, audiences_;
  std::unordered_map<std::int64_t, std::string> type_names_, codes_, uris_, party_names_;
  std::unordered_set<std::int64_t> new_tokens_;
  std::unordered_map<std::int64_t, Token> token_rows_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> members_;
};

/// The code of a parameter that all resources of a type have, with token 0: the index of the types that few resources have.
inline constexpr std::string_view type_parameter = "_type";

/// The party of a reader that sees all.
inline constexpr std::int64_t all_seeing = 0;
/// The party of store::every_organisation: each party with a number is a member of its audience.
inline constexpr std::int64_t every_party = -2;

}  // namespace vardbron::store
