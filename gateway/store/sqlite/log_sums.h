#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace vardbron::store {

// Of a write-ahead log whose pages are the store's. Source: SQLite's file format, section 4.1, "WAL File Format".
inline constexpr std::size_t log_head_bytes = 32, frame_head_bytes = 24;

/// A page in the log, as it was handed to it.
struct LogFrame {
  std::array<unsigned char, 8> head{};  ///< as the frame begins: number of the page; of a commit's last frame the file's size too
  std::uint64_t sum = 0;                ///< page_sum() of the page

  /// Of the first eight bytes of a frame's head, and the page behind it.
  static LogFrame of(std::string_view head, std::string_view page);
  std::int64_t page() const;  ///< its number, from 1 on
  bool operator==(const LogFrame&) const = default;
};

/// What a store's write-ahead log holds: each frame as it was written, so that what is read can be compared. Shared by all
/// connections of one process, which is the only one that writes to the log. Any thread.
///
/// SQLite compares the checksums that it puts into a log only when it reads the log for the first time; whatever is read of it
/// later is believed. They are no help to us: each goes on from the one of the frame before, so that two frames of an older log
/// fit each other, they miss two flipped bits at certain distances, and pages that a transaction writes twice do not fit theirs
/// until it commits. And what we put into a page when it is written would make SQLite's checksum of it wrong. Hence in memory:
/// 16 bytes for each frame, 256 KB for a log of 64 MB.
class LogSums {
 public:
  void put(std::int64_t frame, const LogFrame& what);  ///< frames are 1, 2, 3 ..
  void forget(std::int64_t first, std::int64_t last);
  void forget_all();
  /// None: it was not written by a connection that shares this, nor read when the log was.
  std::optional<LogFrame> find(std::int64_t frame) const;

 private:
  mutable std::mutex guard_;
  std::vector<LogFrame> frames_;  ///< page 0: not known
};

}  // namespace vardbron::store
