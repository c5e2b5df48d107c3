#pragma once

// Tested by tests/care/task_writes_test.cpp, tests/care/write_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/facts.h"

#include <cstddef>

namespace vardbron::care {

/// What parties write to their Tasks, as part of a case's chain.
class TaskWrites {
 public:
  explicit TaskWrites(Facts& facts) : facts_(facts) {}

  /// Before the fold: a write comes after the notice that asks for its Task, since the hospital's clock may be ahead of ours.
  void place();
  void place(ChainEntry& link);
  /// A kvittens: of an admission notice it completes or rejects the Task.
  void take_receipt(const ChainEntry& link);
  /// Applies the write at that place of the chain.
  void take(std::size_t index);

 private:
  static void give_reason(Work& work, const ChainEntry& link);
  void acknowledge(const ChainEntry& link);

  Facts& facts_;
};

}  // namespace vardbron::care
