# Compiler, linker and warning settings that every target shares.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(vardbron_options INTERFACE)
target_compile_options(vardbron_options INTERFACE -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these two inside its own library and inside coroutine frames, where nothing is wrong.
  target_compile_options(vardbron_options INTERFACE -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
endif()
if(VARDBRON_WERROR)
  target_compile_options(vardbron_options INTERFACE -Werror)
endif()
target_compile_definitions(vardbron_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_USE_STD_STRING_VIEW)

# Two thirds of a source's compile time went into the same headers (1.4 s -> 0.45 s each with clang 16).
option(VARDBRON_PRECOMPILE "Read common headers once" ON)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(vardbron_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")  # else ccache finds nothing again
endif()
# Precompiled headers of `owner`, used by `target` too; the first call for an owner makes them from `headers`.
function(vardbron_precompile target owner)
  if(NOT VARDBRON_PRECOMPILE)
    return()
  endif()
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# Sources of a target are compiled in batches: what they include, and the templates that they share, are read and compiled once a
# batch. The gcc preset compiles each source alone, so that none lives on what another one includes.
option(VARDBRON_UNITY "Compile several sources of a target at once" ON)
set(CMAKE_UNITY_BUILD ${VARDBRON_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 4)  # one changed source takes its three neighbours along
include(cmake/compiled_alone.cmake)

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(vardbron_options INTERFACE -fuse-ld=mold)
endif()
if(VARDBRON_SANITIZE)
  target_compile_options(vardbron_options INTERFACE -fsanitize=${VARDBRON_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(vardbron_options INTERFACE -fsanitize=${VARDBRON_SANITIZE})
endif()
if(VARDBRON_FUZZ)
  target_compile_options(vardbron_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
