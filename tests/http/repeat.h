#pragma once

#include <string>

namespace vardbron::http {

inline std::string repeat(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t at = 0; at < times; ++at) all += text;
  return all;
}

}  // namespace vardbron::http
