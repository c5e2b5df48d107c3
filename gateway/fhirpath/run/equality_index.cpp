#include "gateway/fhirpath/run/equality_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace vardbron::fhirpath {
namespace {

std::uint64_t word_at(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, count);
  return word;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  const auto product = static_cast<unsigned __int128>(hash ^ word ^ 0xA0761D6478BD642Fu) * 0xE7037ED1A0B428DBu;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Most texts are short: std::hash takes longer for its call than for their bytes.
std::size_t hash_text(std::string_view text) {
  const char* bytes = text.data();
  const std::size_t size = text.size();
  std::uint64_t hash = (size + 1) * 0x9E3779B97F4A7C15u;
  if (size < 4) {
    if (size == 0) return hash;
    const auto at = [&](std::size_t place) { return std::uint64_t{static_cast<unsigned char>(bytes[place])}; };
    return mixed(hash, at(0) | at(size / 2) << 8 | at(size - 1) << 16);
  }
  if (size < 8) return mixed(mixed(hash, word_at(bytes, 4)), word_at(bytes + size - 4, 4));
  for (std::size_t at = 0; at + 8 < size; at += 8) hash = mixed(hash, word_at(bytes + at, 8));
  return mixed(hash, word_at(bytes + size - 8, 8));
}

std::size_t hash_children(Evaluation& run, const Value& value);

/// Hash within one kind of fingerprint: equal values have equal hashes.
std::size_t hash(Evaluation& run, const Value& value, const std::optional<Value>& system) {
  if (!system) return value.is_element() ? hash_children(run, value) : 0;
  if (system->kind() == ValueKind::String) {
    run.charge(system->text().size());
    return hash_text(system->text());
  }
  if (system->kind() == ValueKind::Boolean) return system->boolean() ? 1 : 2;
  if (std::optional<Decimal> number = as_number(*system)) {
    Decimal plain = number->normalised();
    return static_cast<std::size_t>(plain.coefficient()) * 31 + static_cast<std::size_t>(plain.scale());
  }
  return is_moment(system->kind()) ? static_cast<std::size_t>(system->moment().equality_key()) : 3;
}

/// Untyped children may be read as the type of their partners, so they are left out of the hash.
std::size_t hash_children(Evaluation& run, const Value& value) {
  ListArena::Mark mark = run.scratch().mark();
  List children;
  run.children(value, children);
  std::size_t sum = children.size;
  for (const Value& child : children) {
    const std::optional<Value> system = run.system(child);
    const bool is_open = child.is_element() && child.type() == 0 && system;
    sum += hash_text(child.item().name_text()) * 31 + (is_open ? 7 : hash(run, child, system) * 7);
  }
  run.scratch().release(mark);
  return sum;
}

}  // namespace

Fingerprint fingerprint(Evaluation& run, const Value& value) {
  using Kind = Fingerprint::Kind;
  const std::optional<Value> system = run.system(value);
  const bool is_text = system && system->kind() == ValueKind::String;
  const bool is_untyped = value.is_element() && value.type() == 0;
  const bool is_quantity = system && system->kind() == ValueKind::Quantity;  // equal to a number too, if its unit is '1'
  const Kind kind = is_untyped ? is_text ? Kind::UntypedText : Kind::Untyped : is_quantity ? Kind::Quantity : Kind::Plain;
  const std::size_t wide = hash(run, value, system);
  return {static_cast<std::uint32_t>(wide ^ wide >> 32), kind};
}

void EqualityIndex::add(const Fingerprint& print) {
  kinds_ |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(print.kind));
  if (count_ < few) {
    first_[count_++] = print;
    return;
  }
  const std::size_t before = bytes();
  if (count_ == few) begin_hashing();
  insert(print);
  ++count_;
  run_.take_bytes(bytes() - before);
}

// Of long lists most values may be equal, and then little is needed.
void EqualityIndex::begin_hashing() {
  constexpr std::size_t at_once_max = 16'384;
  const std::size_t entries = std::clamp(expected_, 2 * few, at_once_max);
  entries_.reserve(entries);
  slots_.assign(std::bit_ceil(entries), 0);
  for (const Fingerprint& known : first_) insert(known);
}

bool EqualityIndex::add(const Node& node, std::span<const Value> values) {
  expect(values.size());
  for (const Value& value : values) add(fingerprint(run_, value));
  return run_.step(node, values.size());
}

void EqualityIndex::insert(const Fingerprint& print) {
  entries_.push_back({print});
  if (slots_.size() >= entries_.size()) return link(static_cast<std::uint32_t>(entries_.size() - 1));
  slots_.assign(std::bit_ceil(2 * entries_.size()), 0);
  for (std::uint32_t place = 0; place < entries_.size(); ++place) link(place);
}

void EqualityIndex::link(std::uint32_t place) {
  std::uint32_t& slot = slots_[slot_of(entries_[place].print.hash)];
  entries_[place].next = slot;
  slot = place + 1;
}

/// Spreads adjacent hashes, since numbers often are adjacent.
std::size_t EqualityIndex::slot_of(std::uint32_t hash) const { return (hash * 0x9E3779B97F4A7C15u >> 32) & (slots_.size() - 1); }

bool EqualityIndex::compare(const Node& node, const Value& value, const Value& wanted, bool& found) {
  found = equal(run_, value, wanted).value_or(false);
  return run_.step(node);
}

bool EqualityIndex::find(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print,
                         bool& found) {
  found = false;
  if (count_ > few) return find_hashed(node, values, wanted, print, found);
  for (std::size_t place = 0; place < count_ && !found; ++place)
    if (first_[place].may_equal(print) && !compare(node, values[place], wanted, found)) return false;
  return true;
}

bool EqualityIndex::find_hashed(const Node& node, std::span<const Value> values, const Value& wanted, const Fingerprint& print,
                                bool& found) {
  for (std::uint32_t at = slots_[slot_of(print.hash)]; at != 0 && !found; at = entries_[at - 1].next) {
    const Fingerprint& known = entries_[at - 1].print;
    const bool is_like = known.kind == print.kind && known.hash == print.hash;
    if (is_like && !compare(node, values[at - 1], wanted, found)) return false;
  }
  const bool has_other_kinds = (kinds_ & ~(1u << static_cast<unsigned>(print.kind))) != 0;
  if (!has_other_kinds || found) return true;
  if (!run_.step(node, count_ / 16)) return false;
  for (std::size_t place = 0; place < count_ && !found; ++place)
    if (entries_[place].print.kind != print.kind && !compare(node, values[place], wanted, found)) return false;
  return true;
}

bool Distinct::append(const Node& node, std::span<const Value> values) {
  index_.expect(values.size());
  for (const Value& value : values) {
    const Fingerprint print = fingerprint(run_, value);
    bool found = false;
    if (!index_.find(node, {out_.data + first_, out_.size - first_}, value, print, found) || !run_.step(node)) return false;
    if (found) continue;
    const std::uint32_t before = out_.size;
    run_.push(out_, value);
    if (out_.size <= before) return run_.step(node);  // the list's memory limit is reached
    index_.add(print);
  }
  return true;
}

bool append_distinct(Evaluation& run, const Node& node, std::span<const Value> values, List& out) {
  return Distinct(run, out).append(node, values);
}

}  // namespace vardbron::fhirpath
