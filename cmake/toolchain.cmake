# Compiler, linker and warning settings that every target shares.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(vardbron_options INTERFACE)
target_compile_options(vardbron_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these two inside its own library and inside coroutine frames, where nothing is wrong.
  target_compile_options(vardbron_options INTERFACE -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
endif()
if(VARDBRON_WERROR)
  target_compile_options(vardbron_options INTERFACE -Werror)
endif()
target_compile_definitions(vardbron_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_USE_STD_STRING_VIEW)

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
