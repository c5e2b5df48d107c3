#pragma once

#include "gateway/fhirpath/run/evaluation.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vardbron::fhirpath {

/// What tells that two values are not equal without comparing them.
struct Fingerprint {
  /// Values of different kinds may be equal whatever their hashes; those of one kind are only where their hashes are.
  enum class Kind : std::uint8_t { Plain, Quantity, UntypedText, Untyped };
  std::uint32_t hash = 0;
  Kind kind = Kind::Plain;

  bool may_equal(const Fingerprint& other) const { return kind != other.kind || hash == other.hash; }
};
Fingerprint fingerprint(Evaluation& run, const Value& value);

/// Finds values of a list by equality: it knows their fingerprints, in the order of the list.
class EqualityIndex {
 public:
  explicit EqualityIndex(Evaluation& run) : run_(run) {}
  EqualityIndex(const EqualityIndex&) = delete;
  ~EqualityIndex() { run_.give_back_bytes(bytes()); }

  void add(const Fingerprint& print);
  bool add(const Node& node, std::span<const Value> values);
  /// `values` are those that were added. False: the run failed.
  bool find(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print, bool& found);

 private:
  static constexpr std::size_t few = 16;  // so many are looked through one by one

  bool compare(const Node& node, const Value& value, const Value& wanted, bool& found);
  bool find_hashed(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print, bool& found);
  struct Entry {
    Fingerprint print;
    std::uint32_t next = 0;  // of those in one slot: its place + 1
  };

  void insert(const Fingerprint& print);
  void link(std::uint32_t place);
  std::size_t slot_of(std::uint32_t hash) const;
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t); }

  Evaluation& run_;
  std::size_t count_ = 0;
  std::array<Fingerprint, few> first_;
  std::vector<Entry> entries_;        // all of them, once there are more than a few
  std::vector<std::uint32_t> slots_;  // place + 1 of the first in each, by hash; a power of two, no fewer than the entries
  std::uint8_t kinds_ = 0;            // bit per kind that is there
};

/// Appends to a list what is not yet in it, by equality. Nothing else appends to the list meanwhile.
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
