#include "gateway/store/chain.h"

#include <string>

namespace vardbron::store {

namespace {

// Every field is preceded by its length, so that no two different rows give the same bytes.
class Bytes {
 public:
  Bytes& add(std::string_view field) {
    add(static_cast<std::int64_t>(field.size()));
    text_ += field;
    return *this;
  }
  Bytes& add(std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) text_ += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
    return *this;
  }
  Bytes& add(const Sha256& digest) {
    text_.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return *this;
  }
  Sha256 digest() const { return sha256(text_); }

 private:
  std::string text_;
};

}  // namespace

Sha256 chain_link(const Sha256& previous, const JournalEntry& entry, const Sha256& body_digest) {
  Bytes bytes;
  bytes.add(previous).add(body_digest).add(entry.number).add(entry.message.received.time_since_epoch().count());
  bytes.add(entry.id).add(entry.message.channel).add(entry.message.sender);
  bytes.add(entry.message.content_type).add(entry.message.identity);
  return bytes.digest();
}

Sha256 chain_link(const Sha256& previous, const AuditRow& row) {
  Bytes bytes;
  bytes.add(previous).add(row.number).add(row.at.time_since_epoch().count());
  bytes.add(row.action).add(row.caller).add(row.subject).add(row.case_key).add(row.says);
  return bytes.digest();
}

}  // namespace vardbron::store
