#include "gateway/store/sqlite/verify_thread.h"

#include "gateway/store/sqlite/seal_lines.h"
#include "gateway/store/sqlite/verify.h"

#include <pthread.h>

#include <memory>
#include <utility>

namespace vardbron::store {

VerifyThread::VerifyThread(const Connections& connections, const Clock& clock) : connections_(connections), clock_(clock) {}

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
  Result<std::unique_ptr<Database>> database = connections_.open_reader();
  if (!database) return std::move(database).failure();
  Result<SealKey> key = SealKey::read(connections_.seal().key);
  VerifyOptions options;
  SealLines outside;
  if (key) options.key = &*key;
  // Before the store is read, so that no line is newer than it.
  if (key && !connections_.seal().file.empty()) read_own_seal_lines(connections_.seal().file, *key, outside);
  options.lines = std::move(outside.lines);
  options.follower = connections_.seal().follower.get();
  options.is_stopped = [this] { return stopping_.load(); };
  Result<VerifyReport> report = verify_store(**database, clock_, options);
  if (!report) return report;
  for (Finding& finding : outside.findings) report->add(std::move(finding.table), finding.number, std::move(finding.says));
  return report;
}

}  // namespace vardbron::store
