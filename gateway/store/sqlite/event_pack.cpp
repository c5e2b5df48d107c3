#include "gateway/store/sqlite/event_pack.h"

#include "gateway/base/uuid.h"
#include "gateway/store/sqlite/varint.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::size_t uuid_bytes = 16;

std::string_view bytes_of(const Uuid& uuid) { return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()}; }

Uuid uuid_of(std::string_view bytes) {
  Uuid uuid;
  std::transform(bytes.begin(), bytes.end(), uuid.bytes.begin(), [](char byte) { return static_cast<std::uint8_t>(byte); });
  return uuid;
}

std::optional<std::uint64_t> take_number(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

}  // namespace

EventWords::EventWords(Database& database)
    : select_all_(database.prepare("SELECT number, text FROM word")),
      select_(database.prepare("SELECT text FROM word WHERE number=?")),
      insert_(database.prepare("INSERT INTO word(number, text) VALUES(?,?)")) {}

void EventWords::load() {
  numbers_.clear();
  texts_.clear();
  last_ = 0;
  select_all_.query();
  while (select_all_.next()) {
    last_ = std::max(last_, select_all_.integer(0));
    numbers_.emplace(select_all_.string(1), select_all_.integer(0));
  }
}

std::int64_t EventWords::number_of(std::string_view text) {
  std::string key(text);
  const auto found = numbers_.find(key);
  if (found != numbers_.end()) return found->second;
  insert_.run(++last_, text);
  numbers_.emplace(std::move(key), last_);
  return last_;
}

const std::string& EventWords::text_of(std::int64_t number) {
  static const std::string none;
  const auto found = texts_.find(number);
  if (found != texts_.end()) return found->second;
  select_.query(number);
  if (!select_.next()) return none;
  const std::string& text = texts_[number] = select_.string(0);
  select_.reset();
  return text;
}

// An odd number is that of a type; an even one the length of a text.
std::string pack_references(const std::vector<std::string>& references, EventWords& words) {
  std::string bytes;
  for (const std::string_view reference : references) {
    const std::size_t slash = reference.find('/');
    std::optional<Uuid> uuid;
    if (slash != std::string_view::npos) uuid = canonical_uuid(reference.substr(slash + 1));
    if (uuid) {
      put_number(bytes, static_cast<std::uint64_t>(words.number_of(reference.substr(0, slash))) * 2 + 1);
      bytes += bytes_of(*uuid);
    } else {
      put_number(bytes, reference.size() * 2);
      bytes += reference;
    }
  }
  return bytes;
}

std::vector<std::string> unpack_references(std::string_view bytes, EventWords& words) {
  std::vector<std::string> references;
  while (!bytes.empty()) {
    const std::optional<std::uint64_t> mark = take_number(bytes);
    if (!mark) break;
    const bool is_binary = (*mark & 1) != 0;
    const std::uint64_t size = is_binary ? uuid_bytes : *mark / 2;
    if (size > bytes.size()) break;
    const std::string_view id = bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (!is_binary) {
      references.emplace_back(id);
      continue;
    }
    std::string reference = words.text_of(static_cast<std::int64_t>(*mark / 2));
    reference += '/';
    reference += to_string(uuid_of(id));
    references.push_back(std::move(reference));
  }
  return references;
}

}  // namespace vardbron::store
