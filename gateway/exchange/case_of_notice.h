#pragma once

// Tested by tests/exchange/case_of_notice_test.cpp.

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/notice.h"
#include "gateway/store/store.h"

#include <string>

namespace vardbron::exchange {

/// May the notice belong to a case that another organisation opened? Those of sluten vård, and what sluten vård alone says, open
/// or change a case of their own sender's only.
bool may_join_case(const care::Notice& notice);

struct CaseOfNotice {
  std::string key;
  /// The notice may be meant for a case that another organisation opened, and its sender is party to none of that ärende.
  bool is_apart = false;
};

/// The case that a notice belongs to. `notice.case_key` is that of the organisation that sends it, and it stays so when a case of
/// that key is one that the notice's sender may see, or when the sender may see none of the ärende that the notice names. Else it
/// is the case that the sender may see: two organisations may use one number, and only those count whose party the sender is.
/// A number in a namespace that a map made of the sender's organisation is looked for in those of other organisations too. Who is
/// no party any more reaches the case by what it corrects or cancels, if that is a notice it sent or got.
/// Invalid: there are several.
Task<Result<CaseOfNotice>> case_of(store::Store& store, const care::Notice& notice);

}  // namespace vardbron::exchange
