#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace vardbron::store {

// Sizes in a write-ahead log with the store's page size. Source: SQLite's file format, section 4.1, "WAL File Format".
inline constexpr std::size_t log_head_bytes = 32, frame_head_bytes = 24;

/// A page in the log, as it was written to it.
struct LogFrame {
  std::array<unsigned char, 8>
      head{};             ///< the start of the frame: number of the page; in a commit's last frame also the file's size
  std::uint64_t sum = 0;  ///< page_sum() of the page

  /// From the first eight bytes of a frame's head, and the page after it.
  static LogFrame of(std::string_view head, std::string_view page);
  std::int64_t page() const;  ///< its number, from 1 on
  bool operator==(const LogFrame&) const = default;
};

/// The content of a store's write-ahead log: each frame as it was written, to compare reads with it. Shared by all connections of
/// one process, which is the only one that writes to the log. Any thread.
///
/// SQLite compares the checksums in a log only when it reads the log for the first time; later reads are not checked. Its
/// checksums do not suffice here: each continues from that of the frame before, so that two frames of an older log match each
/// other, they miss two flipped bits at certain distances, and pages that a transaction writes twice do not match theirs until it
/// commits. A sum that we put into a page when it is written would make SQLite's checksum of it wrong. Hence in memory: 16 bytes
/// for each frame, 256 KB for a log of 64 MB.
class LogSums {
 public:
  void put(std::int64_t frame, const LogFrame& what);  ///< frames are 1, 2, 3 ..
  void forget(std::int64_t first, std::int64_t last);
  void forget_all();
  /// None: it was neither written by a connection that shares this, nor read at the start.
  std::optional<LogFrame> find(std::int64_t frame) const;

 private:
  mutable std::mutex guard_;
  std::vector<LogFrame> frames_;  ///< page 0: unknown
};

}  // namespace vardbron::store
