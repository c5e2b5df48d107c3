# What each folder takes from Debian's packages. A heavy header has one home; this is where the homes are named.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core)
find_package(date REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# The gateway's program allocates through jemalloc. Sanitizers bring an allocator of their own; tests and benches keep libc's.
option(VARDBRON_JEMALLOC "The program allocates through jemalloc" ON)
function(vardbron_set_allocator program)
  if(VARDBRON_JEMALLOC AND NOT VARDBRON_SANITIZE)
    pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
    target_link_libraries(${program} PRIVATE PkgConfig::JEMALLOC)
    target_compile_definitions(${program} PRIVATE VARDBRON_JEMALLOC)
  endif()
endfunction()

# RapidJSON has headers only and no target worth its name. Version 1.1 adds to a null pointer while its stack is empty.
if(VARDBRON_SANITIZE)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/gateway/base/log.cpp ${CMAKE_SOURCE_DIR}/gateway/formats/json/composer.cpp
    ${CMAKE_SOURCE_DIR}/gateway/formats/json/value.cpp ${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/json_tree.cpp
    PROPERTIES COMPILE_OPTIONS "-fno-sanitize=pointer-overflow")
endif()

set(VARDBRON_LIBRARIES_base Boost::headers Threads::Threads OpenSSL::Crypto spdlog::spdlog prometheus-cpp::core)
set(VARDBRON_LIBRARIES_net OpenSSL::SSL PkgConfig::CARES)
set(VARDBRON_LIBRARIES_time date::date-tz)
set(VARDBRON_LIBRARIES_fhirpath PkgConfig::RE2 PkgConfig::UTF8PROC)
set(VARDBRON_LIBRARIES_store PkgConfig::SQLITE PkgConfig::ZSTD)
set(VARDBRON_LIBRARIES_authoring CLI11::CLI11)
set(VARDBRON_LIBRARIES_app CLI11::CLI11 tomlplusplus::tomlplusplus)
