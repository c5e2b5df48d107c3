#pragma once

// Tested by tests/exchange/message_path_test.cpp and tests/exchange/map_registry_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/exchange/map_registry.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/formats/charset.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/run/fault.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::exchange {

/// Under this name the journal keeps what parties write; no channel may have it.
inline constexpr std::string_view task_channel = "task";

/// One way in, and the map that turns what comes there into the canonical notice.
struct ChannelSetting {
  std::string name;                              ///< POST /intake/{name}
  std::string map;                               ///< url of the map; "" = the body already is a canonical notice
  std::optional<formats::Charset> charset = {};  ///< what its senders of HL7 v2 or CSV really write
};

/// How the notice that a channel made of a message is checked.
struct Taking {
  /// Faults that its reader finds, each with its place in the notice; none = accepted. Empty = it is not checked.
  std::function<std::vector<Failure>(const tree::Document& notice)> read;
  std::vector<fhir::Issue>* faults = nullptr;  ///< receives all faults of the message, with places in it
};

/// Converts the bytes of one channel to a canonical notice. Reuses the memory of its runs: one per thread.
class Channel {
 public:
  /// NotFound: the library has no such map. `library` outlives the channel.
  static Result<Channel> open(const ChannelSetting& setting, const mapping::Library& library);

  /// The notice, with doubts for a person to check (care::mark_as_doubtful), or why there is none; `where` is line:column in the
  /// body, or a path.
  Result<tree::Document> to_notice(std::string_view content_type, std::string body, std::string_view sender, WallTime now,
                                   const Taking& taking = {});

 private:
  Channel(const mapping::Library& library, const mapping::Map* map, std::optional<formats::Charset> charset);
  struct Message;  // on its way
  Result<tree::Document> map(const Message& message, const Taking& taking);
  std::vector<fhir::Issue> check_values(tree::Document& notice) const;
  void tell_faults(const Message& message, const mapping::Faults& faults, const Taking& taking) const;

  const mapping::Library* library_;
  std::optional<mapping::Runner> runner_;
  const mapping::Map* map_ = nullptr;  // of the library; null = no map
  mapping::Marks marks_;               // of the last run
  fhir::TypeId model_;                 // the map's source type; 0 = the map names none
  std::optional<formats::Charset> charset_;
};

/// All channels of one thread.
class Channels {
 public:
  /// With maps that never change. `library` outlives the channels.
  static Result<Channels> open(const std::vector<ChannelSetting>& settings, const mapping::Library& library);
  /// With the maps that the registry has when a message begins. NotFound: a map is not in its current set.
  static Result<Channels> open(const std::vector<ChannelSetting>& settings, const MapRegistry& registry);
  /// Null when there is none of that name. Usable until find is called again.
  Channel* find(std::string_view name);
  /// Of the set that the last found channel maps with; "" with maps that never change.
  std::string_view digest() const { return set_ ? std::string_view(set_->digest) : std::string_view(); }

 private:
  using ByName = std::map<std::string, Channel, std::less<>>;
  static Result<ByName> open_all(const std::vector<ChannelSetting>& settings, const mapping::Library& library);
  void follow();

  std::vector<ChannelSetting> settings_;
  const MapRegistry* registry_ = nullptr;
  std::uint64_t turn_ = 0;
  std::shared_ptr<const MapSet> set_;  // kept for the channels that use it
  ByName by_name_;
};

}  // namespace vardbron::exchange
