#pragma once

#include "gateway/base/async_event.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/repeated_trouble.h"
#include "gateway/base/result.h"
#include "gateway/base/scope.h"
#include "gateway/base/task.h"
#include "gateway/exchange/message_path.h"
#include "gateway/store/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// Processes entries that were journalled before they were read (Prefer: respond-async), also after a crash. Entries of one case
/// are processed in the order of arrival; cases are independent, so one that has to wait delays no other. A sender with very many
/// waiting entries does not delay others either: its later ones are read when half of those are done.
/// Lives on the thread of its path; `wake` and `stop` may be called from any thread, while the loop of that thread lives.
class Backlog {
 public:
  /// All outlive the backlog; `metrics` may be null.
  Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor, Metrics* metrics = nullptr);
  Backlog(const Backlog&) = delete;

  /// Runs until stop(), or until its task is cancelled. A transient failure (Busy, the disk) makes an entry wait, and the later
  /// ones of its case with it. An entry that fails repeatedly while others succeed goes to quarantine, as does one that can never
  /// be carried out; nothing is dropped. The task has ended before the backlog is destroyed.
  Task<> run();
  void wake();
  void stop();

 private:
  /// An entry that was read and is not done.
  struct Entry {
    std::string sender;
    std::string case_key;  // "" = it could not be parsed, and so waits for no other
    bool is_working = false;
    int failures = 0;  // in a row
    int troubles = 0;  // those of them that the entry itself may have caused
    Instant not_before{0};
  };

  Task<Result<void>> look();
  Task<Result<void>> look_at_waiting();
  Task<Result<void>> look_at_left(std::string sender);
  std::vector<std::string> senders_with_places_again() const;
  std::size_t held_by(const std::string& sender) const;
  bool has_place(const std::string& sender) const;
  void leave(const std::string& sender, std::int64_t number);
  void forget(std::int64_t number);
  std::optional<std::int64_t> next_waiting() const;
  bool has_earlier_of_case(std::int64_t number, const std::string& case_key) const;
  std::size_t places_free() const;
  void begin(store::JournalEntry entry);
  Task<> work_off(Read read);
  Task<Result<Receipt>> give_up(std::int64_t number, Failure failure);
  void done_with(std::int64_t number, const Receipt& receipt);
  void try_later(std::int64_t number, const Failure& failure);
  void report_waiting();
  void wake_for_waiting();
  void wake_at(Instant moment);
  Task<> ring_at(Instant moment);

  static constexpr Instant never = Instant::max();

  store::Store& store_;
  MessagePath& path_;
  Clock& clock_;
  asio::any_io_executor executor_;
  Metrics* metrics_;
  AsyncEvent wakeup_;
  RepeatedTrouble trouble_;
  Scope alarms_, scope_;
  std::map<std::int64_t, Entry> entries_;          // by journal number
  std::int64_t looked_to_ = 0;                     // all above it are still to be read
  std::map<std::string, std::size_t> held_;        // how many of entries_ each sender has
  std::map<std::string, std::int64_t> left_from_;  // senders some of whose entries were left out, with the first such entry
  std::size_t working_ = 0;
  Instant alarm_ = never;  // when the earliest timer fires
  bool was_full_ = false;
  bool stopping_ = false;
};

}  // namespace vardbron::exchange
