#pragma once

// Tested by tests/system/app/receive_command_test.cpp and tests/system/app/mistakes_test.cpp.

#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <memory>
#include <string>

namespace vardbron::clients {

/// Calls one server from a command, waiting for each answer. Keeps its connection. One thread.
class WebClient {
 public:
  /// Invalid: no http(s) URL. `authorities`: PEM file of trusted authorities, "" = the system's; NotFound, Unsupported: it cannot
  /// be read or holds no certificates.
  static Result<WebClient> open(const std::string& url, const std::string& token, const std::string& authorities);
  WebClient(WebClient&&) noexcept;
  ~WebClient();

  /// `target` below the URL's path; "" = the URL itself. TimedOut, Broken: no answer.
  Result<http::Response> send(std::string method, std::string target, http::Fields fields, std::string body);

 private:
  struct State;
  explicit WebClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Prints why a client was not opened and returns the exit code: an invalid URL is WrongUse, an unreadable file Refused.
int print_unopened(const Failure& failure);

}  // namespace vardbron::clients
