#include "gateway/base/check.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/value.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/compare.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace vardbron;
using Kind = json::Value::Kind;

std::string_view text_of(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

// Numbers are read as texts, so a number and a text differ only in what was written.
bool is_same(const rapidjson::Value& theirs, const json::Value& ours) {
  switch (ours.kind) {
    case Kind::Null: return theirs.IsNull();
    case Kind::Boolean: return theirs.IsBool() && theirs.GetBool() == (ours.text == "true");
    case Kind::Number:
    case Kind::Text: return theirs.IsString() && text_of(theirs) == ours.text;
    case Kind::List:
      return theirs.IsArray() && std::equal(theirs.Begin(), theirs.End(), ours.items.begin(), ours.items.end(), is_same);
    case Kind::Object:
      return theirs.IsObject() && std::equal(theirs.MemberBegin(), theirs.MemberEnd(), ours.members.begin(), ours.members.end(),
                                             [](const auto& their, const json::Value::Member& our) {
                                               return text_of(their.name) == our.name && is_same(their.value, our.value);
                                             });
  }
  return false;
}

bool is_one_of(std::string_view says, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), says) != known.end();
}

bool has_empty_list(const json::Value& value) {
  if (value.is(Kind::List) && value.items.empty()) return true;
  return std::any_of(value.items.begin(), value.items.end(), has_empty_list) ||
         std::any_of(value.members.begin(), value.members.end(), [](const auto& each) { return has_empty_list(each.value); });
}

/// RapidJSON as it comes, beside the reader of ours that is made of it. All differences of verdict:
///  * RapidJSON refuses numbers beyond a double; ours are kept as they were written;
///  * RapidJSON lets keys come twice or be empty, and accepts a lone low surrogate;
///  * RapidJSON takes a NUL for the end;
///  * ours has limits.
void compare_with_rapidjson(const std::string& text, const Result<json::Value>& ours) {
  rapidjson::Document theirs;
  const std::string padded = text + std::string(4, '\0');  // its check of UTF-8 reads past the end of a sequence that is cut off
  rapidjson::StringStream stream(padded.c_str());
  theirs.ParseStream<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag |
                     rapidjson::kParseIterativeFlag>(stream);
  if (theirs.HasParseError()) {
    CHECK(!ours.ok() || theirs.GetParseError() == rapidjson::kParseErrorNumberTooBig);
  } else if (ours) {
    CHECK(is_same(theirs, *ours));
  } else {
    CHECK(ours.failure().cause == Cause::TooLarge || text.find('\0') != std::string::npos ||
          is_one_of(ours.failure().says, {"A key comes twice.", "A key is empty.", "A text holds half a surrogate pair."}));
  }
}

/// The lossless reader beside it. All differences of verdict:
///  * a document is an object, or a list when it is no FHIR; a value alone is none;
///  * FHIR's own rules (json/parse.h), when it is FHIR;
///  * limits, which count other things.
void compare_with_lossless(const Result<tree::Document>& lossless, const Result<json::Value>& value, bool fhir) {
  if (lossless) {
    CHECK(value.ok());
    if (fhir || has_empty_list(*value)) return;
    const std::string written = json::write(*lossless, {.fhir = false});
    const Result<json::Value> again = json::read_value(written);
    CHECK(again.ok() && *again == *value);
  } else if (value && !fhir) {
    CHECK(lossless.failure().cause == Cause::TooLarge || !(value->is(Kind::Object) || value->is(Kind::List)));
  }
}

void read_back(const tree::Document& document, const tree::Names& names, bool fhir) {
  const std::string compact = json::write(document, {.fhir = fhir});
  Result<tree::Document> back = json::parse(compact, names, {.fhir = fhir});
  CHECK(back.ok());
  CHECK(tree::differences(document, *back).empty());
  CHECK(json::write(*back, {.fhir = fhir}) == compact);
  Result<tree::Document> from_pretty = json::parse(json::write(document, {.pretty = true, .fhir = fhir}), names, {.fhir = fhir});
  CHECK(from_pretty.ok());
  CHECK(tree::differences(document, *from_pretty).empty());
}

}  // namespace

/// What is accepted is written and read back as the same, compact and pretty, as FHIR and as any schema; and three readers, the
/// lossless one, ours of RapidJSON and RapidJSON as it comes, accept the same texts with the same values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Result<json::Value> value = json::read_value(text);
  compare_with_rapidjson(text, value);
  if (value) {
    const std::string composed = json::compact(*value);
    const Result<json::Value> again = json::read_value(composed);
    CHECK(again.ok() && *again == *value);
    CHECK(json::compact(*again) == composed);
  } else {
    CHECK(!value.failure().says.empty());
  }
  const tree::Names names;
  for (const bool fhir : {true, false}) {
    Result<tree::Document> document = json::parse(text, names, {.fhir = fhir, .positions = true});
    compare_with_lossless(document, value, fhir);
    if (document) {
      read_back(*document, names, fhir);
    } else {
      CHECK(!document.failure().says.empty());
    }
  }
  return 0;
}
