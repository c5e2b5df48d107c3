#include "gateway/store/sqlite/siphash.h"

#include <bit>
#include <cstring>

namespace vardbron::store {

namespace {

struct State {
  std::uint64_t a, b, c, d;

  void round() {
    a += b;
    c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b;
    a += d;
    b = std::rotl(b, 17) ^ c;
    d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  }
  void take(std::uint64_t word) {
    d ^= word;
    round();
    round();
    a ^= word;
  }
};

}  // namespace

std::uint64_t sip_hash(const SipKey& key, std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  State state{key.low ^ 0x736f6d6570736575ull, key.high ^ 0x646f72616e646f6dull, key.low ^ 0x6c7967656e657261ull,
              key.high ^ 0x7465646279746573ull};
  std::size_t whole = text.size() / 8 * 8;
  for (std::size_t at = 0; at < whole; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    state.take(word);
  }
  std::uint64_t last = static_cast<std::uint64_t>(text.size()) << 56;
  std::uint64_t rest = 0;
  if (whole < text.size()) std::memcpy(&rest, text.data() + whole, text.size() - whole);
  state.take(last | rest);
  state.c ^= 0xFF;
  for (int count = 0; count < 4; ++count) state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

}  // namespace vardbron::store
