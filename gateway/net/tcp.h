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
  ConnectionCount* count = nullptr;  ///< callers over its limits are refused; must outlive listener and streams
};

/// Starts to listen on the executor's thread, which is then the thread of the listener and of its streams. If the process runs
/// out of descriptors, accepting pauses instead of spinning. Invalid: no such address. Broken: the address is in use or not ours.
Result<std::unique_ptr<Listener>> listen_tcp(const asio::any_io_executor& executor, ListenOptions options);

class NameLookup;

/// Connects by TCP or TLS. A name is resolved once, all its addresses are checked against `destinations`, and the connection goes
/// to a checked address. A silent name server, address or peer delays its own call only. May be created on any thread; used on
/// one.
class TcpDialer final : public Dialer {
 public:
  /// `tls` may be null: then addresses with TLS are refused (Unsupported). `name_servers` "10.0.0.53,10.0.0.54:5353" replace the
  /// machine's; "" = the machine's.
  TcpDialer(Destinations destinations, std::shared_ptr<const Tls> tls, std::string name_servers = {});
  ~TcpDialer() override;
  Task<Result<StreamPtr>> dial(Address address, Deadline until) override;

 private:
  Task<Result<std::vector<asio::ip::address>>> resolve(std::string host, Deadline until);

  Destinations destinations_;
  std::shared_ptr<const Tls> tls_;
  std::string name_servers_;
  std::unique_ptr<NameLookup> names_;  // created on the thread that dials
};

/// 4 or 6 for a literal address of that version of IP, else 0.
int ip_version_of(std::string_view address);
/// True for 0.0.0.0 and ::, which mean all addresses of this machine.
bool is_any_address(std::string_view address);

/// Invalid: no value for TcpDialer's `name_servers`.
Result<void> check_name_servers(const std::string& servers);

}  // namespace vardbron::net
