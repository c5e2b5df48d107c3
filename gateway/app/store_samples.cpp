#include "gateway/app/store_samples.h"

#include "gateway/base/limits.h"
#include "gateway/formats/read.h"
#include "gateway/workbench/case.h"

#include <utility>

namespace vardbron::app {

store::Samples samples_of_maps(const std::filesystem::path& mappings, const std::vector<exchange::ChannelSetting>& channels,
                               const mapping::Library& library, const exchange::CaseRules& rules) {
  Result<exchange::Channels> open = exchange::Channels::open(channels, library);
  Result<std::vector<workbench::Case>> cases = workbench::find_cases({mappings});
  if (!open || !cases) return {};
  std::map<const mapping::Map*, std::vector<const workbench::Case*>> of_map;
  for (const workbench::Case& each : *cases) {
    const Result<const mapping::Map*> map = workbench::map_of(each, library, mappings);
    if (map && of_map[*map].size() < limits::samples_of_map_max) of_map[*map].push_back(&each);
  }
  std::vector<exchange::SampleMessage> messages;
  for (const exchange::ChannelSetting& channel : channels) {
    if (channel.map.empty()) continue;
    for (const workbench::Case* each : of_map[library.find(channel.map)]) {
      Result<std::string> body = workbench::text_of(each->input);
      const std::string file = each->input.string();
      if (body) messages.push_back({channel.name, std::string(formats::content_type_of(file)), *std::move(body)});
    }
  }
  store::Samples samples = exchange::samples_of(*open, messages, rules);
  for (const exchange::ChannelSetting& channel : channels)
    if (channel.map.empty()) samples.messages[channel.name] = samples.links;
  return samples;
}

}  // namespace vardbron::app
