#pragma once

// Tested by tests/system/store/sqlite/dictionaries_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/samples.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace vardbron::store {

class Database;

/// Number of the first dictionary: zstd keeps those before it for dictionaries that the world shares (RFC 8878, 5).
inline constexpr std::int64_t first_dictionary = 32'768;

/// What dictionaries are named after: the kind of body.
inline constexpr std::string_view link_bodies = "link", change_bodies = "change", receipt_bodies = "receipt";
std::string bodies_of_channel(std::string_view channel);

/// A zstd dictionary (RFC 8878, 5) of that number with what the samples have in common; "" if they are too few or too short.
/// Equal samples give equal bytes.
std::string make_dictionary(const std::vector<std::string>& samples, std::int64_t number);

/// The store's zstd dictionaries, rows of its table `dictionary`. Rows are added and never changed, since a body can only be
/// restored with the dictionary it was compressed with; each frame names its number. Filled by one thread, then read by any.
class Dictionaries {
 public:
  Dictionaries();
  ~Dictionaries();
  Dictionaries(const Dictionaries&) = delete;

  /// All rows of a file; none if it has no such table. Rows that are no dictionaries are left out, so that the bodies that need
  /// them cannot be restored. Reading failures go to the database's health.
  void read(Database& database);
  /// In a transaction of the writing connection: a row for each kind of body whose newest dictionary is not made from these
  /// samples. At most limits::store_dictionaries_max rows; then the newest ones are kept.
  void add(Database& database, const Samples& samples);
  /// Whether add() would add a row.
  bool lacks(const Samples& samples) const;

  /// The newest of that kind of body; nullptr: none.
  const ZSTD_CDict_s* to_compress(std::string_view kind) const;
  const ZSTD_DDict_s* to_restore(std::int64_t number) const;

 private:
  struct Dictionary;
  using Wanted = std::vector<std::pair<std::string, const std::vector<std::string>*>>;  // kinds of bodies that lack a dictionary
  Wanted wanted(const Samples& samples) const;
  bool put(std::int64_t number, std::string name, std::string bytes);

  std::map<std::int64_t, std::unique_ptr<Dictionary>> by_number_;
  std::map<std::string, const Dictionary*, std::less<>> newest_;
};

/// "" if the bytes are a dictionary of that number, else what is wrong with them.
std::string dictionary_fault(std::int64_t number, std::string_view bytes);

}  // namespace vardbron::store
