#include "gateway/formats/json/composer.h"

#include "gateway/base/check.h"
#include "gateway/base/utf8.h"
#include "gateway/formats/blocks.h"
#include "gateway/formats/json/value.h"

#include <rapidjson/writer.h>

#include <algorithm>
#include <utility>

namespace vardbron::json {

namespace {

using formats::Block;

/// RapidJSON's output stream into the returned string, so that no buffer is copied at the end.
class Stream {
 public:
  using Ch = char;

  explicit Stream(std::size_t expected) { grow(expected); }

  void Put(char byte) {
    reserve(1);
    *at_++ = byte;
  }
  void Flush() {}

  void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) [[unlikely]]
      grow(bytes);
  }
  void put_reserved(char byte) { *at_++ = byte; }
  void append(std::string_view bytes) {
    reserve(bytes.size());
    at_ = std::copy(bytes.begin(), bytes.end(), at_);
  }
  /// Appends the text in quotes if it is ASCII without anything to escape, as nearly all are; else nothing.
  bool append_plain(std::string_view text) {
    reserve(text.size() + 2);
    *at_ = '"';
    char* const end = std::copy(text.begin(), text.end(), at_ + 1);
    if (!is_plain(at_ + 1, text.size())) return false;
    *end = '"';
    at_ = end + 1;
    return true;
  }
  std::size_t size() const { return static_cast<std::size_t>(at_ - text_.data()); }
  std::string take() {
    text_.resize(size());
    return std::move(text_);
  }

 private:
  void grow(std::size_t bytes) {
    const std::size_t used = at_ == nullptr ? 0 : size();
    text_.resize(std::max(used + bytes + Block::bytes, text_.size() + text_.size() / 2));
    at_ = text_.data() + used;
    end_ = text_.data() + text_.size() - Block::bytes;
  }
  /// Looks at whole blocks; Block::bytes after end_ may be read.
  static bool is_plain(const char* at, std::size_t left) {
    for (;; at += Block::bytes, left -= Block::bytes) {
      const Block block(at);
      const unsigned special = block.below_space() | block.above_ascii() | block.equal('"') | block.equal('\\');
      if (left <= Block::bytes) return (special & ((1u << left) - 1)) == 0;
      if (special != 0) return false;
    }
  }

  std::string text_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

// Overloads that RapidJSON's Writer finds by argument-dependent lookup.
void PutReserve(Stream& stream, std::size_t bytes) { stream.reserve(bytes); }
void PutUnsafe(Stream& stream, char byte) { stream.put_reserved(byte); }

/// Replaces each byte that begins no UTF-8 sequence by U+FFFD.
std::string repaired(std::string_view text) {
  std::string valid;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = utf8_length(text, at);
    if (bytes == 0) {
      append_utf8(valid, replacement_character);
    } else {
      valid.append(text, at, bytes);
    }
    at += std::max<std::size_t>(bytes, 1);
  }
  return valid;
}

/// RapidJSON's Writer goes byte by byte through texts and raw values; here what needs no escape is copied whole. Its own check of
/// UTF-8 reads past the end of a text that ends within a sequence.
class Writer : public rapidjson::Writer<Stream> {
 public:
  explicit Writer(Stream& stream) : rapidjson::Writer<Stream>(stream) {}

  void text(std::string_view text) {
    Prefix(rapidjson::kStringType);
    if (!os_->append_plain(text)) is_utf8(text) ? write(text) : write(repaired(text));
    EndValue(true);
  }
  void raw(std::string_view json) {
    if (json.empty()) json = "null";
    Prefix(json.front() == '"' ? rapidjson::kStringType : rapidjson::kObjectType);
    is_utf8(json) ? os_->append(json) : os_->append(repaired(json));
    EndValue(true);
  }

 private:
  void write(std::string_view text) { WriteString(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
};

}  // namespace

struct Composer::State {
  explicit State(std::size_t expected) : stream(expected), writer(stream) {}
  Stream stream;
  Writer writer;
};

Composer::Composer(std::size_t expected_bytes) : state_(std::make_unique<State>(expected_bytes)) {}
Composer::~Composer() = default;

Composer& Composer::begin_object() {
  state_->writer.StartObject();
  return *this;
}

Composer& Composer::end_object() {
  state_->writer.EndObject();
  return *this;
}

Composer& Composer::begin_list() {
  state_->writer.StartArray();
  return *this;
}

Composer& Composer::end_list() {
  state_->writer.EndArray();
  return *this;
}

Composer& Composer::key(std::string_view name) {
  state_->writer.text(name);
  return *this;
}

Composer& Composer::text(std::string_view value) {
  state_->writer.text(value);
  return *this;
}

Composer& Composer::signed_number(std::int64_t value) {
  state_->writer.Int64(value);
  return *this;
}

Composer& Composer::unsigned_number(std::uint64_t value) {
  state_->writer.Uint64(value);
  return *this;
}

Composer& Composer::truth(bool value) {
  state_->writer.Bool(value);
  return *this;
}

Composer& Composer::null() {
  state_->writer.Null();
  return *this;
}

Composer& Composer::raw(std::string_view json) {
  state_->writer.raw(json);
  return *this;
}

Composer& Composer::value(const Value& value) {
  switch (value.kind) {
    case Value::Kind::Null: return null();
    case Value::Kind::Boolean:
    case Value::Kind::Number: return raw(value.text);
    case Value::Kind::Text: return text(value.text);
    case Value::Kind::List:
      begin_list();
      for (const Value& item : value.items) this->value(item);
      return end_list();
    case Value::Kind::Object:
      begin_object();
      for (const Value::Member& member : value.members) key(member.name).value(member.value);
      return end_object();
  }
  return *this;
}

std::size_t Composer::size() const { return state_->stream.size(); }

std::string Composer::finish() {
  CHECK(state_->writer.IsComplete());
  return state_->stream.take();
}

std::string as_json(std::string_view text) { return Composer(text.size() + 2).text(text).finish(); }

std::string compact(const Value& value) { return Composer(value.written.size()).value(value).finish(); }

}  // namespace vardbron::json
