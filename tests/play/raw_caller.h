#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::play {

/// A caller that says bytes of its own choice, from an address of its own on the loopback interface. One thread.
class RawCaller {
 public:
  explicit RawCaller(std::uint16_t port, const std::string& from = "127.0.0.1");
  RawCaller(const RawCaller&) = delete;
  RawCaller& operator=(const RawCaller&) = delete;
  ~RawCaller();

  bool is_connected() const { return socket_ >= 0; }
  bool say(std::string_view bytes);  ///< false: the gateway has hung up
  /// The bytes received until they contain `until`, the gateway closes the connection, or the time is over.
  std::string hear(std::string_view until, int milliseconds_max);
  /// The gateway has ended the connection, or does within the time.
  bool is_hung_up_on(int milliseconds_max);

 private:
  int socket_ = -1;
};

/// Lets this process open as many descriptors as it may.
void open_many_descriptors();

}  // namespace vardbron::play
