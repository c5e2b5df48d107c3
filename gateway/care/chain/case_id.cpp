#include "gateway/care/chain/case_id.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace vardbron::care {

Uuid case_id(std::string_view case_key) { return uuid_v5(uuid_root, "case|" + std::string(case_key)); }

Uuid id_in_case(const Uuid& of_case, std::string_view name) {
  constexpr std::uint8_t version_8 = 0x80;
  Uuid made = uuid_v5(of_case, name);
  std::copy_n(of_case.bytes.begin(), 6, made.bytes.begin());
  made.bytes[6] = static_cast<std::uint8_t>((made.bytes[6] & 0x0F) | version_8);
  return made;
}

}  // namespace vardbron::care
