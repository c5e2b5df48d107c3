#include "gateway/store/sqlite/seal.h"

#include "gateway/base/text.h"
#include "gateway/store/sqlite/database.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::string_view line_name = "vardbron-seal";
constexpr std::size_t line_words = 10;
constexpr std::size_t nonce_bytes = 16;

std::string_view text_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

class Packer {
 public:
  void put(std::int64_t number) { put_bytes(&number, sizeof number); }
  void put(const Sha256& digest) { put_bytes(digest.data(), digest.size()); }
  void put(const Wide& number) { put_bytes(number.words.data(), sizeof number.words); }
  void put(const ChainEnd& end) {
    put(end.number);
    put(end.chain);
  }
  void put(std::string_view text) {
    put(static_cast<std::int64_t>(text.size()));
    bytes_ += text;
  }
  std::string take() { return std::move(bytes_); }

 private:
  void put_bytes(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }
  std::string bytes_;
};

/// Reads the output of Packer; becomes invalid instead of reading past the end.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  bool is_at_end() const { return good_ && rest_.empty(); }
  bool good() const { return good_; }
  std::int64_t number() {
    std::int64_t number = 0;
    take(&number, sizeof number);
    return number;
  }
  void read(Sha256& into) { take(into.data(), into.size()); }
  void read(Wide& into) { take(into.words.data(), sizeof into.words); }
  void read(ChainEnd& into) {
    into.number = number();
    read(into.chain);
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number());
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

 private:
  void take(void* into, std::size_t size) {
    good_ = good_ && size <= rest_.size();
    if (!good_) return;
    std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  std::string_view rest_;
  bool good_ = true;
};

std::string pack(const Seal& seal) {
  Packer packer;
  packer.put(seal.number);
  packer.put(static_cast<std::int64_t>(seal.at.time_since_epoch().count()));
  packer.put(seal.form);
  packer.put(seal.tables_digest);
  packer.put(seal.journal);
  packer.put(seal.audit);
  for (const auto& [table, sum] : seal.sums) {
    packer.put(std::string_view(table));
    packer.put(sum.rows);
    packer.put(sum.prints);
    packer.put(sum.places);
  }
  return packer.take();
}

std::optional<Seal> unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Seal seal;
  seal.number = unpacker.number();
  seal.at = WallTime{std::chrono::milliseconds{unpacker.number()}};
  seal.form = unpacker.number();
  unpacker.read(seal.tables_digest);
  unpacker.read(seal.journal);
  unpacker.read(seal.audit);
  while (unpacker.good() && !unpacker.is_at_end()) {
    TableSum& sum = seal.sums[unpacker.text()];
    sum.rows = unpacker.number();
    unpacker.read(sum.prints);
    unpacker.read(sum.places);
  }
  if (!unpacker.good()) return std::nullopt;
  return seal;
}

/// XORs a stream of bytes made from the key and the nonce; a second call reverts it.
void hide(std::string& bytes, std::string_view nonce, const HmacKey& key) {
  std::string block(nonce);
  block += '\0';
  Sha256 stream{};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at % stream.size() == 0) {
      block.back() = static_cast<char>(at / stream.size());
      stream = key.sign(block);
    }
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(stream[at % stream.size()]));
  }
}

/// "vardbron-seal 7 2026-.. journal 5 <chain> audit 9 <chain>", which is what is signed.
std::string unsigned_line(std::int64_t number, std::string_view at, const ChainEnd& journal, const ChainEnd& audit) {
  return std::string(line_name) + ' ' + std::to_string(number) + ' ' + std::string(at) + " journal " +
         std::to_string(journal.number) + ' ' + to_hex(journal.chain) + " audit " + std::to_string(audit.number) + ' ' +
         to_hex(audit.chain);
}

bool read_hex(std::string_view text, Sha256& into) {
  if (text.size() != into.size() * 2) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(text[at]);
    if (digit == std::string_view::npos) return false;
    into[at / 2] = static_cast<std::uint8_t>(into[at / 2] << 4 | digit);
  }
  return true;
}

}  // namespace

std::string close_seal(const Seal& seal, const SealKey& key, std::string_view nonce) {
  std::string bytes = pack(seal);
  hide(bytes, nonce, key.hider);
  bytes.insert(0, nonce);
  bytes += text_of(key.signer.sign(bytes));
  return bytes;
}

Result<Seal> open_seal(std::string_view bytes, const SealKey& key) {
  const Failure foreign{Cause::Broken, "The store's seal was not made with this key, or was changed since.", ""};
  constexpr std::size_t proof_bytes = std::tuple_size_v<Sha256>;
  if (bytes.size() < nonce_bytes + proof_bytes) return foreign;
  Sha256 proof{};
  std::memcpy(proof.data(), bytes.data() + bytes.size() - proof_bytes, proof_bytes);
  bytes.remove_suffix(proof_bytes);
  if (!equal_in_constant_time(proof, key.signer.sign(bytes))) return foreign;
  std::string packed(bytes.substr(nonce_bytes));
  hide(packed, bytes.substr(0, nonce_bytes), key.hider);
  std::optional<Seal> seal = unpack(packed);
  if (!seal) return foreign;
  return *std::move(seal);
}

std::string to_line(const Seal& seal, const SealKey& key) {
  std::string line = unsigned_line(seal.number, to_instant(seal.at), seal.journal, seal.audit);
  return line + ' ' + to_hex(key.lines.sign(line));
}

Result<SealLine> read_line(std::string_view text, const SealKey& key) {
  const std::size_t begin = text.find(line_name);
  if (begin == std::string_view::npos) return Failure{Cause::NotFound, "There is no seal in the line.", ""};
  const Failure foreign{Cause::Broken, "The line was not made with this key, or was changed since.", ""};
  const std::vector<std::string_view> words = split(text.substr(begin), ' ');
  if (words.size() < line_words) return foreign;
  SealLine line;
  Sha256 proof{};
  line.number = parse_int(words[1]).value_or(0);
  line.journal.number = parse_int(words[4]).value_or(0);
  line.audit.number = parse_int(words[7]).value_or(0);
  const std::string_view last = words[9].substr(0, proof.size() * 2);  // a log may append something
  if (!read_hex(words[5], line.journal.chain) || !read_hex(words[8], line.audit.chain) || !read_hex(last, proof)) return foreign;
  line.at = std::string(words[2]);
  const std::string signed_text = unsigned_line(line.number, words[2], line.journal, line.audit);
  if (!equal_in_constant_time(proof, key.lines.sign(signed_text))) return foreign;
  return line;
}

Sha256 digest_of_tables(Database& database) {
  Packer packer;
  Statement rows = database.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name");
  rows.query();
  while (rows.next()) {
    for (int column = 0; column < 4; ++column) packer.put(rows.text(column));
  }
  return sha256(packer.take());
}

}  // namespace vardbron::store
