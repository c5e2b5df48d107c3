#include "gateway/store/stamp.h"

#include "gateway/base/text.h"

#include <optional>

namespace vardbron::store {

namespace {

bool is_space(char letter) { return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t'; }

std::size_t past_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

std::size_t past_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

std::size_t past_value(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    char letter = text[at];
    if (letter == '"') {
      at = past_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (depth == 0 && (letter == ',' || letter == '}' || letter == ']')) return at;
    if (letter == '{' || letter == '[') ++depth;
    if ((letter == '}' || letter == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return at;
}

/// A member of an object as it stands in the text.
struct Member {
  std::string_view name, value;
  std::size_t begin = 0, end = 0;
};

/// Walks the members of an object that our own writer wrote (or at least our own parser accepted).
class Members {
 public:
  explicit Members(std::string_view object) : text_(object), at_(object.find('{') + 1) {}
  std::optional<Member> next() {
    at_ = past_spaces(text_, at_);
    if (at_ < text_.size() && text_[at_] == ',') at_ = past_spaces(text_, at_ + 1);
    if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
    Member member;
    member.begin = at_;
    std::size_t name_end = past_string(text_, at_);
    std::size_t value = past_spaces(text_, name_end);
    if (name_end > text_.size() || value >= text_.size() || text_[value] != ':') return std::nullopt;
    value = past_spaces(text_, value + 1);
    member.end = past_value(text_, value);
    if (member.end > text_.size()) return std::nullopt;
    member.name = text_.substr(at_ + 1, name_end - at_ - 2);
    member.value = text_.substr(value, member.end - value);
    at_ = member.end;
    return member;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

std::string new_meta(std::string_view old, std::int64_t version, WallTime last_updated) {
  std::string meta =
      R"("meta":{"versionId":")" + std::to_string(version) + R"(","lastUpdated":")" + to_instant(last_updated) + '"';
  if (old.starts_with('{')) {
    Members members(old);
    while (std::optional<Member> member = members.next()) {
      if (member->name == "versionId" || member->name == "lastUpdated") continue;
      meta += ',';
      meta += old.substr(member->begin, member->end - member->begin);
    }
  }
  meta += '}';
  return meta;
}

}  // namespace

std::string stamped(std::string_view body, std::int64_t version, WallTime last_updated) {
  std::size_t start = past_spaces(body, 0);
  if (start >= body.size() || body[start] != '{') return std::string(body);
  Members members(body);
  std::size_t behind = 0;  // meta goes behind resourceType and id, where FHIR's own examples have it
  std::optional<Member> meta;
  bool any = false;
  while (std::optional<Member> member = members.next()) {
    any = true;
    if (member->name == "resourceType" || member->name == "id") behind = member->end;
    if (member->name == "meta") meta = member;
  }
  std::string text;
  text.reserve(body.size() + 80);
  if (meta) {
    text += body.substr(0, meta->begin);
    text += new_meta(meta->value, version, last_updated);
    text += body.substr(meta->end);
  } else if (behind > 0) {
    text += body.substr(0, behind);
    text += ',';
    text += new_meta({}, version, last_updated);
    text += body.substr(behind);
  } else {
    text += body.substr(0, start + 1);
    text += new_meta({}, version, last_updated);
    if (any) text += ',';
    text += body.substr(start + 1);
  }
  return text;
}

}  // namespace vardbron::store
