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

/// Finds the addresses of names as the machine is set up to: /etc/hosts, the servers and search domains of /etc/resolv.conf. All
/// names are asked for side by side on the one thread of the executor; a name that nobody answers for delays no other. Whoever
/// asks for a name that is being asked for already shares its answer. Nothing is remembered afterwards. Inside this folder only.
class NameLookup {
 public:
  /// `servers` "10.0.0.53,10.0.0.54:5353" are asked instead of the machine's; "" = the machine's.
  NameLookup(asio::any_io_executor executor, std::string servers);
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;
  ~NameLookup();

  /// At least one address, the best first, at most limits::addresses_per_name_max. TimedOut: nobody answered. Broken: there is no
  /// such name, or no server could be asked. Busy: limits::lookups_max names are asked for at this moment. Cancelled.
  Task<Result<std::vector<asio::ip::address>>> addresses_of(std::string name, Deadline until);

 private:
  struct State;
  std::shared_ptr<State> state_;  // whoever waits keeps it
};

}  // namespace vardbron::net
