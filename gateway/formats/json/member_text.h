#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// Parts of a JSON text as written, to be passed on unchanged: an empty list, which the tree cannot hold, or a number of any
/// digits. The text must be valid JSON; of other text fewer members are found.
namespace vardbron::json {

struct WrittenMember {
  std::string_view name{};         ///< with its escapes
  std::string_view value{};        ///< without blanks around it
  std::size_t begin = 0, end = 0;  ///< in the object's text, from the name's quote to after the value
};

/// Iterates over the members of an object. The text must outlive it.
class WrittenMembers {
 public:
  explicit WrittenMembers(std::string_view object);
  /// Nothing after the last one, and for a text that is no object.
  std::optional<WrittenMember> next();

 private:
  std::string_view text_;
  std::size_t at_;
};

}  // namespace vardbron::json
