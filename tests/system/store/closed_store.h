#pragma once

#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace vardbron::store {

/// A store that tests change while it is closed.
class ClosedStore : public testing::Test {
 protected:
  ~ClosedStore() override {
    if (house_.is_open()) house_.close();
  }
  void subscribe() {
    for (const char* id : {"s-1", "s-2"}) CHECK(house_.run(house_.store().set_subscription_status(id, "active", "")));
  }
  void commit(int version) {
    Change change = a_change("m" + std::to_string(version), "case-1", version);
    EventWrite event;
    event.to = audience_of({"s-1"});
    event.case_key = "case-1";
    change.events.push_back(std::move(event));
    CHECK(house_.run(house_.store().commit(std::move(change))));
  }
  /// Closes it, and keeps a copy.
  void close() {
    house_.close();
    std::filesystem::copy_file(house_.file(), kept());
  }
  std::filesystem::path kept() const { return house_.file().string() + ".kept"; }
  void restore() { std::filesystem::copy_file(kept(), house_.file(), std::filesystem::copy_options::overwrite_existing); }
  void edit(const std::string& sql) {
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    database->execute(sql);
    CHECK(!database->take_failure());
  }

  SqliteHouse house_;
};

}  // namespace vardbron::store
