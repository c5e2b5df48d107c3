#include "gateway/store/sqlite/verify_thread.h"

#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/verify.h"

#include <pthread.h>

#include <memory>
#include <utility>

namespace vardbron::store {

VerifyThread::VerifyThread(std::filesystem::path file, std::filesystem::path key, std::shared_ptr<RowFollower> follower,
                           const Clock& clock)
    : file_(std::move(file)), key_(std::move(key)), follower_(std::move(follower)), clock_(clock) {}

VerifyThread::~VerifyThread() { stop(); }

bool VerifyThread::start(Done done) {
  std::lock_guard lock(guard_);
  if (running_ || stopping_) return false;
  if (thread_.joinable()) thread_.join();
  running_ = true;
  thread_ = std::thread([this, done = std::move(done)] {
    pthread_setname_np(pthread_self(), "store verifier");
    Result<VerifyReport> report = verify();
    running_ = false;
    done(std::move(report));
  });
  return true;
}

void VerifyThread::break_off() {
  stopping_ = true;
  std::lock_guard lock(guard_);
  if (thread_.joinable()) thread_.join();
  stopping_ = false;
}

void VerifyThread::stop() {
  stopping_ = true;
  std::lock_guard lock(guard_);
  if (thread_.joinable()) thread_.join();
}

Result<VerifyReport> VerifyThread::verify() {
  Result<std::unique_ptr<Database>> database = Database::open(file_, Database::Use::Read);
  if (!database) return std::move(database).failure();
  Result<void> prepared = prepare_for_reading(**database);
  if (!prepared) return std::move(prepared).failure();
  Result<SealKey> key = SealKey::read(key_);
  VerifyOptions options;
  if (key) options.key = &*key;
  options.follower = follower_.get();
  options.is_stopped = [this] { return stopping_.load(); };
  return verify_store(**database, clock_, options);
}

}  // namespace vardbron::store
