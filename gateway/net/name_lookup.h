#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ip {
class address;
}

namespace vardbron::net {

/// Resolves names by the machine's configuration: /etc/hosts, the servers and search domains of /etc/resolv.conf. Names are
/// resolved concurrently on the executor's thread; an unanswered name delays no other. Callers of a name in progress share its
/// answer. Nothing is cached. Inside this folder only.
class NameLookup {
 public:
  /// `servers` "10.0.0.53,10.0.0.54:5353" replace the machine's; "" = the machine's.
  NameLookup(asio::any_io_executor executor, std::string servers);
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;
  ~NameLookup();

  /// At least one address, the best first, at most limits::addresses_per_name_max. TimedOut: no answer. Broken: no such name, or
  /// no server reachable. Busy: limits::lookups_max names are in progress. Cancelled.
  Task<Result<std::vector<asio::ip::address>>> addresses_of(std::string name, Deadline until);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with waiting tasks
};

}  // namespace vardbron::net
