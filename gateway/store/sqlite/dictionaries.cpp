#include "gateway/store/sqlite/dictionaries.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/store/sqlite/database.h"

#include <zdict.h>
#include <zstd.h>

#include <algorithm>
#include <cstddef>

namespace vardbron::store {

namespace {

constexpr int level = 3;  // with a dictionary as fast as 1, and smaller
// More is not better: what is further away costs more to name, and a larger table to look in (measured with 8 to 64 KiB).
constexpr std::size_t content_bytes_max = 16 * 1024;
constexpr std::size_t header_bytes_max = 4096;
constexpr std::size_t content_bytes_min = 512;
constexpr std::size_t new_part = 16;  // a sample adds something if more than this part of it is not in the others

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeCDict {
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
};
struct FreeDDict {
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

/// The samples in a row, without those that are nearly in the others.
std::string common_content(const std::vector<std::string>& samples) {
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  std::string content, packed;
  for (const std::string& sample : samples) {
    packed.resize(ZSTD_compressBound(sample.size()));
    const std::size_t size = ZSTD_compress_usingDict(context.get(), packed.data(), packed.size(), sample.data(), sample.size(),
                                                     content.data(), content.size(), level);
    const bool is_known = ZSTD_isError(size) == 0 && size * new_part < sample.size();
    if (!is_known && content.size() + sample.size() <= content_bytes_max) content += sample;
  }
  return content;
}

}  // namespace

std::string bodies_of_channel(std::string_view channel) { return "channel " + std::string(channel); }

std::string make_dictionary(const std::vector<std::string>& samples, std::int64_t number) {
  const std::string content = common_content(samples);
  if (content.size() < content_bytes_min) return {};
  std::string all;
  std::vector<std::size_t> sizes;
  for (const std::string& sample : samples) {
    all += sample;
    sizes.push_back(sample.size());
  }
  std::string bytes(content.size() + header_bytes_max, '\0');
  const ZDICT_params_t parameters{level, 0, static_cast<unsigned>(number)};
  const std::size_t size = ZDICT_finalizeDictionary(bytes.data(), bytes.size(), content.data(), content.size(), all.data(),
                                                    sizes.data(), static_cast<unsigned>(sizes.size()), parameters);
  if (ZDICT_isError(size) != 0) return {};
  bytes.resize(size);
  return bytes;
}

std::string dictionary_fault(std::int64_t number, std::string_view bytes) {
  if (number < first_dictionary) return "A dictionary has a number that zstd keeps for others.";
  if (ZSTD_getDictID_fromDict(bytes.data(), bytes.size()) != number) return "The dictionary is not the one of its number.";
  const std::unique_ptr<ZSTD_DDict, FreeDDict> whole(ZSTD_createDDict(bytes.data(), bytes.size()));
  return whole ? "" : "The dictionary is damaged: what was compressed with it cannot be restored.";
}

struct Dictionaries::Dictionary {
  std::int64_t number = 0;
  std::string bytes;
  std::unique_ptr<ZSTD_CDict, FreeCDict> to_compress;
  std::unique_ptr<ZSTD_DDict, FreeDDict> to_restore;
};

Dictionaries::Dictionaries() = default;
Dictionaries::~Dictionaries() = default;

void Dictionaries::read(Database& database) {
  if (database.number("SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='dictionary'") == 0) return;
  Statement rows = database.prepare("SELECT number, name, bytes FROM dictionary ORDER BY number");
  rows.query();
  while (rows.next()) put(rows.integer(0), rows.string(1), rows.string(2));
}

bool Dictionaries::put(std::int64_t number, std::string name, std::string bytes) {
  if (!dictionary_fault(number, bytes).empty()) return false;
  auto made = std::make_unique<Dictionary>();
  made->number = number;
  made->bytes = std::move(bytes);
  made->to_compress.reset(ZSTD_createCDict(made->bytes.data(), made->bytes.size(), level));
  made->to_restore.reset(ZSTD_createDDict(made->bytes.data(), made->bytes.size()));
  if (!made->to_compress || !made->to_restore) return false;
  newest_[std::move(name)] = made.get();
  by_number_[number] = std::move(made);
  return true;
}

Dictionaries::Wanted Dictionaries::wanted(const Samples& samples) const {
  Wanted all;
  const auto look_at = [&](std::string name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    const auto known = newest_.find(name);
    const std::int64_t number = known == newest_.end() ? first_dictionary : known->second->number;
    const std::string made = make_dictionary(texts, number);
    if (made.empty() || (known != newest_.end() && known->second->bytes == made)) return;
    all.emplace_back(std::move(name), &texts);
  };
  for (const auto& [channel, texts] : samples.messages) look_at(bodies_of_channel(channel), texts);
  look_at(std::string(link_bodies), samples.links);
  look_at(std::string(change_bodies), samples.changes);
  look_at(std::string(receipt_bodies), samples.receipts);
  return all;
}

bool Dictionaries::lacks(const Samples& samples) const {
  return by_number_.size() < limits::store_dictionaries_max && !wanted(samples).empty();
}

void Dictionaries::add(Database& database, const Samples& samples) {
  Statement insert = database.prepare("INSERT INTO dictionary(number, name, bytes) VALUES(?, ?, ?)");
  std::int64_t number = std::max(first_dictionary - 1, database.number("SELECT max(number) FROM dictionary"));
  for (const auto& [name, texts] : wanted(samples)) {
    if (by_number_.size() >= limits::store_dictionaries_max) return;
    const std::string bytes = make_dictionary(*texts, ++number);
    if (!put(number, name, bytes)) continue;
    insert.run(number, std::string_view(name), Blob{bytes});
    log::info("the store compresses with another dictionary",
              {{"bodies", std::string_view(name)}, {"dictionary", number}, {"bytes", static_cast<std::int64_t>(bytes.size())}});
  }
}

const ZSTD_CDict_s* Dictionaries::to_compress(std::string_view kind) const {
  const auto found = newest_.find(kind);
  return found == newest_.end() ? nullptr : found->second->to_compress.get();
}

const ZSTD_DDict_s* Dictionaries::to_restore(std::int64_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : found->second->to_restore.get();
}

}  // namespace vardbron::store
