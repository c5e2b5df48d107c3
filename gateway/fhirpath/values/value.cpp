#include "gateway/fhirpath/values/value.h"

#include "gateway/fhirpath/values/arena.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace vardbron::fhirpath {

Value Value::of(std::int64_t integer, ValueKind kind) {
  Value value;
  value.kind_ = kind;
  value.held_.integer = integer;
  return value;
}

Value Value::of(const Decimal& decimal) {
  Value value;
  value.kind_ = ValueKind::Decimal;
  value.scale_ = static_cast<std::int16_t>(decimal.scale());
  value.held_.wide.low = static_cast<std::uint64_t>(decimal.coefficient());
  value.held_.wide.high = static_cast<std::int64_t>(decimal.coefficient() >> 64);
  return value;
}

Value Value::of(std::string_view text) {
  Value value;
  value.kind_ = ValueKind::String;
  value.held_.text.data = text.data();
  value.held_.text.size = text.size();
  return value;
}

Value Value::of(const Moment& moment) {
  Value value;
  value.kind_ = moment.form == Moment::Form::Date       ? ValueKind::Date
                : moment.form == Moment::Form::DateTime ? ValueKind::DateTime
                                                        : ValueKind::Time;
  value.precision_ = static_cast<std::uint8_t>(moment.precision);
  value.scale_ = moment.zone_minutes;
  value.has_zone_ = moment.has_zone;
  value.held_.integer = moment.wall_ms;
  return value;
}

Value Value::of(const Quantity* quantity) {
  Value value;
  value.kind_ = ValueKind::Quantity;
  value.held_.quantity = quantity;
  return value;
}

Value Value::of(const TypeInfo* info) {
  Value value;
  value.kind_ = ValueKind::TypeInfo;
  value.held_.info = info;
  return value;
}

Moment Value::moment() const {
  Moment moment;
  moment.wall_ms = held_.integer;
  moment.zone_minutes = scale_;
  moment.has_zone = has_zone_;
  moment.precision = static_cast<Moment::Precision>(precision_);
  moment.form = kind_ == ValueKind::Date       ? Moment::Form::Date
                : kind_ == ValueKind::DateTime ? Moment::Form::DateTime
                                               : Moment::Form::Time;
  return moment;
}

Collection::Collection(std::span<const Value> values) { assign(values); }
Collection::Collection(const Collection& other) : blocks_(other.blocks_) { assign(other); }

Collection::Collection(Collection&& other) noexcept { *this = std::move(other); }

Collection& Collection::operator=(const Collection& other) {
  if (this == &other) return *this;
  blocks_ = other.blocks_;
  assign(other);
  return *this;
}

Collection& Collection::operator=(Collection&& other) noexcept {
  if (this == &other) return *this;
  if (data_ != inside_) delete[] data_;
  blocks_ = std::move(other.blocks_);
  size_ = other.size_;
  room_ = other.room_;
  if (other.data_ == other.inside_) {
    data_ = inside_;
    std::copy(other.inside_, other.inside_ + size_, inside_);
  } else {
    data_ = other.data_;
  }
  other.data_ = other.inside_;
  other.size_ = 0;
  other.room_ = inline_values;
  return *this;
}

Collection::~Collection() {
  if (data_ != inside_) delete[] data_;
}

void Collection::assign(std::span<const Value> values) {
  if (values.size() > room_) {
    Value* bigger = new Value[values.size()];
    if (data_ != inside_) delete[] data_;
    data_ = bigger;
    room_ = static_cast<std::uint32_t>(values.size());
  }
  std::copy(values.begin(), values.end(), data_);
  size_ = static_cast<std::uint32_t>(values.size());
}

Arena& Collection::arena() {
  if (!blocks_) blocks_ = std::make_shared<Arena>();
  return *blocks_;
}

void Collection::restart() {
  size_ = 0;
  if (blocks_ && blocks_.use_count() == 1) {
    blocks_->clear();
  } else {
    blocks_.reset();
  }
}

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  char* kept = room(text.size());
  std::memcpy(kept, text.data(), text.size());
  return {kept, text.size()};
}

const Quantity* Arena::keep(const Quantity& quantity) {
  return new (take(sizeof quantity, alignof(Quantity))) Quantity(quantity);
}

const TypeInfo* Arena::keep(const TypeInfo& info) { return new (take(sizeof info, alignof(TypeInfo))) TypeInfo(info); }

const tree::Document& Arena::keep(tree::Document document) {
  constexpr std::size_t empty_document_bytes = 1024, node_bytes = 40;
  bytes_ += empty_document_bytes + document.size() * node_bytes;
  for (tree::NodeId node = 0; node < document.size(); ++node) bytes_ += document.text(node).size();
  documents_.push_back(std::make_unique<tree::Document>(std::move(document)));
  return *documents_.back();
}

char* Arena::room(std::size_t bytes) { return static_cast<char*>(take(bytes, 1)); }

void Arena::clear() {
  bytes_ = 0;
  documents_.clear();
  if (blocks_.empty()) return;
  blocks_.resize(1);
  open_ = blocks_[0].get();
  left_ = block_bytes;
}

void* Arena::take(std::size_t bytes, std::size_t alignment) {
  std::size_t padding = (alignment - reinterpret_cast<std::uintptr_t>(open_) % alignment) % alignment;
  bytes_ += bytes;
  if (padding + bytes > left_) {
    bool is_large = bytes > block_bytes && !blocks_.empty();
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(std::max(bytes, block_bytes)));
    if (is_large) return blocks_.back().get();
    open_ = blocks_.back().get();
    left_ = std::max(bytes, block_bytes);
    padding = 0;
  }
  void* place = open_ + padding;
  open_ += padding + bytes;
  left_ -= padding + bytes;
  return place;
}

}  // namespace vardbron::fhirpath
