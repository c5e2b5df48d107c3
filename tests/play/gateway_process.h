#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace vardbron::play {

/// Somebody who may call the gateway that is played with.
struct Player {
  std::string hsa_id;
  std::string token;
  std::vector<std::string> rights;
  std::vector<std::string> units{};  ///< none = those of its own body
};

/// `vardbron serve` as a child process, with a store of its own and every player in its configuration. Its standard error goes
/// to <folder>/gateway.log. Ended with SIGKILL when it goes out of scope.
class GatewayProcess {
 public:
  /// "" = the maps of this repository.
  GatewayProcess(std::filesystem::path program, std::filesystem::path folder, std::vector<Player> players,
                 std::filesystem::path mappings = {});
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;
  ~GatewayProcess();

  /// For the starts to come: variables of its environment, and how many descriptors it has unless it asks for more (0: as we do).
  void surround_with(std::map<std::string, std::string> environment, std::uint64_t descriptors_max = 0);
  /// The machine gives it no more descriptors than that, from the next start on.
  void hold_to_descriptors(std::uint64_t descriptors_max);
  /// TOML appended to the configuration, from the next start on.
  void add_to_config(const std::string& text);
  /// Its log is JSON, from the next start on; else it is plain.
  void log_as_json();
  /// One more line of its configuration's [server], from the next start on.
  void add_server_setting(const std::string& line);

  /// Starts it, or starts it again on the same store and port. False: it did not answer within ten seconds (see the log).
  /// Gives the time to the first answered request, in milliseconds.
  bool start();
  double start_ms() const { return start_ms_; }
  void kill();       ///< SIGKILL: as a power switch would
  void hang_up();    ///< SIGHUP
  bool terminate();  ///< SIGTERM; true when it ended with exit code 0
  bool is_running() const { return pid_ > 0; }

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  const std::filesystem::path& folder() const { return folder_; }
  const std::string& log() const { return log_; }  ///< path
  std::int64_t resident_kib() const;
  std::size_t open_descriptors() const;
  /// What it has used so far: of the processor, and of the disk as it asked for it.
  struct Use {
    double user_seconds = 0, system_seconds = 0;
    std::int64_t written_bytes = 0, writing_calls = 0;
    std::map<std::string, double> thread_seconds;  ///< by name; threads of one name together
  };
  Use use() const;

 private:
  void write_config() const;
  bool answers() const;
  void become_the_gateway(const std::vector<std::string>& environment) const;

  std::filesystem::path program_, folder_, mappings_;
  std::vector<Player> players_;
  std::string config_, log_;
  std::map<std::string, std::string> environment_;
  std::uint64_t descriptors_max_ = 0;
  bool may_ask_for_descriptors_ = true;
  std::string server_settings_;
  std::string log_shape_ = "plain";
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
  double start_ms_ = 0;
};

/// A port of the loopback interface that nobody listens to at this moment.
std::uint16_t free_port();

}  // namespace vardbron::play
