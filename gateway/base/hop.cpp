#include "gateway/base/hop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vardbron {

Task<> hop(asio::any_io_executor there, Task<> work) { co_await asio::co_spawn(there, std::move(work), asio::use_awaitable); }

}  // namespace vardbron
