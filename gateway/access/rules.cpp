#include "gateway/access/rules.h"

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

store::Reader reader_of(const Caller& caller) {
  if (caller.may_operate) return store::Reader{caller.organisation, true};
  // An organisation without a name is no party to anything.
  return store::Reader{caller.may_receive ? caller.organisation : std::string(), false};
}

}  // namespace vardbron::access
