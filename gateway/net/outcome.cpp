#include "gateway/net/outcome.h"

#include <boost/asio/error.hpp>

namespace vardbron::net {

namespace error = boost::asio::error;

Failure to_failure(const boost::system::error_code& ended, bool late) {
  if (late) return {Cause::TimedOut, "The peer was silent for too long.", ""};
  if (ended == error::operation_aborted || ended == error::bad_descriptor)
    return {Cause::Cancelled, "Waiting was cancelled.", ""};
  namespace errc = boost::system::errc;
  if (ended == errc::too_many_files_open || ended == errc::too_many_files_open_in_system || ended == errc::no_buffer_space ||
      ended == errc::not_enough_memory)
    return {Cause::Busy, "This machine has no room for another connection: " + ended.message() + ".", ""};
  return {Cause::Broken, "The connection failed: " + ended.message(), ""};
}

bool is_end(const boost::system::error_code& ended) { return ended == error::eof; }

}  // namespace vardbron::net
