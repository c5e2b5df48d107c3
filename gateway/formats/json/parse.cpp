#include "gateway/formats/json/parse.h"

#include "gateway/formats/json/build.h"
#include "gateway/formats/json/scan.h"
#include "gateway/formats/text_check.h"

#include <utility>

namespace vardbron::json {

namespace {

const char* sentence(formats::TextCheck::Fault fault) {
  return fault == formats::TextCheck::Fault::NotUtf8 ? "The text is not UTF-8." : "There is a control character.";
}

}  // namespace

struct Parser::State {
  explicit State(const ParseOptions& given) : options(given), builder(given), scanner(builder, given.fhir) {}

  Failure fail(Cause cause, const char* says, std::size_t offset) const { return {cause, says, to_string(lines.at(offset))}; }

  Result<void> read(tree::Document& document) {
    const std::string_view body = document.body();
    const formats::TextCheck check = formats::check_text(body, lines);
    if (check.fault != formats::TextCheck::Fault::None) return fail(Cause::Invalid, sentence(check.fault), check.offset);
    if (body.starts_with("\xEF\xBB\xBF")) return fail(Cause::Invalid, "A byte order mark stands in front of the document.", 0);
    builder.start(document);
    if (scanner.scan(document.body_bytes(), body.data() + body.size())) return done();
    const Builder::Fault& fault = scanner.fault();
    return fail(fault.cause, fault.says, fault.offset);
  }

  ParseOptions options;
  Builder builder;
  tree::Lines lines;
  Scanner scanner;
};

Parser::Parser(ParseOptions options) : state_(std::make_unique<State>(options)) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Result<void> Parser::parse(std::string body, tree::Document& into) {
  into.clear();
  if (body.size() > tree::Document::body_bytes_max) return Failure{Cause::TooLarge, "The document is too large.", {}};
  into.own_body(std::move(body));
  if (state_->options.positions) into.keep_positions();
  Result<void> read = state_->read(into);
  if (!read) into.clear();
  return read;
}

Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options) {
  tree::Document document(names);
  Result<void> read = Parser(options).parse(std::move(body), document);
  if (!read) return std::move(read).failure();
  return document;
}

}  // namespace vardbron::json
