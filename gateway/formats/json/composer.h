#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vardbron::json {

struct Value;

/// Composes JSON other than FHIR read or built as a tree (json/write.h): receipts, bundles around stored bodies, answers to
/// operators, lines for other programs. RapidJSON's Writer adds commas and colons and escapes texts. The output is UTF-8: an
/// invalid byte of a text, a key or a raw value becomes U+FFFD. A member without a key or an extra value is a bug and aborts.
class Composer {
 public:
  explicit Composer(std::size_t expected_bytes = 512);
  ~Composer();
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;

  Composer& begin_object();
  Composer& end_object();
  Composer& begin_list();
  Composer& end_list();
  Composer& key(std::string_view name);

  Composer& text(std::string_view value);
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  Composer& number(Number value) {
    if constexpr (std::signed_integral<Number>) {
      return signed_number(value);
    } else {
      return unsigned_number(value);
    }
  }
  template <std::same_as<bool> Boolean>
  Composer& boolean(Boolean value) {
    return truth(value);
  }
  Composer& null();
  /// A value that is JSON already, copied: a stored body, a number of many digits. The caller must ensure that it is JSON; an
  /// empty text becomes null.
  Composer& raw(std::string_view json);
  /// A parsed value, without its white space.
  Composer& value(const Value& value);

  // A member: its key, and the value or its beginning.
  Composer& begin_object(std::string_view name) { return key(name).begin_object(); }
  Composer& begin_list(std::string_view name) { return key(name).begin_list(); }
  Composer& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  template <class Number>
  Composer& number(std::string_view name, Number value) {
    return key(name).number(value);
  }
  template <class Boolean>
  Composer& boolean(std::string_view name, Boolean value) {
    return key(name).boolean(value);
  }
  Composer& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }

  /// Bytes so far.
  std::size_t size() const;
  /// The whole value; aborts (CHECK) if an object or a list is open. The composer must not be used afterwards.
  std::string finish();

 private:
  struct State;
  Composer& signed_number(std::int64_t value);
  Composer& unsigned_number(std::uint64_t value);
  Composer& truth(bool value);

  std::unique_ptr<State> state_;
};

/// A text as a JSON string, in quotes.
std::string as_json(std::string_view text);
/// A parsed value, without its white space.
std::string compact(const Value& value);

}  // namespace vardbron::json
