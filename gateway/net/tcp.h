#pragma once

#include "gateway/net/byte_stream.h"
#include "gateway/net/connection_count.h"
#include "gateway/net/destinations.h"
#include "gateway/net/tls.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ip {
class address;
}

namespace vardbron::net {

struct ListenOptions {
  std::string host = "127.0.0.1";    ///< literal address to bind
  std::uint16_t port = 0;            ///< 0: the kernel chooses, see Listener::port()
  bool share_port = false;           ///< one listener per worker on the same port (SO_REUSEPORT)
  std::shared_ptr<const Tls> tls;    ///< none: plain TCP
  ConnectionCount* count = nullptr;  ///< who is over it is turned away; outlives listener and streams
};

/// Starts to listen on the executor's thread, which is then the thread of the listener and of its streams. When the process runs
/// out of descriptors, accepting pauses instead of spinning. Invalid: no such address. Broken: the address is taken or not ours.
Result<std::unique_ptr<Listener>> listen_tcp(const asio::any_io_executor& executor, ListenOptions options);

class NameLookup;

/// Calls by TCP or TLS. A name is resolved once, every address of it is held against `destinations`, and the connection goes to
/// the very address that was checked. A name, an address or a peer that is silent delays its own call only. Any thread may make
/// it, one thread uses it.
class TcpDialer final : public Dialer {
 public:
  /// `tls` may be null: then addresses that ask for TLS are refused as Unsupported. `name_servers` "10.0.0.53,10.0.0.54:5353" are
  /// asked for names instead of the machine's; "" = the machine's.
  TcpDialer(Destinations destinations, std::shared_ptr<const Tls> tls, std::string name_servers = {});
  ~TcpDialer() override;
  Task<Result<StreamPtr>> dial(Address address, Deadline until) override;

 private:
  Task<Result<std::vector<asio::ip::address>>> resolve(std::string host, Deadline until);

  Destinations destinations_;
  std::shared_ptr<const Tls> tls_;
  std::string name_servers_;
  std::unique_ptr<NameLookup> names_;  // made on the thread that dials
};

/// 4 or 6: a literal address of that version of IP. 0: it is none.
int ip_version_of(std::string_view address);
/// 0.0.0.0 and ::, which stand for all addresses of this machine.
bool is_any_address(std::string_view address);

/// Invalid: not what TcpDialer takes as `name_servers`.
Result<void> check_name_servers(const std::string& servers);

}  // namespace vardbron::net
