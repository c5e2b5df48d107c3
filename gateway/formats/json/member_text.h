#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// Parts of a JSON text as they were written, for what must be given on to the letter: an empty list, which no tree holds, a
/// number of whatever digits. The text must be JSON; of anything else less comes, never more.
namespace vardbron::json {

struct WrittenMember {
  std::string_view name{};         ///< with its escapes
  std::string_view value{};        ///< without blanks around it
  std::size_t begin = 0, end = 0;  ///< in the object's text, from the name's quote to behind the value
};

/// The members of an object, one after the other. The text must outlive it.
class WrittenMembers {
 public:
  explicit WrittenMembers(std::string_view object);
  /// Nothing behind the last one, and from a text that is no object.
  std::optional<WrittenMember> next();

 private:
  std::string_view text_;
  std::size_t at_;
};

/// The value of the member of that name; empty when there is none.
std::string_view member_text(std::string_view object, std::string_view name);

}  // namespace vardbron::json
