#include "gateway/base/run_on.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vardbron {

Task<> run_on(asio::any_io_executor there, Task<> work) { co_await asio::co_spawn(there, std::move(work), asio::use_awaitable); }

void post_to(const asio::any_io_executor& there, std::function<void()> work) { asio::post(there, std::move(work)); }

}  // namespace vardbron
