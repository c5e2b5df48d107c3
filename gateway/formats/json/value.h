#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::json {

/// Parsed JSON that is no FHIR: the line of another program, a row of a file of our own. A value.
struct Value {
  enum class Kind : std::uint8_t { Null, Boolean, Number, Text, List, Object };
  struct Member;

  Kind kind = Kind::Null;
  std::string text{};           ///< Text: without its escapes. Boolean and Number: as they were written.
  std::string_view written{};   ///< the JSON text of the value, a part of the parsed text; else empty
  std::vector<Value> items{};   ///< of a List
  std::vector<Member> members;  ///< of an Object, in their order

  bool is(Kind other) const { return kind == other; }
  /// nullptr if there is no such member.
  const Value* find(std::string_view name) const;
  /// The text of that member; "" if it has none.
  std::string_view text_of(std::string_view name) const;

  /// Ignores `written`.
  bool operator==(const Value& other) const;
};

struct Value::Member {
  std::string name;
  Value value;
  bool operator==(const Member&) const = default;
};

struct ReadOptions {
  std::size_t depth_max = 2 * limits::document_depth_max;  ///< nested objects and lists
  std::size_t values_max = limits::document_nodes_max;
  std::size_t members_max = limits::members_per_object_max;
};

/// Reads one JSON text with RapidJSON; the text must outlive `written` of the result. Numbers keep their digits. Invalid, with
/// "line:column" as the place: what is not JSON (RFC 8259), bytes that are not UTF-8, half a surrogate pair, a duplicate or empty
/// key, anything after the value. TooLarge: a limit was exceeded.
Result<Value> read_value(std::string_view text, ReadOptions options = {});

}  // namespace vardbron::json
