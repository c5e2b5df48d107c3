#pragma once

// Tested by tests/fhirpath/distinct_test.cpp and tests/fhirpath/values_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vardbron::fhirpath {

/// Shows that two values are not equal without comparing them.
struct Fingerprint {
  /// Values of different kinds may be equal whatever their hashes; those of one kind only if their hashes are equal.
  enum class Kind : std::uint8_t { Plain, Quantity, UntypedText, Untyped };
  std::uint32_t hash = 0;
  Kind kind = Kind::Plain;

  bool may_equal(const Fingerprint& other) const { return kind != other.kind || hash == other.hash; }
};
Fingerprint fingerprint(Evaluation& run, const Value& value);

/// Finds values of a list by equality, with their fingerprints in the order of the list.
class EqualityIndex {
 public:
  explicit EqualityIndex(Evaluation& run) : run_(run) {}
  EqualityIndex(const EqualityIndex&) = delete;
  ~EqualityIndex() { run_.give_back_bytes(bytes()); }

  /// So many more are about to be added, or fewer.
  void expect(std::size_t more) { expected_ = count_ + more; }
  void add(const Fingerprint& print);
  bool add(const Node& node, std::span<const Value> values);
  /// `values` are those added. False: the run failed.
  bool find(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print, bool& found);

 private:
  static constexpr std::size_t few = 16;  // up to this number the search is linear

  bool compare(const Node& node, const Value& value, const Value& wanted, bool& found);
  bool find_hashed(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print, bool& found);
  struct Entry {
    Fingerprint print;
    std::uint32_t next = 0;  // next in the same slot: index + 1
  };

  void begin_hashing();
  void insert(const Fingerprint& print);
  void link(std::uint32_t place);
  std::size_t slot_of(std::uint32_t hash) const;
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t); }

  Evaluation& run_;
  std::size_t count_ = 0, expected_ = 0;
  std::array<Fingerprint, few> first_;
  std::vector<Entry> entries_;        // all of them, if there are more than `few`
  std::vector<std::uint32_t> slots_;  // by hash: index + 1 of the first entry; a power of two, no fewer than the entries
  std::uint8_t kinds_ = 0;            // bit per kind that occurs
};

/// Appends to a list the values that it does not contain, by equality. Nothing else may append to the list meanwhile.
class Distinct {
 public:
  Distinct(Evaluation& run, List& out) : run_(run), out_(out), first_(out.size), index_(run) {}
  bool append(const Node& node, std::span<const Value> values);

 private:
  Evaluation& run_;
  List& out_;
  std::uint32_t first_;
  EqualityIndex index_;
};
bool append_distinct(Evaluation& run, const Node& node, std::span<const Value> values, List& out);

}  // namespace vardbron::fhirpath
