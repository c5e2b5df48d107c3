#include "gateway/app/check_places.h"

#include "gateway/app/principals.h"
#include "gateway/net/tls.h"
#include "gateway/subscription/endpoints.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

// The nearest existing parent of a folder that may have to be made.
fs::path nearest_there(fs::path folder) {
  std::error_code error;
  while (!folder.empty() && !fs::exists(folder, error) && folder != folder.parent_path()) folder = folder.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

bool is_writable_folder(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder, error) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

void check_folder_to_make(const fs::path& folder, const char* what, std::vector<Failure>& failures) {
  if (is_writable_folder(nearest_there(folder))) return;
  failures.push_back({Cause::Invalid, std::string(what) + " cannot be made or written there.", folder.string()});
}

void check_file_to_write(const fs::path& file, const char* what, std::vector<Failure>& failures) {
  if (file.empty()) return;
  std::error_code error;
  const bool is_there = fs::exists(file, error);
  const bool is_good = is_there ? fs::is_regular_file(file, error) && ::access(file.c_str(), R_OK | W_OK) == 0
                                : is_writable_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
  if (is_good) return;
  failures.push_back(
      {Cause::Invalid, std::string(what) + " cannot be written: its folder has to be there and be ours.", file.string()});
}

}  // namespace

std::vector<Failure> check_places(const Config& config) {
  std::vector<Failure> failures;
  auto keep = [&failures](auto&& result) {
    if (!result) failures.push_back(std::move(result).failure());
  };
  if (!config.tls.certificate.empty()) keep(net::Tls::for_server({config.tls.certificate.string(), config.tls.key.string()}));
  keep(net::Tls::for_client(config.tls.authorities.string()));
  keep(subscription::Endpoints::open(places_of(config), config.plain_http_to_loopback));
  check_folder_to_make(config.store, "The store's folder", failures);
  check_file_to_write(config.seal.key, "The seal's key ([seal] key)", failures);
  check_file_to_write(config.seal.file, "The file of seals ([seal] file)", failures);
  check_file_to_write(config.audit_fallback, "The second place of the access log ([audit] fallback)", failures);
  return failures;
}

}  // namespace vardbron::app
