#pragma once

#include "gateway/base/log.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The process's log from construction on, as lines of JSON. One at a time.
class Logged {
 public:
  Logged() : file_(std::tmpfile()), usual_(dup(STDERR_FILENO)) {
    dup2(fileno(file_), STDERR_FILENO);
    vardbron::log::start(vardbron::log::Level::Info, vardbron::log::Shape::Json);
  }
  Logged(const Logged&) = delete;
  ~Logged() {
    end();
    std::fclose(file_);
  }

  /// Ends the log; returns its lines of that level ("" = all).
  std::vector<std::string> lines(std::string_view level = "") {
    end();
    std::rewind(file_);
    std::vector<std::string> found;
    std::string line;
    for (int letter = std::fgetc(file_); letter != EOF; letter = std::fgetc(file_)) {
      if (letter != '\n') {
        line += static_cast<char>(letter);
      } else if (line.find("\"level\":\"" + std::string(level)) != std::string::npos) {
        found.push_back(std::exchange(line, {}));
      } else {
        line.clear();
      }
    }
    return found;
  }

 private:
  void end() {
    if (usual_ < 0) return;
    vardbron::log::stop();
    dup2(usual_, STDERR_FILENO);
    close(std::exchange(usual_, -1));
  }

  std::FILE* file_;
  int usual_;
};
