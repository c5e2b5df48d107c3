#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/care/case_limits.h"
#include "gateway/care/chain/policies.h"
#include "gateway/formats/charset.h"
#include "gateway/net/networks.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::app {

/// One organisation that may call, or is notified.
struct OrganisationConfig {
  std::string hsa_id;
  std::string name;
  std::string token_sha256;  ///< hex; made from `token` or `token_file` if one of those is given instead
  bool may_send = false;
  bool may_receive = false;
  bool may_operate = false;
  std::vector<std::string> units;      ///< for whom it may send notices; none = the units of its own body
  std::vector<std::string> endpoints;  ///< URL prefixes its subscriptions may point to; none = no rest-hook for it
};

/// One way in: POST /intake/{name}.
struct ChannelConfig {
  std::string name;
  std::string map;                               ///< canonical URL of the map; "" = the body already is a canonical notice
  std::optional<formats::Charset> charset = {};  ///< what its senders of HL7 v2 or CSV really write
};

struct TlsConfig {
  std::filesystem::path certificate, key;  ///< both or none
  std::filesystem::path authorities;       ///< whom rest-hook deliveries trust; "" = the system's list
};

/// How the store's contents are sealed, and where the seals go.
struct SealConfig {
  std::filesystem::path key;   ///< file; "" = seal.key in the store's folder
  std::filesystem::path file;  ///< seals are appended to it; "" = they are in the log only
  std::chrono::minutes pause{10};
  std::int64_t entries = 100;  ///< of the journal, after which one is exported before the pause is over
};

/// The content of gateway.toml. Every path is absolute here; relative ones start at the file's folder.
struct Config {
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 8080;
  std::string public_url;         ///< "https://host/path", without a slash at the end: how callers reach us; "" = as we listen
  net::Networks trusted_proxies;  ///< that say who calls (http/forwarded.h)
  unsigned threads = 1;
  TlsConfig tls;
  std::filesystem::path store;  ///< folder of the embedded store
  SealConfig seal;
  std::filesystem::path audit_fallback;  ///< file, on another disk, for the access log while the store cannot write; "" = none
  std::filesystem::path mappings;        ///< folder of maps, concept maps and models
  std::filesystem::path definitions;     ///< FHIR definitions table; "" = the one beside the program
  bool plain_http_to_loopback = false;   ///< rest-hook endpoints may be http://127.0.0.1 (demo, tests)
  std::string name_servers;              ///< to look up receivers' names, separated by commas; "" = the machine's
  std::size_t subscriptions_per_organisation = limits::subscriptions_per_organisation;
  care::Policies policies;  ///< the agreements between regions and municipalities
  care::CaseLimits room;    ///< how much each may add to one case
  std::vector<OrganisationConfig> organisations;
  std::vector<ChannelConfig> channels;
  bool log_json = true;
};

/// How callers reach the gateway when it listens on that port: "https://host/path", without a slash at the end.
std::string address_of(const Config& config, std::uint16_t port);
/// The address on which it listens then: "http://127.0.0.1:8080".
std::string listening_at(const Config& config, std::uint16_t port);
/// Valid settings that are probably not what was meant, a sentence each.
std::vector<std::string> doubts_about(const Config& config);

/// Invalid: says what to change, `where` is file:line:column. Unknown keys are refused, since a misspelt key would be ignored.
/// `faults` gets all that is wrong with it, of which the failure is the first; it stays empty when the file cannot be read.
Result<Config> read_config(const std::filesystem::path& file, std::vector<Failure>* faults = nullptr);
/// The same from a text; `folder` is where relative paths start, `name` is the file's name in failures.
Result<Config> parse_config(const std::string& text, const std::string& name, const std::filesystem::path& folder,
                            std::vector<Failure>* faults = nullptr);

}  // namespace vardbron::app
