#include "gateway/formats/xml/parse.h"

#include "gateway/base/excerpt.h"
#include "gateway/formats/text_check.h"
#include "gateway/formats/xml/build.h"
#include "gateway/formats/xml/encoding.h"
#include "gateway/formats/xml/scan.h"

#include <utility>

namespace vardbron::xml {

namespace {

/// U+FFFE and U+FFFF are UTF-8, but no characters of XML. npos if there is none.
std::size_t find_noncharacter(std::string_view body) {
  std::size_t at = body.find("\xEF\xBF");
  while (at != std::string_view::npos && at + 2 < body.size()) {
    if (static_cast<unsigned char>(body[at + 2]) >= 0xBE) return at;
    at = body.find("\xEF\xBF", at + 3);
  }
  return std::string_view::npos;
}

constexpr std::size_t name_bytes_max = 60;

/// With the names of the tags that it is about: they are words of the sender's format.
std::string says_of(const Fault& fault, std::string_view body, const tree::Lines& lines) {
  std::string says = fault.says;
  if (!fault.tag.empty()) says += " It is '" + excerpt(fault.tag, name_bytes_max) + "'.";
  if (fault.open.empty()) return says;
  const auto start = static_cast<std::size_t>(fault.open.data() - body.data()) - 1;
  return says + " The open element is '" + excerpt(fault.open, name_bytes_max) + "', which begins at " +
         to_string(lines.at(start)) + ".";
}

Result<void> read(tree::Document& document, const ParseOptions& options) {
  const std::string_view body = document.body();
  tree::Lines lines;
  const auto fail = [&](Cause cause, const char* says, std::size_t offset) {
    return Failure{cause, says, to_string(lines.at(offset))};
  };
  const formats::TextCheck check = formats::check_text(body, lines);
  if (check.fault == formats::TextCheck::Fault::NotUtf8) return fail(Cause::Invalid, "The text is not UTF-8.", check.offset);
  if (check.fault != formats::TextCheck::Fault::None) {
    return fail(Cause::Invalid, "There is a control character.", check.offset);
  }
  if (const std::size_t at = find_noncharacter(body); at != std::string_view::npos) {
    return fail(Cause::Invalid, "There is a character that XML does not allow.", at);
  }
  Builder builder(document, options);
  Scanner scanner(builder, body);
  if (scanner.scan()) return done();
  const Fault& fault = scanner.fault();
  return Failure{fault.cause, says_of(fault, body, lines), to_string(lines.at(fault.offset))};
}

}  // namespace

Result<void> parse_into(tree::Document& into, std::string body, ParseOptions options) {
  into.clear();
  Result<std::string> converted = to_utf8(std::move(body));
  if (!converted) return std::move(converted).failure();
  if (converted->size() > tree::Document::body_bytes_max) return Failure{Cause::TooLarge, "The document is too large.", {}};
  into.own_body(*std::move(converted));
  if (options.positions) into.keep_positions();
  Result<void> result = read(into, options);
  if (!result) into.clear();
  return result;
}

Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options) {
  tree::Document document(names);
  Result<void> result = parse_into(document, std::move(body), options);
  if (!result) return std::move(result).failure();
  return document;
}

}  // namespace vardbron::xml
