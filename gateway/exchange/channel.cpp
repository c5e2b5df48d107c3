#include "gateway/exchange/channel.h"

#include "gateway/base/digest.h"
#include "gateway/base/text.h"
#include "gateway/care/chain/notice.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/fhir/check.h"
#include "gateway/fhir/trim_values.h"
#include "gateway/formats/read.h"
#include "gateway/mapping/run/reading.h"
#include "gateway/mapping/run/source.h"
#include "gateway/tree/path.h"

#include <algorithm>
#include <utility>

namespace vardbron::exchange {

namespace {

// Identity of a message for the ids that maps derive: sender and content, so that a replay gives the same ones.
std::string identity_of(std::string_view sender, std::string_view body) {
  return std::string(sender) + "|" + to_hex(sha256(body));
}

/// Names of elements are the sender's.
void mark_unread(const tree::Document& message, const tree::Marks& marks, tree::Document& notice) {
  const std::string says = mapping::says_unread(message, marks);
  if (!says.empty()) care::mark_as_doubtful(notice, says);
}

/// A doubt about an element that the map did not read is not reported: the notice does not depend on it.
void mark_doubts(const tree::Notes& notes, const tree::Document& message, const tree::Marks& marks, tree::Document& notice) {
  const bool has_doubts = std::any_of(notes.begin(), notes.end(), [](const tree::Note& note) { return note.is_doubt; });
  if (!has_doubts) return;
  const std::vector<bool> is_read = mapping::nodes_read(message, marks);
  for (const tree::Note& note : notes) {
    if (note.is_doubt && is_read[note.node]) care::mark_as_doubtful(notice, note.says);
  }
}

/// The first unreadable value that the map used; null when there is none.
const tree::Note* unreadable_value(const tree::Notes& notes, const tree::Document& message, const tree::Marks& marks) {
  const bool has_faults = std::any_of(notes.begin(), notes.end(), [](const tree::Note& note) { return note.is_fault; });
  if (!has_faults) return nullptr;
  const std::vector<bool> is_read = mapping::nodes_read(message, marks);
  const auto found =
      std::find_if(notes.begin(), notes.end(), [&](const tree::Note& note) { return note.is_fault && is_read[note.node]; });
  return found == notes.end() ? nullptr : &*found;
}

/// Lines of CSV that cannot be read, each as a fault of its own.
void tell_reading_faults(const tree::Notes& notes, std::vector<fhir::Issue>& faults) {
  for (const tree::Note& note : notes) {
    if (note.is_fault) faults.push_back({fhir::Severity::Error, "value", note.says, ""});
  }
}

/// What is wrong with a whole message, without quoting it: operators may read it too.
void tell_unreadable(const Failure& refused, const Taking& taking) {
  const bool is_of_message = refused.cause == Cause::Invalid || refused.cause == Cause::Unsupported;
  if (!is_of_message || taking.faults == nullptr || !taking.faults->empty()) return;
  taking.faults->push_back({fhir::Severity::Error, "processing", refused.says, refused.where});
}

/// The name in the refusal is FHIR's or a model's, not the sender's.
bool is_of_known_type(tree::Item message, const fhir::Definitions& definitions) {
  const tree::Item member = message.child("resourceType");
  return definitions.find_type(member ? member.text() : message.name_text()) != 0;
}

std::vector<fhir::Issue> issues_of(const std::vector<Failure>& refused) {
  std::vector<fhir::Issue> issues;
  for (const Failure& each : refused) issues.push_back({fhir::Severity::Error, "business-rule", each.says, each.where});
  return issues;
}

/// A notice that was sent as one has its sender's own paths.
std::vector<fhir::Issue> with_lines(std::vector<fhir::Issue> issues, const tree::Document& notice) {
  for (fhir::Issue& issue : issues) {
    const tree::NodeId node = tree::find(notice, issue.where);
    if (node == tree::no_node || node == 0) continue;
    const tree::Position at = notice.position(node);
    if (at.line != 0) issue.says = "Line " + std::to_string(at.line) + ": " + issue.says;
    if (notice.has_value(node)) issue.says += " " + mapping::reported_shape(notice.text(node));
  }
  return issues;
}

}  // namespace

struct Channel::Message {
  const tree::Document& document;
  const tree::Notes& notes;
  const mapping::Environment& environment;
  const Stockholm& zone;
};

Channel::Channel(const mapping::Library& library, const mapping::Map* map, std::optional<formats::Charset> charset)
    : library_(&library), map_(map), model_(0), charset_(charset) {
  if (map == nullptr) return;
  runner_.emplace(*map);
  const std::vector<fhir::TypeId> types = map->source_types();
  if (!types.empty()) model_ = types.front();
}

Result<Channel> Channel::open(const ChannelSetting& setting, const mapping::Library& library) {
  if (setting.map.empty()) return Channel(library, nullptr, setting.charset);
  const mapping::Map* map = library.find(setting.map);
  if (!map) {
    std::vector<std::string_view> known;
    for (const mapping::Map* each : library.maps()) known.insert(known.end(), {each->url(), each->name()});
    const std::string_view meant = nearest(setting.map, known);
    std::string says = "Channel \"" + setting.name + "\" asks for a map that no file in the mappings folder defines";
    says += meant.empty() ? "." : "; did you mean '" + std::string(meant) + "'?";
    return Failure{Cause::NotFound, std::move(says), setting.map};
  }
  return Channel(library, map, setting.charset);
}

Result<tree::Document> Channel::to_notice(std::string_view content_type, std::string body, std::string_view sender, WallTime now,
                                          const Taking& taking) {
  if (Result<void> fits = formats::check_content_type(content_type, body); !fits) {
    tell_unreadable(fits.failure(), taking);
    return std::move(fits).failure();
  }
  const std::string identity = runner_ ? identity_of(sender, body) : "";
  tree::Notes notes;
  bool is_ill_formed = false;
  Result<tree::Document> document =
      mapping::read_source(content_type, std::move(body), library_->definitions(), {model_, &notes, charset_, &is_ill_formed});
  if (!document) {
    if (taking.faults != nullptr) tell_reading_faults(notes, *taking.faults);
    if (is_ill_formed) tell_unreadable(document.failure(), taking);
    return document;
  }
  const Stockholm zone;
  mapping::Environment environment;
  environment.zone = &zone;
  environment.identity = identity;
  environment.now = now;
  environment.marks = &marks_;
  const Message message{*document, notes, environment, zone};
  if (runner_) return map(message, taking);
  const std::vector<fhir::Issue> issues = check_values(*document);
  std::vector<Failure> refused;
  if (issues.empty() && taking.read) refused = taking.read(*document);
  if (issues.empty() && refused.empty()) return document;
  if (taking.faults != nullptr) *taking.faults = with_lines(refused.empty() ? issues : issues_of(refused), *document);
  return refused.empty() ? fhir::failure_of(issues) : std::move(refused.front());
}

// A message that its map refuses is checked to its end, values included, so that its sender can correct everything at once.
Result<tree::Document> Channel::map(const Message& message, const Taking& taking) {
  const tree::Item root = tree::root(message.document);
  mapping::Faults faults;
  mapping::Environment environment = message.environment;
  environment.faults = &faults;
  tree::Document notice(library_->definitions().names());
  Result<void> mapped = runner_->run({&root, 1}, environment, notice);
  if (!mapped && (faults.empty() || mapped.failure().cause != Cause::Invalid)) {
    const bool is_misfit = is_of_known_type(root, library_->definitions()) &&
                           mapped.failure().says == mapping::misfit(root, model_, library_->definitions());
    if (is_misfit) tell_unreadable(mapped.failure(), taking);
    return std::move(mapped).failure();
  }
  std::vector<fhir::Issue> issues = check_values(notice);
  if (!mapped) mapping::keep_values_only(issues);
  Result<void> refused = mapped && !issues.empty() ? fhir::failure_of(issues) : std::move(mapped);
  if (refused) {
    mark_doubts(message.notes, message.document, marks_.source, notice);
    mark_unread(message.document, marks_.source, notice);
    if (message.zone.has_guessed()) care::mark_as_ambiguous(notice);
    std::vector<Failure> unread = taking.read ? taking.read(notice) : std::vector<Failure>();
    const tree::Note* unreadable = unreadable_value(message.notes, message.document, marks_.source);
    if (unreadable == nullptr && unread.empty()) return notice;
    // What the notice lacks may be a value that could not be read.
    if (unreadable != nullptr)
      std::erase_if(unread, [&](const Failure& each) { return tree::find(notice, each.where) == tree::no_node; });
    issues = issues_of(unread);
    refused = unreadable == nullptr
                  ? unread.front()
                  : Failure{Cause::Invalid, unreadable->says, tree::path_of(message.document, unreadable->node)};
  }
  if (taking.faults != nullptr) {
    mapping::add_output_faults(issues, *map_, root, message.environment, faults);
    tell_faults(message, faults, taking);
  }
  return std::move(refused).failure();
}

// Doubts alone do not refuse a message; a refused one reports them too, so that its sender corrects both. An unreadable value is
// reported once.
void Channel::tell_faults(const Message& message, const mapping::Faults& faults, const Taking& taking) const {
  for (mapping::PlacedFault& fault : mapping::placed(faults, message.document)) taking.faults->push_back(std::move(fault.issue));
  const std::vector<bool> is_read = mapping::nodes_read(message.document, marks_.source);
  for (const tree::Note& note : message.notes) {
    if (!note.is_doubt || !is_read[note.node]) continue;
    const auto is_covered = [&](const mapping::Fault& fault) { return fault.is_of_value && fault.node == note.node; };
    if (note.is_fault && std::any_of(faults.all().begin(), faults.all().end(), is_covered)) continue;
    const std::string where = note.node == 0 ? "" : tree::path_of(message.document, note.node);
    const fhir::Severity severity = note.is_fault ? fhir::Severity::Error : fhir::Severity::Warning;
    taking.faults->push_back({severity, note.is_fault ? "value" : "business-rule", note.says, where});
  }
}

// Applies to every map: an invalid FHIR value is refused, neither dropped nor converted. Blanks around a value are not part of
// it.
std::vector<fhir::Issue> Channel::check_values(tree::Document& notice) const {
  if (fhir::resource_type(library_->definitions(), tree::root(notice)) == 0) return {};  // the reader of the notice says why
  fhir::trim_values(notice, library_->definitions());
  return fhir::value_issues(notice, library_->definitions());
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

Result<Channels> Channels::open(const std::vector<ChannelSetting>& settings, const MapRegistry& registry) {
  const std::uint64_t turn = registry.turn();
  std::shared_ptr<const MapSet> set = registry.current();
  Result<ByName> opened = open_all(settings, *set->library);
  if (!opened) return std::move(opened).failure();
  Channels channels;
  channels.settings_ = settings;
  channels.registry_ = &registry;
  channels.turn_ = turn;
  channels.set_ = std::move(set);
  channels.by_name_ = std::move(*opened);
  return channels;
}

Channel* Channels::find(std::string_view name) {
  if (registry_ != nullptr && registry_->turn() != turn_) follow();
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

// A set was tried with these channels before it was put into the registry; if it fails here nevertheless, the old maps remain in
// use.
void Channels::follow() {
  turn_ = registry_->turn();
  std::shared_ptr<const MapSet> set = registry_->current();
  Result<ByName> opened = open_all(settings_, *set->library);
  if (!opened) return;
  by_name_ = std::move(*opened);
  set_ = std::move(set);
}

}  // namespace vardbron::exchange
