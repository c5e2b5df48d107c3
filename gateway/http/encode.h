#pragma once

// Tested by tests/http/connection_test.cpp and tests/http/client_test.cpp.

#include "gateway/http/message.h"

#include <string>
#include <string_view>

namespace vardbron::http {

/// The standard reason phrase of a status; "" if there is none.
std::string_view reason(unsigned status);

/// True if each field's name and value cannot end the line or the head, and none is one that the connection sets itself. Beast
/// does not check what it writes.
bool are_sendable(const Fields& fields);

/// How an answer is written as one text.
struct AnswerFrame {
  bool keep_alive = true;
  bool to_head = false;  ///< the request was HEAD: the length is written without the body
  std::string_view date;
};
std::string encode_answer(const Response& response, AnswerFrame frame);

/// `fields` of the request must be sendable.
std::string encode_request(const Request& request, std::string_view host);

}  // namespace vardbron::http
