#include "gateway/store/sqlite/log_damage.h"

#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/page_sum.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::uint32_t magic = 0x377f0682;  // with its last bit set, checksums are of big-endian words
constexpr std::uint32_t page_bytes_max = 65536;

std::uint32_t big_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

std::uint32_t little_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[3]} << 24 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[0]};
}

struct Checksum {
  std::uint32_t first = 0, second = 0;
  bool operator==(const Checksum&) const = default;

  void add(const unsigned char* bytes, std::size_t count, bool is_big) {
    auto* word = is_big ? big_endian : little_endian;
    for (std::size_t at = 0; at + 8 <= count; at += 8) {
      first += word(bytes + at) + second;
      second += word(bytes + at + 4) + first;
    }
  }
};

Checksum checksum_at(const unsigned char* bytes) { return {big_endian(bytes), big_endian(bytes + 4)}; }

struct Salts {
  std::uint32_t first = 0, second = 0;
  bool operator==(const Salts&) const = default;
};

Salts salts_at(const unsigned char* bytes) { return {big_endian(bytes), big_endian(bytes + 4)}; }

/// Reads frames of the size that the header names.
class Log {
 public:
  explicit Log(const std::filesystem::path& file) : in_(file, std::ios::binary) {
    in_.read(reinterpret_cast<char*>(header_.data()), log_head_bytes);
    has_header_ = in_.gcount() == static_cast<std::streamsize>(log_head_bytes);
  }
  /// An invalid page size makes the frames unreadable; ours is the only one that this program writes.
  std::size_t page_bytes() const {
    const std::uint32_t stored = big_endian(&header_[8]);
    const bool is_size = stored >= 512 && stored <= page_bytes_max && (stored & (stored - 1)) == 0;
    return is_header_good() && is_size ? stored : store::page_bytes;
  }
  bool has_header() const { return has_header_; }
  bool is_big() const { return (big_endian(header_.data()) & 1u) != 0; }
  bool is_header_good() const {
    Checksum sum;
    sum.add(header_.data(), 24, is_big());
    return (big_endian(header_.data()) & ~1u) == magic && sum == checksum_at(&header_[24]);
  }
  Salts salts() const { return salts_at(&header_[16]); }
  Checksum checksum() const { return checksum_at(&header_[24]); }
  bool next(std::vector<unsigned char>& frame) {
    in_.read(reinterpret_cast<char*>(frame.data()), static_cast<std::streamsize>(frame.size()));
    return in_.gcount() == static_cast<std::streamsize>(frame.size());
  }

 private:
  std::ifstream in_;
  std::array<unsigned char, log_head_bytes> header_{};
  bool has_header_ = false;
};

/// Of a frame of the size that ours have.
LogFrame frame_of(const std::vector<unsigned char>& frame) {
  const std::string_view bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
  return LogFrame::of(bytes, bytes.substr(frame_head_bytes));
}

/// The last frame of a commit has the size of the database after it, in pages. A frame whose first sector did not reach the disk
/// has anything there.
bool is_commit(const std::vector<unsigned char>& frame, std::uint64_t pages_max) {
  const std::uint32_t page = big_endian(frame.data()), pages = big_endian(&frame[4]);
  return page != 0 && page <= pages && pages <= pages_max;
}

/// No commit makes the database larger than it is with all frames of the log.
std::uint64_t pages_max(const std::filesystem::path& log, std::size_t page_bytes) {
  std::string database = log.native();
  database.resize(database.size() - std::min(database.size(), std::string_view("-wal").size()));
  std::uint64_t bytes = 0;
  for (const std::filesystem::path& each : {std::filesystem::path(database), log}) {
    std::error_code none;
    const std::uintmax_t size = std::filesystem::file_size(each, none);
    if (!none) bytes += size;
  }
  return bytes / page_bytes + 1;
}

}  // namespace

std::string LogDamage::says() const {
  const std::string place = frame == 0 ? "its header" : "frame " + std::to_string(frame);
  return "The store's log (vardbron.db-wal) is damaged at " + place + ": " + std::to_string(commits) +
         " commits behind it were acknowledged and cannot be read.";
}

std::optional<LogDamage> find_log_damage(const std::filesystem::path& file, LogSums* sums) {
  if (sums != nullptr) sums->forget_all();
  Log log(file);
  if (!log.has_header()) return std::nullopt;
  std::vector<unsigned char> frame(frame_head_bytes + log.page_bytes());
  Salts salts = log.salts();
  Checksum sum = log.checksum();
  bool fits = log.is_header_good();
  const bool has_good_header = fits;
  LogDamage damage;
  const std::uint64_t most = pages_max(file, log.page_bytes());
  for (std::int64_t number = 1; log.next(frame); ++number) {
    if (!has_good_header && number == 1) salts = salts_at(&frame[8]);
    const bool is_ours = salts_at(&frame[8]) == salts;
    if (fits) {
      sum.add(frame.data(), 8, log.is_big());
      sum.add(&frame[frame_head_bytes], frame.size() - frame_head_bytes, log.is_big());
      fits = is_ours && sum == checksum_at(&frame[16]);
      if (!fits) damage.frame = number;
      if (fits && sums != nullptr && frame.size() == frame_head_bytes + page_bytes) sums->put(number, frame_of(frame));
    }
    if (!fits && is_ours && is_commit(frame, most)) ++damage.commits;
  }
  if (damage.commits < 2) return std::nullopt;
  return damage;
}

}  // namespace vardbron::store
