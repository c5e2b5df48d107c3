#include "gateway/mapping/syntax/parse.h"

#include "gateway/base/limits.h"
#include "gateway/mapping/syntax/comments.h"
#include "gateway/mapping/syntax/lex.h"
#include "gateway/mapping/syntax/parse_codes.h"
#include "gateway/mapping/syntax/parse_rule.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

namespace syntax {

std::string_view Map::meta(std::string_view path) const {
  for (const Metadata& line : metadata) {
    if (line.path == path) return line.value;
  }
  return {};
}

tree::Position Map::position(Offset offset) const {
  tree::Position position{1, 1};
  std::size_t end = std::min<std::size_t>(offset, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    ++position.column;
    if (text[i] == '\n') position = {position.line + 1, 1};
  }
  return position;
}

std::string Map::where(Offset offset) const {
  tree::Position at = position(offset);
  return file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace syntax

namespace {

using syntax::Name;

class Parser {
 public:
  explicit Parser(syntax::Map& map) : map_(map), lexer_(map.text), rules_(map, lexer_), codes_(lexer_, rules_) {}

  Result<void> run() {
    while (true) {
      read_metadata();
      const Token& token = lexer_.peek();
      if (token.kind == Token::Kind::End) break;
      Result<void> read = read_declaration();
      if (!read) return read;
    }
    if (map_.groups.empty()) return rules_.fail("a map needs at least one group");
    return done();
  }

 private:
  void read_metadata() {
    syntax::Metadata line;
    while (lexer_.take_metadata(line)) map_.metadata.push_back(line);
  }

  Result<void> read_declaration() {
    if (lexer_.take_if("map")) return read_header();
    if (lexer_.peek().is("conceptmap") || lexer_.peek().is("conceptMap")) return codes_.read(map_.concept_maps);
    if (lexer_.take_if("uses")) return read_uses();
    if (lexer_.take_if("imports")) return read_import();
    if (lexer_.take_if("let")) return read_constant();
    if (lexer_.take_if("group")) return read_group();
    return rules_.expected("'uses', 'imports', 'let', 'conceptmap' or 'group'");
  }

  Result<void> read_header() {
    Result<Name> url = rules_.quoted("the map's url in quotes");
    if (!url) return std::move(url).failure();
    if (!lexer_.take_if("=")) return rules_.expected("'=' between the map's url and name");
    Result<Name> name = rules_.name("the map's name");
    if (!name) return std::move(name).failure();
    map_.metadata.push_back({"url", url->text, url->offset, url->offset});
    map_.metadata.push_back({"name", name->text, name->offset, name->offset});
    return done();
  }

  Result<void> read_uses() {
    syntax::Uses uses;
    Result<Name> canonical = rules_.quoted("the model's url in quotes");
    if (!canonical) return std::move(canonical).failure();
    uses.canonical = std::move(*canonical);
    if (lexer_.take_if("alias")) {
      Result<Name> alias = rules_.name("a name after 'alias'");
      if (!alias) return std::move(alias).failure();
      uses.alias = std::move(*alias);
    }
    if (!lexer_.take_if("as")) return rules_.expected("'as source', 'as target', 'as queried' or 'as produced'");
    static constexpr std::array<std::string_view, 4> modes{"source", "queried", "target", "produced"};
    const auto* mode = std::find(modes.begin(), modes.end(), lexer_.peek().text);
    if (mode == modes.end()) return rules_.expected("source, target, queried or produced");
    lexer_.take();
    uses.mode = static_cast<syntax::ModelMode>(mode - modes.begin());
    lexer_.take_if(";");
    map_.uses.push_back(std::move(uses));
    return done();
  }

  Result<void> read_import() {
    Result<Name> url = rules_.quoted("the imported map's url in quotes");
    if (!url) return std::move(url).failure();
    map_.imports.push_back(std::move(*url));
    lexer_.take_if(";");
    return done();
  }

  Result<void> read_constant() {
    syntax::Constant constant;
    Result<Name> name = rules_.word("the constant's name");
    if (!name) return std::move(name).failure();
    constant.name = std::move(*name);
    for (const syntax::Constant& other : map_.constants) {
      if (other.name.text == constant.name.text)
        return rules_.fail_at(constant.name.offset, "the constant '" + constant.name.text + "' is declared twice");
    }
    if (!lexer_.take_if("=")) return rules_.expected("'=' after the constant's name");
    lexer_.cut_statement(constant.value);
    if (!constant.value) return rules_.expected("a FHIRPath expression after '='");
    if (!lexer_.take_if(";")) return rules_.expected("';' after the constant");
    map_.constants.push_back(std::move(constant));
    return done();
  }

  Result<void> read_group() {
    syntax::Group group;
    Result<Name> name = rules_.name("the group's name");
    if (!name) return std::move(name).failure();
    group.name = std::move(*name);
    Result<void> parameters = read_parameters(group);
    if (!parameters) return parameters;
    if (lexer_.take_if("extends")) {
      Result<Name> extends = rules_.name("the name of the group it extends");
      if (!extends) return std::move(extends).failure();
      group.extends = std::move(*extends);
    }
    Result<void> mode = read_type_mode(group);
    if (!mode) return mode;
    Result<void> rules = rules_.read_block(group.rules, group.close, 0);
    if (!rules) return rules;
    map_.groups.push_back(std::move(group));
    return done();
  }

  Result<void> read_parameters(syntax::Group& group) {
    if (!lexer_.take_if("(")) return rules_.expected("'(' and the group's parameters");
    if (lexer_.take_if(")")) return done();  // a group that others extend
    do {
      syntax::Parameter parameter;
      parameter.is_source = lexer_.peek().is("source");
      if (!parameter.is_source && !lexer_.peek().is("target")) return rules_.expected("'source' or 'target'");
      lexer_.take();
      Result<Name> name = rules_.word("the parameter's name");
      if (!name) return std::move(name).failure();
      parameter.name = std::move(*name);
      if (lexer_.take_if(":")) {
        Result<Name> type = rules_.type_name();
        if (!type) return std::move(type).failure();
        parameter.type = std::move(*type);
      }
      group.parameters.push_back(std::move(parameter));
    } while (lexer_.take_if(","));
    if (!lexer_.take_if(")")) return rules_.expected("',' or ')' after the parameter");
    return done();
  }

  Result<void> read_type_mode(syntax::Group& group) {
    if (!lexer_.take_if("<<")) return done();
    if (lexer_.take_if("types")) {
      group.mode = syntax::TypeMode::Types;
    } else if (lexer_.take_if("type")) {
      if (!lexer_.take_if("+")) return rules_.expected("'types' or 'type+'");
      group.mode = syntax::TypeMode::TypePlus;
    } else {
      return rules_.expected("'types' or 'type+'");
    }
    if (!lexer_.take_if(">>")) return rules_.expected("'>>'");
    return done();
  }

  syntax::Map& map_;
  Lexer lexer_;
  RuleParser rules_;
  CodesParser codes_;
};

}  // namespace

Result<syntax::Map> parse(std::string file, std::string text) {
  syntax::Map map;
  map.file = std::move(file);
  map.text = std::move(text);
  if (map.text.size() > limits::body_bytes_max)
    return Failure{Cause::TooLarge, "the map is larger than body_bytes_max", map.file};
  Result<void> read = Parser(map).run();
  if (!read) return std::move(read).failure();
  map.comments = comments_of(map);
  return map;
}

}  // namespace vardbron::mapping
