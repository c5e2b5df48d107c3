#include "gateway/authoring/watch.h"

#include <poll.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

constexpr int pause_ms = 200;

void pause() { ::poll(nullptr, 0, pause_ms); }

}  // namespace

Watch::Watch(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)), known_(read()) {}

std::vector<std::filesystem::path> Watch::look() {
  Stamps now = read();
  std::vector<fs::path> changed;
  for (const auto& [file, stamp] : now) {
    auto before = known_.find(file);
    if (before == known_.end() || before->second != stamp) changed.push_back(file);
  }
  for (const auto& [file, stamp] : known_) {
    if (!now.contains(file)) changed.push_back(file);
  }
  known_ = std::move(now);
  return changed;
}

std::vector<std::filesystem::path> Watch::wait() {
  std::vector<fs::path> all;
  for (;;) {
    pause();
    const std::vector<fs::path> more = look();
    if (more.empty() && !all.empty()) return all;
    for (const fs::path& each : more) {
      if (std::find(all.begin(), all.end(), each) == all.end()) all.push_back(each);
    }
  }
}

Watch::Stamps Watch::read() const {
  Stamps stamps;
  std::error_code error;
  for (const fs::path& folder : folders_) {
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_regular_file(error)) continue;
      stamps[at->path().lexically_normal()] = Stamp{at->last_write_time(error), at->file_size(error)};
    }
  }
  return stamps;
}

}  // namespace vardbron::authoring
