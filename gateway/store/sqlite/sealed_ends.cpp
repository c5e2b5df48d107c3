#include "gateway/store/sqlite/sealed_ends.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace vardbron::store {

namespace {

ChainEnd end_of(Database& database, std::string_view sql) {
  ChainEnd end;
  Statement last = database.prepare(sql);
  last.query();
  if (!last.next()) return end;
  end.number = last.integer(0);
  const std::string_view chain = last.text(1);
  if (chain.size() == end.chain.size()) std::copy(chain.begin(), chain.end(), end.chain.begin());
  last.reset();
  return end;
}

std::string unlike(std::string_view chain, const ChainEnd& found, const ChainEnd& sealed) {
  if (found == sealed) return {};
  const std::string name(chain), last = std::to_string(found.number), was = std::to_string(sealed.number);
  if (found.number < sealed.number) {
    return "The " + name + " ends with number " + last + ", but number " + was + " was sealed: rows are missing at its end.";
  }
  if (found.number > sealed.number) return "The " + name + " goes on behind number " + was + ", which was sealed as its last.";
  return "The chain of the " + name + " does not end as it was sealed (number " + last + ").";
}

std::int64_t sealed_rows(const Seal& seal, const std::string& table) {
  const auto sum = seal.sums.find(table);
  return sum == seal.sums.end() ? 0 : sum->second.rows;
}

std::string fewer(const std::string& what, std::int64_t found, std::int64_t sealed) {
  return "There are " + std::to_string(found) + ' ' + what + ", but " + std::to_string(sealed) +
         " were sealed: rows are missing at the end.";
}

// Numbers are 1, 2, 3 ..: rows are missing if the highest number is lower.
std::string missing_rows(Database& database, const Seal& seal, const std::string& table) {
  const std::int64_t last = database.number("SELECT max(number) FROM " + table), sealed = sealed_rows(seal, table);
  if (database.health().failure || last >= sealed) return {};
  return fewer("rows at most in the table " + table, last, sealed);
}

std::string missing_events(Database& database, const Seal& seal) {
  Statement streams = database.prepare(
      "SELECT number, events, rows, (SELECT max(event.number) FROM event WHERE stream=stream.number) FROM stream");
  std::int64_t rows = 0;
  streams.query();
  while (streams.next()) {
    rows += streams.integer(2);
    if (streams.integer(3) >= streams.integer(1)) continue;
    const std::string number = std::to_string(streams.integer(0)), last = std::to_string(streams.integer(3));
    const std::string was = std::to_string(streams.integer(1));
    streams.reset();
    return "Of stream " + number + " the last event is number " + last + ", but there were " + was +
           ": events are missing at the end.";
  }
  if (database.health().failure) return {};
  const std::int64_t subscriptions = database.number("SELECT count(*) FROM subscription");
  if (subscriptions < sealed_rows(seal, "subscription"))
    return fewer("subscriptions", subscriptions, sealed_rows(seal, "subscription"));
  if (rows < sealed_rows(seal, "event")) return fewer("events", rows, sealed_rows(seal, "event"));
  return {};
}

}  // namespace

ChainEnd end_of_journal(Database& database) {
  return end_of(database, "SELECT number, chain FROM journal ORDER BY number DESC LIMIT 1");
}

ChainEnd end_of_audit(Database& database) {
  return end_of(database, "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1");
}

std::string unlike_sealed_at_the_end(Database& database, const Seal& seal) {
  const auto look = [&](std::string (*find)(Database&, const Seal&)) {
    const std::string says = find(database, seal);
    return database.take_failure() ? std::string() : says;
  };
  constexpr std::string (*all[])(Database&, const Seal&) = {
      [](Database& in, const Seal& with) { return unlike("journal", end_of_journal(in), with.journal); },
      [](Database& in, const Seal& with) { return unlike("access log", end_of_audit(in), with.audit); },
      [](Database& in, const Seal& with) { return missing_rows(in, with, "change"); },
      [](Database& in, const Seal& with) { return missing_rows(in, with, "link"); }, missing_events};
  for (const auto& each : all) {
    if (std::string says = look(each); !says.empty()) return says;
  }
  return {};
}

}  // namespace vardbron::store
