#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/dictionaries.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// Texts without line ends as one text, and back: organisations, references.
std::string join_lines(const std::vector<std::string>& texts);
std::vector<std::string> split_lines(std::string_view text);

/// One version in the row of the change that wrote it.
struct VersionHead {
  std::int64_t resource = 0;  ///< its number
  std::int64_t version = 0;
  std::int64_t type = 0;   ///< of the resource
  std::uint64_t size = 0;  ///< of its body; the bodies are concatenated
  bool deleted = false;
  bool operator==(const VersionHead&) const = default;
};

/// The versions of a change as bytes of its row, and back. Other bytes than those of pack_heads give the heads that could be
/// read.
std::string pack_heads(const std::vector<VersionHead>& heads);
std::vector<VersionHead> unpack_heads(std::string_view bytes);

/// A receipt as its column has it: its text, or its size and its compressed form as a blob.
struct StoredReceipt {
  std::string bytes;
  bool is_blob = false;
};

/// Compresses bodies with zstd, with the store's dictionaries if there are any. Its memory is reused; one thread.
class Compressor {
 public:
  explicit Compressor(std::shared_ptr<const Dictionaries> dictionaries = nullptr);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  /// The body as it is stored: unchanged if it is short or does not shrink, else compressed, with the dictionary for that kind of
  /// body if there is one (dictionaries.h). Valid until the next call.
  std::string_view compress(std::string_view body, std::string_view kind = {});
  /// Broken: the bytes are not the compressed form of a body of that size, or its dictionary is missing.
  Result<std::string> restore(std::string_view stored, std::size_t size);

  StoredReceipt compress_receipt(std::string_view receipt);
  Result<std::string> restore_receipt(std::string_view stored, bool is_blob);

 private:
  struct Contexts;
  std::shared_ptr<const Dictionaries> dictionaries_;
  std::unique_ptr<Contexts> contexts_;
  std::string buffer_;
};

}  // namespace vardbron::store
