#include "gateway/net/workers.h"

#include "gateway/base/check.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>

#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace vardbron::net {

struct Workers::Loop {
  using Guard = asio::executor_work_guard<asio::io_context::executor_type>;

  asio::io_context io{1};
  std::optional<Guard> stay{asio::make_work_guard(io)};
  std::thread thread;
};

Workers::Workers(std::size_t count) : loops_(std::make_unique<Loop[]>(count)), count_(count) { CHECK(count > 0); }

Workers::~Workers() {
  stop();
  join();
}

void Workers::start() {
  for (std::size_t worker = 0; worker < count_; ++worker) {
    Loop& loop = loops_[worker];
    CHECK(!loop.thread.joinable());
    loop.thread = std::thread([&loop, worker]() noexcept {
      pthread_setname_np(pthread_self(), ("worker " + std::to_string(worker)).c_str());
      loop.io.run();
    });
  }
}

std::size_t Workers::size() const { return count_; }

asio::any_io_executor Workers::executor(std::size_t worker) const {
  CHECK(worker < count_);
  return loops_[worker].io.get_executor();
}

void Workers::post(std::size_t worker, std::function<void()> work) { asio::post(executor(worker), std::move(work)); }

void Workers::spawn(std::size_t worker, Task<void> work) {
  auto on_end = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  asio::co_spawn(executor(worker), std::move(work), on_end);
}

void Workers::join() {
  for (std::size_t worker = 0; worker < count_; ++worker) {
    Loop& loop = loops_[worker];
    loop.stay.reset();
    if (loop.thread.joinable()) loop.thread.join();
  }
}

void Workers::stop() {
  for (std::size_t worker = 0; worker < count_; ++worker) loops_[worker].io.stop();
}

}  // namespace vardbron::net
