#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/chain/link.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::care {

/// One link, with corrections and cancellations applied.
struct ChainEntry {
  const Notice* notice = nullptr;  ///< null for a write
  const Write* write = nullptr;
  std::string identity;     ///< "system|value", or Write::identity
  std::string root;         ///< identity of the first version; its own when it corrects nothing
  std::size_t arrival = 0;  ///< index into the chain
  WallTime at{};            ///< its place in the chain
  LinkStatus link_status =
      LinkStatus::Effective;       ///< Replaced, Nullified, Withheld are set by arrange(); fold() may change Effective
  std::size_t target = no_target;  ///< of a cancellation or a receipt: index of the link it is about
  static constexpr std::size_t no_target = static_cast<std::size_t>(-1);
};

struct Arranged {
  std::vector<ChainEntry> links;  ///< in event order
  std::vector<Finding> findings;
};

/// Orders a chain by event time with a fixed tie-break, and applies corrections and cancellations:
///  * a correction takes the place of what it corrects; the last one made counts;
///  * a cancellation removes the event in all its versions, unless it is cancelled itself;
///  * both only from the originator of the event, and a correction may not change the patient;
///  * a link that occurs twice counts once;
///  * a consent that by its sender happened later than it was taken was given before the withdrawals that were taken after it.
/// The result depends on the set of links only. It points into the chain.
Arranged arrange(const Chain& chain);

/// The entry of the last link of a chain whose other links are arranged already, in that order. Nothing if it goes before one of
/// them, corrects or cancels one, or is what one of them is about: then all are to be arranged again.
std::optional<ChainEntry> entry_after(const std::vector<ChainEntry>& links, const Chain& chain);

/// Is it later than the other in event order?
bool is_after(const ChainEntry& link, const ChainEntry& other);

/// The chain is at another address now: the entries point into it.
void point_into(const Chain& chain, std::vector<ChainEntry>& links);

/// "system|value"
std::string name_of(const Identity& identity);
bool contains(const std::vector<Identity>& numbers, const Identity& one);

/// Event order: time, then the rank of the event (a party's write last), then identity. Targets follow their links.
void put_in_order(std::vector<ChainEntry>& links);

/// May `by` correct or cancel what `originator` sent? The same organisation, another unit of the same body, or - for identifiers
/// without an organisation number - one of the same register.
bool speaks_for(const Party& by, const Party& originator);

/// Do both name the same person? No if their numbers in one register differ.
bool may_be_same_person(const Person& one, const Person& other);

}  // namespace vardbron::care
