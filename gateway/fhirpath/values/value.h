#pragma once

// Tested by tests/fhirpath/values_test.cpp and tests/fhirpath/no_value_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/values/decimal.h"
#include "gateway/time/moment.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

using time::Moment;

enum class ValueKind : std::uint8_t {
  Element,
  Boolean,
  Integer,
  Long,
  Decimal,
  String,
  Date,
  DateTime,
  Time,
  Quantity,
  TypeInfo
};

/// The kinds that have a Moment.
constexpr bool is_moment(ValueKind kind) {
  return kind == ValueKind::Date || kind == ValueKind::DateTime || kind == ValueKind::Time;
}

/// A number with a unit: a UCUM code, or a calendar word (year, month, week, day, hour, minute, second, millisecond).
struct Quantity {
  Decimal value;
  std::string_view unit;
  bool is_calendar = false;   ///< a calendar word: 1 year is not 1 'a' (N1 6.1.1)
  bool is_from_fhir = false;  ///< then 'a' and 'mo' are also calendar years and months (FHIR R4 fhirpath.html#quantity)
};

/// year, years, month .. millisecond, milliseconds.
bool is_calendar_unit(std::string_view word);

/// Result of type().
struct TypeInfo {
  std::string_view space;  ///< "System" or "FHIR"; "" for an element of no known type
  std::string_view name;
  std::string_view base;  ///< "System.Any", "FHIR.DomainResource"
};

/// One item of a collection: an element of a tree, or a System value. 24 bytes. A view: valid as long as its document and the
/// Collection (or literal) it was taken from.
class Value {
 public:
  Value() : Value(false) {}
  explicit Value(bool value) : kind_(ValueKind::Boolean) { held_.boolean = value; }
  static Value of(tree::Item item, fhir::TypeId type) {
    Value value;
    value.kind_ = ValueKind::Element;
    value.type_ = type;
    value.held_.element = {item.document, item.node};
    return value;
  }
  static Value of(std::int64_t integer, ValueKind kind = ValueKind::Integer);
  static Value of(const Decimal& decimal);
  static Value of(std::string_view text);  ///< the text must outlive the value
  static Value of(const Moment& moment);
  static Value of(const Quantity* quantity);  ///< likewise
  static Value of(const TypeInfo* info);      ///< likewise

  ValueKind kind() const { return kind_; }
  bool is_element() const { return kind_ == ValueKind::Element; }
  fhir::TypeId type() const { return type_; }  ///< of an element; 0 = untyped

  tree::Item item() const { return {held_.element.document, held_.element.node}; }
  bool boolean() const { return held_.boolean; }
  std::int64_t integer() const { return held_.integer; }
  Decimal decimal() const {
    return {(static_cast<Decimal::Wide>(held_.wide.high) << 64) | static_cast<Decimal::Wide>(held_.wide.low), scale_};
  }
  std::string_view text() const { return {held_.text.data, held_.text.size}; }
  Moment moment() const;
  const Quantity& quantity() const { return *held_.quantity; }
  const TypeInfo& type_info() const { return *held_.info; }

 private:
  ValueKind kind_;
  std::uint8_t precision_ = 0;
  std::int16_t scale_ = 0;  // scale of a decimal; zone offset of a moment
  union {
    fhir::TypeId type_ = 0;
    bool has_zone_;
  };
  union Held {
    bool boolean;
    std::int64_t integer;
    struct {
      std::uint64_t low;
      std::int64_t high;
    } wide;
    struct {
      const char* data;
      std::size_t size;
    } text;
    struct {
      const tree::Document* document;
      tree::NodeId node;
    } element;
    const Quantity* quantity;
    const TypeInfo* info;
  } held_{};
};

/// Memory for texts and quantities of an evaluation. Addresses never change.
class Arena;

/// An ordered list of values with the memory of computed ones, which copies share. A value; one thread at a time.
class Collection {
 public:
  Collection() = default;
  Collection(std::initializer_list<Value> values) : Collection(std::span<const Value>(values.begin(), values.size())) {}
  explicit Collection(std::span<const Value> values);
  Collection(const Collection& other);
  Collection(Collection&& other) noexcept;
  Collection& operator=(const Collection& other);
  Collection& operator=(Collection&& other) noexcept;
  ~Collection();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Value& operator[](std::size_t place) const { return data_[place]; }
  const Value* begin() const { return data_; }
  const Value* end() const { return data_ + size_; }
  operator std::span<const Value>() const { return {data_, size_}; }

  void assign(std::span<const Value> values);  ///< keeps its capacity
  /// Clears values and computed texts for a new run; keeps the memory.
  void restart();
  /// Created on demand; values that point into it are valid as long as this collection or a copy.
  Arena& arena();

 private:
  static constexpr std::size_t inline_values = 4;
  Value* data_ = inside_;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = inline_values;
  Value inside_[inline_values];
  std::shared_ptr<Arena> blocks_;
};

/// A FHIR primitive element as its System value (N1/FHIR: implicit conversion); other values unchanged. nullopt for an element
/// without value and for complex types other than Quantity. `keeper` owns computed texts.
std::optional<Value> to_system(const Value& value, const fhir::Definitions& definitions, Collection& keeper);

/// Singleton evaluation (N1 4.5). Empty collection: nullopt. Invalid: several items.
Result<std::optional<bool>> to_boolean(std::span<const Value> values, const fhir::Definitions& definitions);
/// The text of one primitive or System value by toString(); nullopt if there is none.
std::optional<std::string> to_string(const Value& value, const fhir::Definitions& definitions);

/// A value for display.
struct Description {
  std::string type;  ///< "string", "code", "HumanName", "Quantity"; a System value by its FHIR name ("integer")
  std::string json;  ///< JSON text
};
Description describe(const Value& value, const fhir::Definitions& definitions);

}  // namespace vardbron::fhirpath
