#include "tests/system/app/command_process.h"

#include "gateway/base/check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace vardbron::play {

namespace {

void close_once(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

}  // namespace

Command::Command(const std::vector<std::string>& arguments) {
  std::array<std::array<int, 2>, 3> pipes{};
  for (std::array<int, 2>& each : pipes) CHECK(::pipe2(each.data(), O_CLOEXEC) == 0);
  std::string program = VARDBRON_BINARY_DIR "/bin/vardbron";
  std::vector<std::string> words(arguments);
  std::vector<char*> pointers{program.data()};
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  pid_ = ::fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) {
    ::dup2(pipes[0][0], 0);
    ::dup2(pipes[1][1], 1);
    ::dup2(pipes[2][1], 2);
    ::execv(program.c_str(), pointers.data());
    ::_exit(127);
  }
  ::close(pipes[0][0]);
  ::close(pipes[1][1]);
  ::close(pipes[2][1]);
  input_ = pipes[0][1];
  output_ = pipes[1][0];
  errors_ = pipes[2][0];
}

Command::~Command() {
  for (int* file : {&input_, &output_, &errors_}) close_once(*file);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Command::write(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(input_, text.data() + at, text.size() - at);
    if (written <= 0) return;  // it has closed its input; its output has the reason
    at += static_cast<std::size_t>(written);
  }
}

void Command::take(int& from, std::string& into) {
  std::array<char, 16'384> piece{};
  const ssize_t count = ::read(from, piece.data(), piece.size());
  if (count <= 0) return close_once(from);
  into.append(piece.data(), static_cast<std::size_t>(count));
}

std::optional<std::string> Command::read_line() {
  std::size_t end = std::string::npos;
  while ((end = waiting_.find('\n')) == std::string::npos && output_ >= 0) take(output_, waiting_);
  if (end == std::string::npos) return std::nullopt;
  std::string line = waiting_.substr(0, end);
  waiting_.erase(0, end + 1);
  return line;
}

void Command::end_input() { close_once(input_); }

Finished Command::finish() {
  end_input();
  return wait();
}

Finished Command::wait() {
  while (output_ >= 0 || errors_ >= 0) {
    std::array<pollfd, 2> watched{pollfd{output_, POLLIN, 0}, pollfd{errors_, POLLIN, 0}};
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) take(output_, waiting_);
    if (watched[1].revents != 0) take(errors_, said_);
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, waiting_, said_};
}

Finished run_command(const std::vector<std::string>& arguments, const std::string& input) {
  Command command(arguments);
  std::thread writer([&] {  // beside the reading, since both pipes may fill
    command.write(input);
    command.end_input();
  });
  Finished finished = command.wait();
  writer.join();
  return finished;
}

}  // namespace vardbron::play
