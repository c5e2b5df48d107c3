#include "gateway/store/sqlite/stored_id.h"

#include "gateway/base/uuid.h"

#include <sqlite3.h>

#include <cstring>

namespace vardbron::store {

StoredId::StoredId(std::string_view id) : bytes_(id) {
  const std::optional<Uuid> uuid = canonical_uuid(id);  // only what comes back as the same text
  if (!uuid) return;
  is_binary_ = true;
  bytes_.assign(reinterpret_cast<const char*>(uuid->bytes.data()), uuid->bytes.size());
}

std::string id_of(const Statement& row, int column) {
  Uuid uuid;
  const std::string_view bytes = row.text(column);
  if (row.type(column) != SQLITE_BLOB || bytes.size() != uuid.bytes.size()) return std::string(bytes);
  std::memcpy(uuid.bytes.data(), bytes.data(), uuid.bytes.size());
  return to_string(uuid);
}

}  // namespace vardbron::store
