#include "gateway/store/sqlite/pack.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/store/sqlite/varint.h"

#include <zstd.h>

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::size_t compress_bytes_min = 512;  // a lower one gains nothing; a higher one costs what it saves in written pages
constexpr std::size_t compress_bytes_min_with_dictionary = 64;
constexpr int compress_level = 1;

}  // namespace

std::string join_lines(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += text;
    joined += '\n';
  }
  return joined;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) end = text.size();
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string pack_heads(const std::vector<VersionHead>& heads) {
  std::string bytes;
  for (const VersionHead& head : heads) {
    put_number(bytes, static_cast<std::uint64_t>(head.resource));
    put_number(bytes, static_cast<std::uint64_t>(head.version) << 1 | (head.deleted ? 1 : 0));
    put_number(bytes, static_cast<std::uint64_t>(head.type));
    put_number(bytes, head.size);
  }
  return bytes;
}

std::vector<VersionHead> unpack_heads(std::string_view bytes) {
  std::vector<VersionHead> heads;
  Unpacker unpacker(bytes);
  while (unpacker.more()) {
    VersionHead head;
    head.resource = static_cast<std::int64_t>(unpacker.number());
    std::uint64_t version = unpacker.number();
    head.version = static_cast<std::int64_t>(version >> 1);
    head.deleted = (version & 1) != 0;
    head.type = static_cast<std::int64_t>(unpacker.number());
    head.size = unpacker.number();
    if (unpacker.good()) heads.push_back(head);
  }
  return heads;
}

struct Compressor::Contexts {
  ZSTD_CCtx* in = ZSTD_createCCtx();
  ZSTD_DCtx* out = ZSTD_createDCtx();
};

// With a checksum of its own: a body that is not what was compressed is not restored.
Compressor::Compressor(std::shared_ptr<const Dictionaries> dictionaries)
    : dictionaries_(std::move(dictionaries)), contexts_(std::make_unique<Contexts>()) {
  CHECK(contexts_->in != nullptr && contexts_->out != nullptr);
  ZSTD_CCtx_setParameter(contexts_->in, ZSTD_c_compressionLevel, compress_level);
  ZSTD_CCtx_setParameter(contexts_->in, ZSTD_c_checksumFlag, 1);
}

Compressor::~Compressor() {
  ZSTD_freeCCtx(contexts_->in);
  ZSTD_freeDCtx(contexts_->out);
}

std::string_view Compressor::compress(std::string_view body, std::string_view kind) {
  const ZSTD_CDict* dictionary = dictionaries_ ? dictionaries_->to_compress(kind) : nullptr;
  if (body.size() < (dictionary != nullptr ? compress_bytes_min_with_dictionary : compress_bytes_min)) return body;
  buffer_.resize(ZSTD_compressBound(body.size()));
  ZSTD_CCtx_refCDict(contexts_->in, dictionary);
  std::size_t size = ZSTD_compress2(contexts_->in, buffer_.data(), buffer_.size(), body.data(), body.size());
  if (ZSTD_isError(size) != 0 || size >= body.size()) return body;
  return std::string_view(buffer_).substr(0, size);
}

Result<std::string> Compressor::restore(std::string_view stored, std::size_t size) {
  if (stored.size() == size) return std::string(stored);
  Failure bad{Cause::Broken, "A stored body cannot be unpacked.", ""};
  if (size > limits::stored_body_bytes_max) return bad;
  const unsigned number = ZSTD_getDictID_fromFrame(stored.data(), stored.size());
  const ZSTD_DDict* dictionary = number != 0 && dictionaries_ ? dictionaries_->to_restore(number) : nullptr;
  if (number != 0 && dictionary == nullptr) {
    bad.says = "A stored body cannot be unpacked: its dictionary " + std::to_string(number) + " is missing or damaged.";
    return bad;
  }
  std::string body(size, '\0');
  std::size_t got =
      ZSTD_decompress_usingDDict(contexts_->out, body.data(), body.size(), stored.data(), stored.size(), dictionary);
  if (ZSTD_isError(got) != 0 || got != size) return bad;
  return body;
}

StoredReceipt Compressor::compress_receipt(std::string_view receipt) {
  const std::string_view compressed = compress(receipt, receipt_bodies);
  StoredReceipt stored{{}, compressed.size() < receipt.size()};
  if (stored.is_blob) put_number(stored.bytes, receipt.size());
  stored.bytes += compressed;
  return stored;
}

Result<std::string> Compressor::restore_receipt(std::string_view stored, bool is_blob) {
  if (!is_blob) return std::string(stored);
  Unpacker bytes(stored);
  const std::uint64_t size = bytes.number();
  if (!bytes.good() || size > limits::body_bytes_max) return Failure{Cause::Broken, "A kept receipt cannot be read.", ""};
  return restore(bytes.rest(), size);
}

}  // namespace vardbron::store
