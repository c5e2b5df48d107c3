#pragma once

#include "gateway/base/check.h"
#include "gateway/base/random.h"
#include "gateway/search/query.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "temporary_directory.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace vardbron::store {

/// For tasks that have no parent because a whole io_context is made for them: what they throw is thrown by its run().
inline void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

/// A SQLite store in a temporary directory, real time, real threads.
class SqliteHouse {
 public:
  struct Closed {};  ///< to be opened later, or not
  SqliteHouse() { open(); }
  explicit SqliteHouse(Closed) {}
  explicit SqliteHouse(LogSizes log) : log_(log) { open(); }
  bool is_open() const { return store_ != nullptr; }
  Store& store() { return *store_; }
  std::filesystem::path file() const { return directory_.path() / "data" / "vardbron.db"; }
  std::filesystem::path seal_key() const { return directory_.path() / "data" / "seal.key"; }

  template <class T>
  T run(Task<T> task) {
    asio::io_context io;
    std::optional<T> value;
    asio::co_spawn(io, keep(std::move(task), value), rethrow);
    io.run();
    CHECK(value);
    return std::move(*value);
  }
  /// Runs the tasks beside each other on four threads.
  void together(std::vector<Task<>> tasks) {
    constexpr std::size_t count = 4;
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    for (std::size_t at = 0; at < count; ++at) contexts.push_back(std::make_unique<asio::io_context>());
    for (std::size_t at = 0; at < tasks.size(); ++at) asio::co_spawn(*contexts[at % count], std::move(tasks[at]), rethrow);
    std::vector<std::thread> threads;
    for (std::unique_ptr<asio::io_context>& io : contexts) threads.emplace_back([&io] { io->run(); });
    for (std::thread& thread : threads) thread.join();
  }
  void close() {
    asio::io_context io;
    asio::co_spawn(io, store_->close(), rethrow);
    io.run();
    store_.reset();
  }
  void open() { CHECK(try_open()); }
  Result<void> try_open() {
    SqliteOptions options;
    options.directory = directory_.path() / "data";
    options.log = log_;
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock_, random_);
    if (!opened) return std::move(opened).failure();
    store_ = *std::move(opened);
    return done();
  }
  /// A store that a test opened by itself.
  void use(std::unique_ptr<Store> store) { store_ = std::move(store); }
  /// Puts a store that another program left in the place of this one's; open() comes next.
  void close_and_take(const std::filesystem::path& fixture);
  /// Before a test looks into the tables of keys: those of what was committed are in them afterwards.
  void write_keys() {
    search::Query query;
    query.resource_type = "Basic";
    CHECK(run(store_->search({}, query)));
  }
  void reopen() {
    close();
    open();
  }
  /// After a disk error: the store goes on by itself. False: it did not for as long as a test may wait.
  bool wait_until_writing() {
    for (int times = 0; times < 600; ++times) {
      Result<StoreCondition> condition = run(store_->condition());
      if (condition && condition->is_writing) return true;
      run(pause());
    }
    return false;
  }
  void flip_journal_byte(std::int64_t number);

 private:
  Task<bool> pause() { return clock_.sleep_until(clock_.now() + std::chrono::milliseconds(50)); }
  template <class T>
  static Task<> keep(Task<T> task, std::optional<T>& into) {
    into.emplace(co_await std::move(task));
  }

  LogSizes log_{};
  TemporaryDirectory directory_;
  RealClock clock_;
  SystemRandom random_;
  std::unique_ptr<Store> store_;
};

}  // namespace vardbron::store
