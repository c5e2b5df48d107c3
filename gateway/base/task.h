#pragma once

#include <boost/asio/awaitable.hpp>

namespace vardbron {

namespace asio = boost::asio;

/// Work that may wait. Runs on the thread of the io_context it was spawned on and never leaves it.
template <class T = void>
using Task = asio::awaitable<T>;

}  // namespace vardbron
