#include "gateway/formats/json/value.h"

#include "gateway/base/utf8.h"
#include "gateway/tree/document.h"
#include "gateway/tree/lines.h"

#include <rapidjson/reader.h>

#include <algorithm>
#include <utility>

namespace vardbron::json {

namespace {

using Kind = Value::Kind;

/// RapidJSON's input stream over a text without a final NUL. RapidJSON computes numbers and refuses those beyond a double; ours
/// are not computed, so it sees only as many digits as it needs to recognise a number.
class Input {
 public:
  using Ch = char;

  explicit Input(std::string_view text) : text_(text) {}

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Take() {
    const char taken = Peek();
    if (at_ < text_.size()) ++at_;
    in_text_ ? look_for_end(taken) : look_for_digits(taken);
    return taken;
  }
  std::size_t Tell() const { return at_; }
  bool is_at_end() const { return at_ == text_.size(); }

  // Output functions, required by RapidJSON, never called.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  void look_for_end(char taken) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else {
      is_escaped_ = taken == '\\';
      in_text_ = taken != '"';
    }
  }
  void look_for_digits(char taken) {
    constexpr int digits_shown = 16, exponent_digits_shown = 2;
    in_text_ = taken == '"';
    if (is_digit(taken)) {
      if (++digits_ >= digits_max_) {
        while (is_digit(Peek())) ++at_;
      }
      return;
    }
    digits_ = 0;
    if (taken == 'e' || taken == 'E') {
      digits_max_ = exponent_digits_shown;
    } else if (taken != '+' && taken != '-') {
      digits_max_ = digits_shown;
    }
  }
  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  std::string_view text_;
  std::size_t at_ = 0;
  bool in_text_ = false, is_escaped_ = false;
  int digits_ = 0, digits_max_ = 16;
};

struct Fault {
  Cause cause = Cause::Invalid;
  const char* says = nullptr;
  std::size_t offset = 0;
};

/// Handles RapidJSON's events and refuses what it accepts and read_value must not.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Builder(std::string_view text, const Input& input, const ReadOptions& options)
      : text_(text), input_(input), options_(options) {}

  bool Null() { return add(Kind::Null) != nullptr; }
  bool Bool(bool) { return add_as_written(Kind::Boolean); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return add_as_written(Kind::Number); }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    Value* value = add(Kind::Text);
    if (value == nullptr || !is_whole({text, length}, value->written)) return false;
    value->text.assign(text, length);
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view written = take_written();
    if (!is_whole({text, length}, written)) return false;
    if (length == 0) return refuse("A key is empty.", written);
    std::vector<Value::Member>& members = open_.back()->members;
    if (members.size() >= options_.members_max) return refuse("An object has too many members.", written, Cause::TooLarge);
    members.push_back({std::string(text, length), {}});
    keys_.push_back(written);
    return true;
  }
  bool StartObject() { return open(Kind::Object); }
  bool EndObject(rapidjson::SizeType) {
    const std::size_t members = open_.back()->members.size();
    const std::size_t twin = second_of_twins(open_.back()->members);
    if (twin < members) return refuse("A key comes twice.", keys_[keys_.size() - members + twin]);
    keys_.resize(keys_.size() - members);
    return close();
  }
  bool StartArray() { return open(Kind::List); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  const Fault& fault() const { return fault_; }
  Value& root() { return root_; }

 private:
  /// The text read since the last event, without separators; at a bracket's event RapidJSON has not read the bracket yet.
  std::string_view take_written() {
    const std::size_t end = input_.Tell(), begin = std::min(text_.find_first_not_of(" \t\r\n,:", read_), end);
    read_ = end;
    return text_.substr(begin, end - begin);
  }

  Value* add(Kind kind) {
    const std::string_view written = take_written();
    if (++values_ > options_.values_max) return refuse("The document has too many elements.", written, Cause::TooLarge), nullptr;
    Value& value = place();
    value.kind = kind;
    value.written = written;
    return &value;
  }
  Value& place() {
    if (open_.empty()) return root_;
    Value& parent = *open_.back();
    return parent.is(Kind::List) ? parent.items.emplace_back() : parent.members.back().value;
  }
  bool add_as_written(Kind kind) {
    Value* value = add(kind);
    if (value != nullptr) value->text = value->written;
    return value != nullptr;
  }
  bool open(Kind kind) {
    Value* value = add(kind);
    if (value == nullptr) return false;
    if (open_.size() >= options_.depth_max) return refuse("The document is nested too deep.", value->written, Cause::TooLarge);
    open_.push_back(value);  // stays where it is: its parent takes no other value before it is closed
    read_ = offset_of(value->written) + 1;
    return true;
  }
  bool close() {
    Value& value = *open_.back();
    open_.pop_back();
    read_ = input_.Tell() + 1;
    const std::size_t begin = offset_of(value.written);
    value.written = text_.substr(begin, read_ - begin);
    return true;
  }
  std::size_t offset_of(std::string_view part) const { return static_cast<std::size_t>(part.data() - text_.data()); }

  /// RapidJSON decodes a lone low surrogate to three bytes that are no UTF-8.
  bool is_whole(std::string_view text, std::string_view written) {
    return is_utf8(text) || refuse("A text holds half a surrogate pair.", written);
  }

  /// members.size() if all names differ.
  std::size_t second_of_twins(const std::vector<Value::Member>& members) {
    order_.resize(members.size());
    for (std::size_t at = 0; at < order_.size(); ++at) order_[at] = at;
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t one, std::size_t other) { return members[one].name < members[other].name; });
    const auto twin = std::adjacent_find(order_.begin(), order_.end(), [&](std::size_t one, std::size_t other) {
      return members[one].name == members[other].name;
    });
    return twin == order_.end() ? members.size() : *(twin + 1);
  }

  bool refuse(const char* says, std::string_view written, Cause cause = Cause::Invalid) {
    fault_ = {cause, says, offset_of(written)};
    return false;
  }

  std::string_view text_;
  const Input& input_;
  const ReadOptions& options_;
  std::size_t read_ = 0, values_ = 0;
  Value root_;
  std::vector<Value*> open_;
  std::vector<std::string_view> keys_;  // of the open objects, as written
  std::vector<std::size_t> order_;
  Fault fault_;
};

const char* sentence(rapidjson::ParseErrorCode code, char at, bool is_end) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty: return is_end ? "The document is empty." : "A value is missing or is no JSON.";
    case rapidjson::kParseErrorDocumentRootNotSingular: return "Something follows the end of the document.";
    case rapidjson::kParseErrorObjectMissName: return "A key in double quotes is missing.";
    case rapidjson::kParseErrorObjectMissColon: return "A colon behind the key is missing.";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "A comma or the closing brace is missing.";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "A comma or the closing bracket is missing.";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex: return "An escape \\u needs four hexadecimal digits.";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return "A text holds half a surrogate pair.";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return at == '\\' ? "A text holds an unknown escape." : "A text holds a control character; write it as an escape.";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return is_end ? "A text has no closing quote." : "A text holds a control character; write it as an escape.";
    case rapidjson::kParseErrorStringInvalidEncoding: return "The text is not UTF-8.";
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent: return "A number is not complete.";
    default: return "A value is missing or is no JSON.";
  }
}

Fault fault_of(const rapidjson::ParseResult& result, std::string_view text, const Builder& builder) {
  if (builder.fault().says != nullptr) return builder.fault();
  const std::size_t offset = std::min(result.Offset(), text.size());
  return {Cause::Invalid, sentence(result.Code(), offset < text.size() ? text[offset] : '\0', offset == text.size()), offset};
}

Failure failure_of(const Fault& fault, std::string_view text) {
  tree::Lines lines;
  lines.note(text);
  return {fault.cause, fault.says, to_string(lines.at(fault.offset))};
}

}  // namespace

const Value* Value::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(), [name](const Member& each) { return each.name == name; });
  return found == members.end() ? nullptr : &found->value;
}

std::string_view Value::text_of(std::string_view name) const {
  const Value* value = find(name);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

bool Value::operator==(const Value& other) const {
  return kind == other.kind && text == other.text && items == other.items && members == other.members;
}

Result<Value> read_value(std::string_view text, ReadOptions options) {
  if (text.size() > tree::Document::body_bytes_max) return Failure{Cause::TooLarge, "The document is too large.", {}};
  constexpr unsigned flags =
      rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  Input input(text);
  Builder builder(text, input, options);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(input, builder);
  if (!result) return failure_of(fault_of(result, text, builder), text);
  // RapidJSON takes a NUL for the end.
  if (!input.is_at_end()) return failure_of({Cause::Invalid, "Something follows the end of the document.", input.Tell()}, text);
  return std::move(builder.root());
}

}  // namespace vardbron::json
