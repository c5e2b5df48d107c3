#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vardbron::net {

struct CertificateWish {
  std::vector<std::string> names = {"DNS:localhost", "IP:127.0.0.1"};
  int valid_from_days = -1;
  int valid_until_days = 30;
  bool for_servers = true;  ///< extended key usage; otherwise for clients only
};

/// An authority of one test, with a folder of its own that goes when it goes. Keys are P-256 and made at run time.
class Authority {
 public:
  Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  std::string trusted_file() const { return (folder_ / "authority.pem").string(); }
  struct Files {
    std::string certificate;
    std::string private_key;
  };
  Files issue(const std::string& file_name, const CertificateWish& wish = {});
  std::string write(const std::string& file_name, const std::string& text);

 private:
  struct Keys;
  std::filesystem::path folder_;
  Keys* keys_;
};

}  // namespace vardbron::net
