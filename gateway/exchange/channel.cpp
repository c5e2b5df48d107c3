#include "gateway/exchange/channel.h"

#include "gateway/base/digest.h"
#include "gateway/base/text.h"
#include "gateway/care/notice.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/fhir/check.h"
#include "gateway/fhir/trim_values.h"
#include "gateway/mapping/reading.h"
#include "gateway/mapping/source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::exchange {

namespace {

// What makes a message this message when the map asks for ids: sender and content, so that a replay gives the same ones.
std::string identity_of(std::string_view sender, std::string_view body) {
  return std::string(sender) + "|" + to_hex(sha256(body));
}

/// Elements are named by their sender.
void mark_unread(const tree::Document& message, const tree::Marks& marks, tree::Document& notice) {
  const std::string says = mapping::says_unread(message, marks);
  if (!says.empty()) care::mark_as_doubtful(notice, says);
}

/// What the map did not read is no matter for a person: the notice does not stand on it.
void mark_doubts(const tree::Notes& notes, const tree::Document& message, const tree::Marks& marks, tree::Document& notice) {
  const bool has_doubts = std::any_of(notes.begin(), notes.end(), [](const tree::Note& note) { return note.is_doubt; });
  if (!has_doubts) return;
  const std::vector<bool> is_read = mapping::nodes_read(message, marks);
  for (const tree::Note& note : notes) {
    if (note.is_doubt && is_read[note.node]) care::mark_as_doubtful(notice, note.says);
  }
}

}  // namespace

Channel::Channel(const mapping::Library& library, std::optional<mapping::Runner> runner, fhir::TypeId model,
                 std::optional<formats::Charset> charset)
    : library_(&library), runner_(std::move(runner)), model_(model), charset_(charset) {}

Result<Channel> Channel::open(const ChannelSetting& setting, const mapping::Library& library) {
  if (setting.map.empty()) return Channel(library, std::nullopt, 0, setting.charset);
  const mapping::Map* map = library.find(setting.map);
  if (!map) {
    std::vector<std::string_view> known;
    for (const mapping::Map* each : library.maps()) known.insert(known.end(), {each->url(), each->name()});
    const std::string_view meant = nearest(setting.map, known);
    std::string says = "Channel \"" + setting.name + "\" asks for a map that no file in the mappings folder defines";
    says += meant.empty() ? "." : "; did you mean '" + std::string(meant) + "'?";
    return Failure{Cause::NotFound, std::move(says), setting.map};
  }
  const std::vector<fhir::TypeId> types = map->source_types();
  return Channel(library, mapping::Runner(*map), types.empty() ? 0 : types.front(), setting.charset);
}

Result<tree::Document> Channel::to_notice(std::string_view content_type, std::string body, std::string_view sender,
                                          WallTime now) {
  const std::string identity = runner_ ? identity_of(sender, body) : "";
  tree::Notes notes;
  Result<tree::Document> document =
      mapping::read_source(content_type, std::move(body), library_->definitions(), {model_, &notes, charset_});
  if (!document || !runner_) return checked(std::move(document));
  const Stockholm zone;
  mapping::Environment environment;
  environment.zone = &zone;
  environment.identity = identity;
  environment.now = now;
  environment.marks = &marks_;
  const std::array<tree::Item, 1> sources{tree::root(*document)};
  tree::Document notice(library_->definitions().names());
  Result<void> mapped = runner_->run(sources, environment, notice);
  if (!mapped) return std::move(mapped).failure();
  mark_doubts(notes, *document, marks_.source, notice);
  mark_unread(*document, marks_.source, notice);
  if (zone.has_guessed()) care::mark_as_ambiguous(notice);
  return checked(std::move(notice));
}

// Any map is held to it: what is no value of FHIR goes no further, neither dropped nor made into another. Blanks around a value
// are no part of it.
Result<tree::Document> Channel::checked(Result<tree::Document> notice) const {
  if (!notice || fhir::resource_type(library_->definitions(), tree::root(*notice)) == 0) return notice;  // read_notice says why
  fhir::trim_values(*notice, library_->definitions());
  Result<void> held = fhir::check_values(*notice, library_->definitions());
  if (!held) return std::move(held).failure();
  return notice;
}

Result<Channels::ByName> Channels::open_all(const std::vector<ChannelSetting>& settings, const mapping::Library& library) {
  ByName by_name;
  for (const ChannelSetting& setting : settings) {
    if (setting.name == task_channel) {
      return Failure{Cause::Invalid,
                     "A channel cannot be named \"" + setting.name + "\": the journal keeps changes of Tasks under it.", ""};
    }
    Result<Channel> channel = Channel::open(setting, library);
    if (!channel) return std::move(channel).failure();
    if (!by_name.emplace(setting.name, std::move(*channel)).second) {
      return Failure{Cause::Invalid, "Two channels are named \"" + setting.name + "\".", ""};
    }
  }
  return by_name;
}

Result<Channels> Channels::open(const std::vector<ChannelSetting>& settings, const mapping::Library& library) {
  Result<ByName> opened = open_all(settings, library);
  if (!opened) return std::move(opened).failure();
  Channels channels;
  channels.by_name_ = std::move(*opened);
  return channels;
}

Result<Channels> Channels::open(const std::vector<ChannelSetting>& settings, const MapShelf& shelf) {
  const std::uint64_t turn = shelf.turn();
  std::shared_ptr<const MapSet> set = shelf.current();
  Result<ByName> opened = open_all(settings, *set->library);
  if (!opened) return std::move(opened).failure();
  Channels channels;
  channels.settings_ = settings;
  channels.shelf_ = &shelf;
  channels.turn_ = turn;
  channels.set_ = std::move(set);
  channels.by_name_ = std::move(*opened);
  return channels;
}

Channel* Channels::find(std::string_view name) {
  if (shelf_ != nullptr && shelf_->turn() != turn_) follow();
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

// Whoever puts a set on the shelf has opened these channels with it before; should it not work all the same, the old maps go on.
void Channels::follow() {
  turn_ = shelf_->turn();
  std::shared_ptr<const MapSet> set = shelf_->current();
  Result<ByName> opened = open_all(settings_, *set->library);
  if (!opened) return;
  by_name_ = std::move(*opened);
  set_ = std::move(set);
}

}  // namespace vardbron::exchange
