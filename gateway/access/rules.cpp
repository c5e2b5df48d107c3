#include "gateway/access/rules.h"

#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <string_view>

namespace vardbron::access {

namespace {

struct RightWord {
  bool held;
  std::string_view word;
};

RightWord word_of(const Caller& caller, Right right) {
  switch (right) {
    case Right::Send: return {caller.may_send, "send"};
    case Right::Receive: return {caller.may_receive, "receive"};
    case Right::Operate: return {caller.may_operate, "operate"};
  }
  return {false, ""};
}

}  // namespace

Result<void> require(const Caller& caller, Right right) {
  RightWord word = word_of(caller, right);
  if (word.held) return done();
  return Failure{Cause::Forbidden,
                 "This caller lacks the right to " + std::string(word.word) +
                     ": its rights in the gateway's configuration lack \"" + std::string(word.word) + "\".",
                 ""};
}

bool may_see(const Caller& caller, std::span<const std::string> parties) {
  if (caller.may_operate) return true;
  if (!caller.may_receive || caller.organisation.empty()) return false;
  return std::find(parties.begin(), parties.end(), caller.organisation) != parties.end();
}

std::string_view owner_of(std::string_view case_key) {
  for (std::string_view start : {"plan|", "sip|"})
    if (case_key.starts_with(start)) case_key.remove_prefix(start.size());
  const std::size_t end = case_key.find('|');
  return end == std::string_view::npos ? std::string_view() : case_key.substr(0, end);
}

bool may_read_log(const Caller& caller, const store::AuditRow& row) {
  if (caller.may_operate) return true;
  if (!caller.may_receive || caller.organisation.empty()) return false;
  const auto is_own = [&](std::string_view organisation) {
    return organisation == caller.organisation || sweden::same_body(organisation, caller.organisation);
  };
  return is_own(row.caller) || is_own(owner_of(row.case_key));
}

store::Reader reader_of(const Caller& caller) {
  if (caller.may_operate) return store::Reader{caller.organisation, true};
  // An organisation without a name is no party to anything.
  return store::Reader{caller.may_receive ? caller.organisation : std::string(), false};
}

}  // namespace vardbron::access
