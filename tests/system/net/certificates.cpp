#include "tests/system/net/certificates.h"

#include "gateway/base/check.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <fstream>

namespace vardbron::net {

namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string pem_of(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  CHECK(PEM_write_bio_X509(bio, certificate) == 1);
  return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  CHECK(PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* make_certificate(EVP_PKEY* key, const std::string& common_name, int from_days, int until_days) {
  static long serial = 1;
  X509* made = X509_new();
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made), from_days * 86'400L);
  X509_gmtime_adj(X509_getm_notAfter(made), until_days * 86'400L);
  X509_set_pubkey(made, key);
  auto* name = reinterpret_cast<const unsigned char*>(common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8, name, -1, -1, 0);
  return made;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ",") + part;
  return all;
}

}  // namespace

struct Authority::Keys {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = nullptr;
};

Authority::Authority() : keys_(new Keys) {
  std::string pattern = (std::filesystem::temp_directory_path() / "vardbron-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  X509* self = make_certificate(keys_->key, "TEST authority", -10, 100);
  X509_set_issuer_name(self, X509_get_subject_name(self));
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign");
  CHECK(X509_sign(self, keys_->key, EVP_sha256()) > 0);
  keys_->certificate = self;
  write("authority.pem", pem_of(self));
}

Authority::~Authority() {
  X509_free(keys_->certificate);
  EVP_PKEY_free(keys_->key);
  delete keys_;
  std::filesystem::remove_all(folder_);
}

Authority::Files Authority::issue(const std::string& file_name, const CertificateWish& wish) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* made = make_certificate(key, "TEST " + file_name, wish.valid_from_days, wish.valid_until_days);
  X509_set_issuer_name(made, X509_get_subject_name(keys_->certificate));
  add_extension(made, keys_->certificate, NID_subject_alt_name, joined(wish.names));
  add_extension(made, keys_->certificate, NID_ext_key_usage, wish.for_servers ? "serverAuth" : "clientAuth");
  CHECK(X509_sign(made, keys_->key, EVP_sha256()) > 0);
  Files files{write(file_name + ".pem", pem_of(made)), write(file_name + ".key", pem_of(key))};
  X509_free(made);
  EVP_PKEY_free(key);
  return files;
}

std::string Authority::write(const std::string& file_name, const std::string& text) {
  std::string path = (folder_ / file_name).string();
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace vardbron::net
