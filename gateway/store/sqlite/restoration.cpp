#include "gateway/store/sqlite/restoration.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <string_view>

namespace vardbron::store {

namespace {

constexpr std::string_view name = "restored";

std::string stored_restorations(Database& database) {
  Statement stored = database.prepare("SELECT value FROM setting WHERE name=?");
  stored.query(name);
  return stored.next() ? stored.string(0) : std::string();
}

}  // namespace

// Lines of "<seal> <last seal handed out> <time>".
std::vector<Restoration> restorations(Database& database) {
  std::vector<Restoration> all;
  const std::string stored = stored_restorations(database);
  for (const std::string_view line : split(stored, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() != 3) continue;
    all.push_back({parse_int(words[0]).value_or(0), parse_int(words[1]).value_or(0), std::string(words[2])});
  }
  return all;
}

void note_restoration(Database& database, const Restoration& restoration) {
  const std::string all = stored_restorations(database) + std::to_string(restoration.seal) + ' ' +
                          std::to_string(restoration.handed_out) + ' ' + restoration.at + '\n';
  Statement keep = database.prepare("INSERT OR REPLACE INTO setting(name, value) VALUES(?, ?)");
  keep.run(name, std::string_view(all));
}

void remove_void_lines(const std::vector<Restoration>& restorations, std::vector<SealLine>& lines) {
  std::erase_if(lines, [&](const SealLine& line) {
    return std::any_of(restorations.begin(), restorations.end(),
                       [&](const Restoration& each) { return line.number > each.seal && line.number <= each.handed_out; });
  });
}

}  // namespace vardbron::store
