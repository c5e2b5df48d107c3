#include "gateway/app/config.h"

#include "gateway/access/authenticator.h"
#include "gateway/access/sender_permissions.h"
#include "gateway/app/agreements.h"
#include "gateway/app/config_table.h"
#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/net/tcp.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/workspace/suggestions.h"

#include <toml++/toml.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

namespace vardbron::app {

namespace {

std::filesystem::path absolute_in(const std::filesystem::path& folder, const std::string& text) {
  if (text.empty()) return {};
  return (folder / text).lexically_normal();
}

// "127.0.0.1:8080", "[::1]:8080": RFC 3986 3.2.2 puts IPv6 into brackets, so that its colons do not start a port.
bool read_listen(std::string_view text, Config& config) {
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view host = text.substr(0, colon);
  std::optional<std::int64_t> port = parse_int(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return false;
  bool has_brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (net::ip_version_of(host) != (has_brackets ? 6 : 4)) return false;
  config.listen_host = host;
  config.listen_port = static_cast<std::uint16_t>(*port);
  return true;
}

Result<std::string> read_public_url(std::string_view text) {
  auto bad = [](std::string_view why) {
    return Failure{Cause::Invalid, "\"public_url\" must read https://host or https://host/path. " + std::string(why), ""};
  };
  Result<subscription::Url> url = subscription::parse_url(text);
  if (!url) return bad(url.failure().says);
  if (!url->address.tls && !subscription::is_loopback(url->address.host))
    return bad("Callers send their tokens there: http is for this machine alone, such as http://127.0.0.1:8080.");
  if (url->target.find('?') != std::string::npos) return bad("It has no query.");
  std::string path = url->target;
  while (path.ends_with('/')) path.pop_back();
  if (path.find("//") != std::string::npos) return bad("Its path has an empty step.");
  if (path.ends_with("/fhir")) return bad("Leave /fhir away: the gateway adds it.");
  return std::string(url->address.tls ? "https://" : "http://") + url->host_field() + path;
}

void read_trusted_proxies(Table& server, const toml::table& found, Config& config) {
  const std::vector<std::string> proxies = server.texts("trusted_proxies");
  Result<net::Networks> networks = net::Networks::open(proxies);
  if (networks) {
    config.trusted_proxies = *std::move(networks);
    return;
  }
  const toml::array* list = found["trusted_proxies"].as_array();
  for (std::size_t at = 0; list && list->size() == proxies.size() && at < list->size(); ++at) {
    Result<net::Networks> usable = net::Networks::open({proxies[at]});
    if (!usable) return server.refuse(*list->get(at), "\"trusted_proxies\": " + usable.failure().says);
  }
}

void read_server(const toml::table* found, Config& config, ConfigFile& file, const std::filesystem::path& folder) {
  if (!found) return;
  Table server(*found, file);
  if (std::string listen = server.text("listen", "127.0.0.1:8080"); !read_listen(listen, config))
    server.refuse(*found->get("listen"), "\"listen\" must read address:port, such as 127.0.0.1:8080 or [::1]:8080.");
  if (std::string url = server.text("public_url"); found->contains("public_url")) {
    Result<std::string> address = read_public_url(url);
    if (!address) server.refuse(*found->get("public_url"), address.failure().says);
    if (address) config.public_url = *std::move(address);
  }
  read_trusted_proxies(server, *found, config);
  config.threads = static_cast<unsigned>(server.number("threads", config.threads, 1, 64));
  const std::string log = server.text("log", "json");
  if (log != "json" && log != "plain") server.refuse_table("\"log\" is \"json\" or \"plain\", not \"" + log + "\".");
  config.log_json = log != "plain";
  config.tls.certificate = absolute_in(folder, server.text("tls_certificate"));
  config.tls.key = absolute_in(folder, server.text("tls_key"));
  if (config.tls.certificate.empty() != config.tls.key.empty())
    server.refuse_table("\"tls_certificate\" and \"tls_key\" belong together.");
  server.end();
}

void read_delivery(const toml::table* found, Config& config, ConfigFile& file, const std::filesystem::path& folder) {
  if (!found) return;
  Table delivery(*found, file);
  config.plain_http_to_loopback = delivery.truth("plain_http_to_loopback", false);
  config.tls.authorities = absolute_in(folder, delivery.text("authorities"));
  for (const std::string& server : delivery.texts("name_servers")) {
    config.name_servers += (config.name_servers.empty() ? "" : ",") + server;
    Result<void> usable = net::check_name_servers(server);
    if (!usable) delivery.refuse(*found->get("name_servers"), usable.failure().says);
  }
  config.subscriptions_per_organisation = static_cast<std::size_t>(
      delivery.number("subscriptions_per_organisation", limits::subscriptions_per_organisation, 1, limits::subscriptions_max));
  delivery.end();
}

constexpr std::int64_t seal_entries_max = 1'000'000;  // of the journal, between two exported seals

void read_seal(const toml::table* found, Config& config, ConfigFile& file, const std::filesystem::path& folder) {
  if (!found) return;
  Table seal(*found, file);
  config.seal.key = absolute_in(folder, seal.text("key"));
  config.seal.file = absolute_in(folder, seal.text("file"));
  config.seal.pause = std::chrono::minutes(seal.number("minutes", config.seal.pause.count(), 1, limits::seal_minutes_max));
  config.seal.entries = seal.number("entries", config.seal.entries, 1, seal_entries_max);
  seal.end();
}

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return std::string(trim(line));
}

void read_endpoints(Table& table, const toml::table& found, OrganisationConfig& organisation, bool plain_http_to_loopback) {
  organisation.endpoints = table.texts("endpoints");
  const toml::array* list = found["endpoints"].as_array();
  for (std::size_t at = 0; list && list->size() == organisation.endpoints.size() && at < list->size(); ++at) {
    Result<subscription::Endpoints> usable =
        subscription::Endpoints::open({{organisation.hsa_id, organisation.endpoints[at]}}, plain_http_to_loopback);
    if (!usable) table.refuse(*list->get(at), "\"endpoints\": " + usable.failure().says);
  }
}

void read_units(Table& table, const toml::table& found, OrganisationConfig& organisation) {
  organisation.units = table.texts("units");
  const toml::array* list = found["units"].as_array();
  for (std::size_t at = 0; list && list->size() == organisation.units.size() && at < list->size(); ++at) {
    Result<std::string> entry = access::SenderPermissions::read_entry(organisation.units[at]);
    if (!entry) table.refuse(*list->get(at), "\"units\": " + entry.failure().says);
  }
}

// Exactly one of the three gives the token; only its digest is kept.
void read_token(Table& table, OrganisationConfig& organisation, const std::filesystem::path& folder) {
  std::string token = table.text("token"), file = table.text("token_file"), digest = table.text("token_sha256");
  if (int(!token.empty()) + int(!file.empty()) + int(!digest.empty()) != 1) {
    return table.refuse_table("An organisation needs one of \"token\", \"token_file\" or \"token_sha256\".");
  }
  if (!file.empty()) {
    token = first_line_of(absolute_in(folder, file));
    if (token.empty()) return table.refuse_table("No token could be read from \"" + file + "\".");
  }
  if (!token.empty() && token.size() < limits::token_bytes_min) {
    return table.refuse_table("A token must have at least " + std::to_string(limits::token_bytes_min) + " characters.");
  }
  // Checked here, since only the digest is passed on: later nothing shows that no caller can present this token.
  if (!token.empty()) {
    Result<access::Authenticator> usable = access::Authenticator::open({{"any", "", token, false, false, false}});
    if (!usable) return table.refuse_table(usable.failure().says);
  }
  if (digest.empty()) digest = to_hex(sha256(token));
  if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return table.refuse_table("\"token_sha256\" must be 64 hexadecimal digits in lower case.");
  }
  organisation.token_sha256 = std::move(digest);
}

void read_hsa_id(Table& table, const toml::table& found, OrganisationConfig& organisation) {
  organisation.hsa_id = sweden::normal_hsa_id(table.text("hsa_id"));
  if (organisation.hsa_id.empty()) return table.refuse_table("An organisation needs an \"hsa_id\".");
  Result<sweden::HsaId> usable = sweden::parse_hsa_id(organisation.hsa_id);
  if (!usable)
    table.refuse(*found.get("hsa_id"), "\"hsa_id\" must be the organisation's name in the catalogue. " + usable.failure().says);
}

OrganisationConfig read_organisation(const toml::table& found, ConfigFile& file, const std::filesystem::path& folder,
                                     bool plain_http_to_loopback) {
  Table table(found, file);
  OrganisationConfig organisation;
  read_hsa_id(table, found, organisation);
  organisation.name = table.text("name", organisation.hsa_id);
  read_token(table, organisation, folder);
  for (const std::string& right : table.texts("rights")) {
    if (right == "send")
      organisation.may_send = true;
    else if (right == "receive")
      organisation.may_receive = true;
    else if (right == "operate")
      organisation.may_operate = true;
    else
      table.refuse_table("\"" + right + "\" is not a right. There are \"send\", \"receive\" and \"operate\".");
  }
  read_units(table, found, organisation);
  if (!organisation.units.empty() && !organisation.may_send)
    table.refuse_table("\"units\" says for whom an organisation sends; give it the right \"send\" too.");
  read_endpoints(table, found, organisation, plain_http_to_loopback);
  table.end();
  return organisation;
}

bool are_alike(const OrganisationConfig& one, const OrganisationConfig& other) {
  const bool has_same_token = !one.token_sha256.empty() && one.token_sha256 == other.token_sha256;
  return has_same_token || (!one.hsa_id.empty() && one.hsa_id == other.hsa_id);
}

void read_lists(Table& top, Config& config, ConfigFile& file, const std::filesystem::path& folder) {
  for (const toml::table* found : top.tables("organisation")) {
    OrganisationConfig organisation = read_organisation(*found, file, folder, config.plain_http_to_loopback);
    for (const OrganisationConfig& other : config.organisations) {
      if (!are_alike(organisation, other)) continue;
      file.faults.push_back({Cause::Invalid, "Two organisations have the same hsa_id or the same token.",
                             file.name + ":" + std::to_string(found->source().begin.line)});
    }
    config.organisations.push_back(std::move(organisation));
  }
  for (const toml::table* found : top.tables("channel")) {
    Table table(*found, file);
    ChannelConfig channel{table.text("name"), table.text("map")};
    const std::string charset = table.text("charset", "");
    channel.charset = formats::charset_of(charset);
    if (!charset.empty() && !channel.charset)
      table.refuse_table(
          "\"charset\" names no character set that is read here, such as \"8859/1\", \"UTF-8\" or \"windows-1252\".");
    if (channel.name.empty() || channel.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
      table.refuse_table("A channel needs a \"name\" of small letters, digits and hyphens; it becomes POST /intake/{name}.");
    }
    table.end();
    config.channels.push_back(std::move(channel));
  }
}

// Above these a notice or a write is kept in quarantine. Together they stay below the store's limit for one case.
void read_room(const toml::table& found, care::CaseLimits& room, ConfigFile& file) {
  constexpr std::int64_t most = limits::links_per_case_max / 4;
  Table table(found, file);
  auto read = [&](std::string_view key, std::size_t& into) {
    into = static_cast<std::size_t>(table.number(key, static_cast<std::int64_t>(into), 1, most));
  };
  read("notices_per_case", room.notices);
  read("decisive_notices_per_case", room.decisive_notices);
  read("task_writes_per_case", room.task_writes);
  table.end();
}

Config read_tables(const toml::table& root, ConfigFile& file, const std::filesystem::path& folder) {
  Config config;
  Table top(root, file);
  read_server(top.table("server"), config, file, folder);
  read_delivery(top.table("delivery"), config, file, folder);
  read_seal(top.table("seal"), config, file, folder);
  config.store = absolute_in(folder, top.text("store", "data"));
  if (const toml::table* found = top.table("audit")) {
    Table audit(*found, file);
    config.audit_fallback = absolute_in(folder, audit.text("fallback"));
    audit.end();
  }
  config.mappings = absolute_in(folder, top.text("mappings", "mappings"));
  config.definitions = absolute_in(folder, top.text("definitions"));
  read_policies(top, root, file, folder, config.policies);
  if (const toml::table* given = top.table("limits")) read_room(*given, config.room, file);
  read_lists(top, config, file, folder);
  top.end();
  return config;
}

}  // namespace

std::string address_of(const Config& config, std::uint16_t port) {
  return config.public_url.empty() ? listening_at(config, port) : config.public_url;
}

std::string listening_at(const Config& config, std::uint16_t port) {
  bool is_v6 = config.listen_host.find(':') != std::string::npos;
  std::string host = is_v6 ? "[" + config.listen_host + "]" : config.listen_host;
  std::string scheme = config.tls.certificate.empty() ? "http://" : "https://";
  return scheme + host + ":" + std::to_string(port);
}

std::vector<std::string> doubts_about(const Config& config) {
  std::vector<std::string> doubts;
  if (net::is_any_address(config.listen_host) && config.public_url.empty()) {
    doubts.push_back("References will begin with " + address_of(config, config.listen_port) +
                     ", where nobody reaches the gateway: say in \"public_url\" how callers reach it.");
  }
  if (config.tls.certificate.empty() && !subscription::is_loopback(config.listen_host)) {
    doubts.push_back("Tokens and what is said of patients cross the network in the clear: it listens on " + config.listen_host +
                     " without TLS. Set \"tls_certificate\" and \"tls_key\", or listen on 127.0.0.1 behind a proxy on this " +
                     "machine that speaks TLS.");
  }
  // Addresses for documentation (RFC 5737, RFC 3849), which no proxy has.
  if (config.trusted_proxies.hold("203.0.113.1") || config.trusted_proxies.hold("2001:db8::1")) {
    doubts.push_back(
        "Callers may choose the address that they are counted and noted by: \"trusted_proxies\" holds addresses of the "
        "whole world. Name the proxies alone.");
  }
  return doubts;
}

Result<Config> parse_config(const std::string& text, const std::string& name, const std::filesystem::path& folder,
                            std::vector<Failure>* faults) {
  ConfigFile file{name};
  std::optional<Config> config;
  try {
    const toml::table root = toml::parse(text, name);
    config = read_tables(root, file, folder);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    file.faults.push_back({Cause::Invalid, std::string(error.description()) + ".",
                           name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column)});
  }
  if (file.faults.empty()) return *std::move(config);
  if (faults != nullptr) *faults = file.faults;
  return file.faults.front();
}

Result<Config> read_config(const std::filesystem::path& file, std::vector<Failure>* faults) {
  std::error_code error;
  std::ifstream stream(file, std::ios::binary);
  if (!std::filesystem::exists(file, error)) return workspace::unreadable(file);
  if (!stream || std::filesystem::is_directory(file, error))
    return Failure{Cause::NotFound, "The configuration cannot be read; a gateway.toml is needed.", file.string()};
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_config(text.str(), file.string(), std::filesystem::absolute(file).parent_path(), faults);
}

}  // namespace vardbron::app
