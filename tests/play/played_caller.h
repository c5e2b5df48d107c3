#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/http/message.h"

#include <memory>
#include <string>

namespace vardbron::play {

/// Calls the gateway as one organisation, over one kept connection. Lives on one loop.
class PlayedCaller {
 public:
  PlayedCaller(std::uint16_t port, std::string token, Clock& clock);
  ~PlayedCaller();
  PlayedCaller(PlayedCaller&&) noexcept;

  Task<Result<http::Response>> call(std::string method, std::string target, std::string content_type, std::string body,
                                    http::Fields more = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A Cosmic-style notice (synthetic) from the samples below mappings/, under another identity and case.
struct NoticeName {
  std::string sample = "admission";
  std::string message, of_case;
};
std::string cosmic_notice(const NoticeName& name);

/// A Subscription to everything its organisation is party to.
std::string subscription_to(const std::string& endpoint, const std::string& content);

}  // namespace vardbron::play
