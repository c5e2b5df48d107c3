#include "tests/play/gateway_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

namespace vardbron::play {

namespace {

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* general(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

}  // namespace

std::uint16_t free_port() {
  Socket socket;
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(socket.fd(), general(address), length) != 0) std::abort();
  if (getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0) std::abort();
  return ntohs(address.sin_port);
}

GatewayProcess::GatewayProcess(std::filesystem::path program, std::filesystem::path folder, std::vector<Player> players,
                               std::filesystem::path mappings)
    : program_(std::move(program)),
      folder_(std::move(folder)),
      mappings_(mappings.empty() ? VARDBRON_SOURCE_DIR "/mappings" : std::move(mappings)),
      players_(std::move(players)),
      config_(folder_ / "gateway.toml"),
      log_(folder_ / "gateway.log"),
      port_(free_port()) {
  std::filesystem::create_directories(folder_);
  write_config();
}

GatewayProcess::~GatewayProcess() { kill(); }

void GatewayProcess::write_config() const {
  std::ofstream config(folder_ / "gateway.toml");
  config << "store = \"data\"\nmappings = " << mappings_ << "\n"
         << "[server]\nlisten = \"127.0.0.1:" << port_ << "\"\nlog = \"" << log_shape_ << "\"\n"
         << server_settings_ << "[delivery]\nplain_http_to_loopback = true\nsubscriptions_per_organisation = 10000\n"
         << "[[channel]]\nname = \"cosmic\"\nmap = \"https://vardbron.example/fhir/StructureMap/CosmicNotice\"\n"
         << "[[channel]]\nname = \"medcom\"\nmap = \"https://vardbron.example/fhir/StructureMap/MedComHospitalNotification\"\n";
  for (const Player& player : players_) {
    config << "[[organisation]]\nhsa_id = \"" << player.hsa_id << "\"\ntoken = \"" << player.token << "\"\nrights = [";
    for (const std::string& right : player.rights) config << (&right == player.rights.data() ? "" : ", ") << '"' << right << '"';
    config << "]\n";
    for (const std::string& unit : player.units)
      config << (&unit == player.units.data() ? "units = [\"" : ", \"") << unit
             << (&unit == &player.units.back() ? "\"]\n" : "\"");
    config << "endpoints = [\"http://127.0.0.1:*\"]\n";
  }
}

void GatewayProcess::log_as_json() {
  log_shape_ = "json";
  write_config();
}

void GatewayProcess::add_server_setting(const std::string& line) {
  server_settings_ += line + "\n";
  write_config();
}

bool GatewayProcess::answers() const {
  Socket socket;
  const sockaddr_in address = loopback(port_);
  if (connect(socket.fd(), general(address), sizeof address) != 0) return false;
  constexpr const char* request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::send(socket.fd(), request, std::strlen(request), MSG_NOSIGNAL) < 0) return false;
  char answer[16] = {};
  return recv(socket.fd(), answer, 12, MSG_WAITALL) == 12 && std::string(answer, 9) == "HTTP/1.1 ";
}

void GatewayProcess::surround_with(std::map<std::string, std::string> environment, std::uint64_t descriptors_max) {
  environment_ = std::move(environment);
  descriptors_max_ = descriptors_max;
}

void GatewayProcess::hold_to_descriptors(std::uint64_t descriptors_max) {
  descriptors_max_ = descriptors_max;
  may_ask_for_descriptors_ = false;
}

void GatewayProcess::add_to_config(const std::string& text) { std::ofstream(folder_ / "gateway.toml", std::ios::app) << text; }

// In the child: other threads of ours may have held any lock when it was made, so nothing here allocates.
void GatewayProcess::become_the_gateway(const std::vector<std::string>& environment) const {
  const char* surroundings[1024] = {};
  std::size_t count = 0;
  for (char** each = environ; *each != nullptr && count < 1000; ++each) surroundings[count++] = *each;
  for (const std::string& each : environment) {
    if (count < 1020) surroundings[count++] = each.c_str();
  }
  rlimit limit{};
  if (descriptors_max_ != 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = descriptors_max_;
    if (!may_ask_for_descriptors_) limit.rlim_max = descriptors_max_;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  const char* arguments[] = {program_.c_str(), "serve", "--config", config_.c_str(), nullptr};
  const int out = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, 1);
  dup2(out, 2);
  execve(program_.c_str(), const_cast<char* const*>(arguments), const_cast<char* const*>(surroundings));
  _exit(127);
}

bool GatewayProcess::start() {
  std::vector<std::string> environment;
  for (const auto& [name, value] : environment_) environment.push_back(name + "=" + value);
  const auto began = std::chrono::steady_clock::now();
  pid_ = fork();
  if (pid_ == 0) become_the_gateway(environment);
  while (std::chrono::steady_clock::now() - began < std::chrono::seconds(10)) {
    if (answers()) {
      start_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
      return true;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    usleep(1000);
  }
  kill();
  return false;
}

void GatewayProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void GatewayProcess::hang_up() {
  if (pid_ > 0) ::kill(pid_, SIGHUP);
}

bool GatewayProcess::terminate() {
  if (pid_ <= 0) return false;
  ::kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::size_t GatewayProcess::open_descriptors() const {
  std::error_code gone;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator at("/proc/" + std::to_string(pid_) + "/fd", gone), end; !gone && at != end;
       at.increment(gone))
    ++count;
  return count;
}

std::int64_t GatewayProcess::resident_kib() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::int64_t kib = 0;
    status >> kib;
    return kib;
  }
  return 0;
}

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// proc(5), /proc/[pid]/stat: fields 14 and 15, counted from after the name.
std::pair<double, double> user_and_system(const std::filesystem::path& stat) {
  const std::string all = text_of(stat);
  const std::size_t name_end = all.rfind(')');
  if (name_end == std::string::npos) return {0, 0};
  std::istringstream fields(all.substr(name_end + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {user / ticks, system / ticks};
}

std::int64_t number_behind(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? 0 : std::atoll(text.c_str() + at + name.size());
}

}  // namespace

GatewayProcess::Use GatewayProcess::use() const {
  const std::filesystem::path place = "/proc/" + std::to_string(pid_);
  Use use;
  std::tie(use.user_seconds, use.system_seconds) = user_and_system(place / "stat");
  const std::string io = text_of(place / "io");
  use.written_bytes = number_behind(io, "wchar: ");
  use.writing_calls = number_behind(io, "syscw: ");
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator(place / "task", gone)) {
    std::string name = text_of(thread.path() / "comm");
    if (!name.empty()) name.pop_back();
    const auto [user, system] = user_and_system(thread.path() / "stat");
    use.thread_seconds[name] += user + system;
  }
  return use;
}

}  // namespace vardbron::play
