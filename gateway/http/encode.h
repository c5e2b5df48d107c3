#pragma once

// Tested by tests/http/connection_test.cpp and tests/http/client_test.cpp.

#include "gateway/http/message.h"

#include <string>
#include <string_view>

namespace vardbron::http {

/// The standard words for a status; "" for a status without.
std::string_view reason(unsigned status);

/// Every field has a name and a value that cannot end the line or the head, and none that the connection sets itself. Beast does
/// not look at what it is told to write.
bool are_sendable(const Fields& fields);

/// An answer is one text, ready to be written.
struct AnswerFrame {
  bool keep_alive = true;
  bool to_head = false;  ///< the request was HEAD: the length is told, the body stays here
  std::string_view date;
};
std::string encode_answer(const Response& response, AnswerFrame frame);

/// `fields` of the request must be sendable.
std::string encode_request(const Request& request, std::string_view host);

}  // namespace vardbron::http
