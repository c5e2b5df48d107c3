#include "tests/system/store/crash_record.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::size_t sector_bytes = 512;

using Kind = FileCall::Kind;

/// A file that may not be there.
using Content = std::optional<std::string>;

void put(Content& content, std::size_t at, std::string_view bytes, Random* garbage) {
  if (!content) content.emplace();
  while (content->size() < at) content->push_back(garbage != nullptr ? static_cast<char>(garbage->next()) : '\0');
  if (content->size() < at + bytes.size()) content->resize(at + bytes.size());
  content->replace(at, bytes.size(), bytes);
}

void cut(Content& content, std::size_t size) {
  if (content && content->size() > size) content->resize(size);
}

/// Some of the sectors that a write touches.
template <class Wanted>
void put_sectors(Content& content, std::size_t at, std::string_view bytes, Random* garbage, Wanted wanted) {
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t room = sector_bytes - (at + done) % sector_bytes;
    const std::string_view piece = bytes.substr(done, room);
    if (wanted()) put(content, at + done, piece, garbage);
    done += piece.size();
  }
}

}  // namespace

FileAnswer CrashRecord::note(const FileCall& call) {
  const std::string name(call.file);
  // The system's files sync the folder with the first sync of a log or journal they have opened: what was removed before is gone.
  if (call.kind == Kind::Open && (name.ends_with("-wal") || name.ends_with("-journal"))) opened_.insert(name);
  if (call.kind == Kind::Write || call.kind == Kind::Truncate || call.kind == Kind::Sync || call.kind == Kind::Delete) {
    const bool is_of_folder = call.kind == Kind::Sync && opened_.erase(name) > 0;
    calls_.push_back({call.kind, name, static_cast<std::size_t>(call.at), std::string(call.bytes), is_of_folder});
  }
  return {};
}

std::map<std::string, std::string> CrashRecord::files(std::size_t calls, Unsynced way, Random& random) const {
  std::map<std::string, std::size_t> synced;  // calls of a file before this one are on the disk
  std::size_t removed = 0;                    // and removals before this one
  for (std::size_t at = 0; at < calls; ++at) {
    if (calls_[at].kind == Kind::Sync) synced[calls_[at].file] = at;
    if (calls_[at].is_of_folder) removed = at;
  }
  const std::uint64_t chance = random.below(10);  // of ten sectors, or calls
  const std::size_t last = random.below(calls + 1);
  Random* garbage = way == Unsynced::Garbage ? &random : nullptr;
  std::map<std::string, Content> disk(found_.begin(), found_.end());
  for (std::size_t at = 0; at < calls; ++at) {
    const Call& call = calls_[at];
    Content& content = disk[call.file];
    const auto sync = synced.find(call.file);
    const bool is_safe = (sync != synced.end() && at < sync->second) || (call.kind == Kind::Delete && at < removed);
    const bool by_sector = way == Unsynced::Sectors || way == Unsynced::Garbage || (way == Unsynced::InOrder && at == last);
    const bool comes = is_safe || way == Unsynced::All || by_sector || (way == Unsynced::InOrder && at < last) ||
                       (way == Unsynced::Calls && random.below(10) < chance);
    if (!comes) continue;
    if (call.kind == Kind::Write && (is_safe || !by_sector)) put(content, call.at, call.bytes, nullptr);
    if (call.kind == Kind::Write && !is_safe && by_sector)
      put_sectors(content, call.at, call.bytes, garbage, [&] { return random.below(10) < chance; });
    if (call.kind == Kind::Truncate && (is_safe || !by_sector || random.below(10) < chance)) cut(content, call.at);
    if (call.kind == Kind::Delete && (is_safe || !by_sector || random.below(10) < chance)) content.reset();
  }
  std::map<std::string, std::string> files;
  for (auto& [name, content] : disk) {
    if (content) files.emplace(name, *std::move(content));
  }
  return files;
}

}  // namespace vardbron::store
