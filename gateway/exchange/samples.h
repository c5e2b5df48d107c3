#pragma once

// Tested by tests/exchange/samples_test.cpp.

#include "gateway/exchange/case_change.h"
#include "gateway/exchange/channel.h"
#include "gateway/store/samples.h"

#include <string>
#include <vector>

namespace vardbron::exchange {

/// An invented message, as a sender of that channel writes it.
struct SampleMessage {
  std::string channel, content_type, body;
};

/// What is stored of these messages, each as the first of a case of its own: the message, its link, and the resources of the
/// commit. The same at any time of day and on any machine. A message that is refused is a sample of itself only.
store::Samples samples_of(Channels& channels, const std::vector<SampleMessage>& messages, const CaseRules& rules);

}  // namespace vardbron::exchange
