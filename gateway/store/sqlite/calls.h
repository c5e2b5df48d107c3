#pragma once

#include "gateway/store/rules.h"
#include "gateway/store/sqlite/completion.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/readers.h"
#include "gateway/store/sqlite/writer.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace vardbron::store {

template <class T>
using CompletionPtr = std::shared_ptr<Completion<T>>;

/// Work(WriteTables&) -> Result<T>, answered when the group is on the disk.
template <class T, class Work>
class Writing final : public WriteJob {
 public:
  Writing(CompletionPtr<T> answer, Work work) : answer_(std::move(answer)), work_(std::move(work)) {}
  void run(WriteTables& tables) override { result_.emplace(work_(tables)); }
  void finish(const Failure* group_failure) override {
    if (group_failure != nullptr) {
      Completion<T>::give(answer_, *group_failure);
    } else {
      Completion<T>::give(answer_, *std::move(result_));
    }
  }

 private:
  CompletionPtr<T> answer_;
  Work work_;
  std::optional<Result<T>> result_;
};

/// Work(ReadTables&) -> Result<T>. A failure to read replaces the work's result.
template <class T, class Work>
Result<T> read_now(ReadTables& tables, Work& work) {
  tables.begin();
  Result<T> result = work(tables);
  Result<void> ended = tables.end();
  if (!ended) result = std::move(ended).failure();
  return result;
}

template <class T, class Work>
class Reading final : public ReadJob {
 public:
  Reading(CompletionPtr<T> answer, Work work, std::stop_token ended)
      : answer_(std::move(answer)), work_(std::move(work)), ended_(std::move(ended)) {}
  void run(ReadTables& tables) override {
    Completion<T>::give(answer_, ended_.stop_requested() ? Result<T>(not_waited_for()) : read_now<T>(tables, work_));
  }
  void fail(Failure failure) override { Completion<T>::give(answer_, std::move(failure)); }

 private:
  CompletionPtr<T> answer_;
  Work work_;
  std::stop_token ended_;
};

}  // namespace vardbron::store
