#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::json {

/// JSON that is no FHIR, read: the line of another program, a row of a file of our own. A value.
struct Value {
  enum class Kind : std::uint8_t { Null, Boolean, Number, Text, List, Object };
  struct Member;

  Kind kind = Kind::Null;
  std::string text{};           ///< Text: without its escapes. Boolean and Number: as they were written.
  std::string_view written{};   ///< the JSON text of the value, a part of the text that was read; else empty
  std::vector<Value> items{};   ///< of a List
  std::vector<Member> members;  ///< of an Object, as they came

  bool is(Kind other) const { return kind == other; }
  /// nullptr: there is no such member.
  const Value* find(std::string_view name) const;
  /// The text of that member; "" when it has none.
  std::string_view text_of(std::string_view name) const;

  /// Whatever was written around it.
  bool operator==(const Value& other) const;
};

struct Value::Member {
  std::string name;
  Value value;
  bool operator==(const Member&) const = default;
};

struct ReadOptions {
  std::size_t depth_max = 2 * limits::document_depth_max;  ///< objects and lists within each other
  std::size_t values_max = limits::document_nodes_max;
  std::size_t members_max = limits::members_per_object_max;
};

/// Reads one JSON text with RapidJSON; the text must outlive `written` of what is read. Numbers keep their digits.
/// Invalid, with "line:column" as the place: what is not JSON (RFC 8259), bytes that are not UTF-8, half a surrogate pair, a key
/// that comes twice in one object or is empty, anything after the value. TooLarge: a limit was passed.
Result<Value> read_value(std::string_view text, ReadOptions options = {});

}  // namespace vardbron::json
