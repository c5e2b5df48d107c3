#include "gateway/store/meta.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/member_text.h"

#include <optional>

namespace vardbron::store {

namespace {

using json::WrittenMember;
using json::WrittenMembers;

std::string new_meta(std::string_view old, std::int64_t version, WallTime last_updated) {
  std::string meta =
      R"("meta":{"versionId":")" + std::to_string(version) + R"(","lastUpdated":")" + to_instant(last_updated) + '"';
  if (old.starts_with('{')) {
    WrittenMembers members(old);
    while (std::optional<WrittenMember> member = members.next()) {
      if (member->name == "versionId" || member->name == "lastUpdated") continue;
      meta += ',';
      meta += old.substr(member->begin, member->end - member->begin);
    }
  }
  meta += '}';
  return meta;
}

}  // namespace

std::string with_meta(std::string_view body, std::int64_t version, WallTime last_updated) {
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || body[start] != '{') return std::string(body);
  WrittenMembers members(body);
  std::size_t behind = 0;  // meta goes after resourceType and id, where FHIR's own examples have it
  std::optional<WrittenMember> meta;
  bool any = false;
  while (std::optional<WrittenMember> member = members.next()) {
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
