# Brings HL7's R4 package into the cache: cmake -DCACHE=directory -DGIVEN=tgz-or-empty -DDONE=stamp -P fetch_definitions.cmake
# The package is never installed, only packed: what it declares to depend on does not exist.
set(name hl7.fhir.r4.examples)
set(version 4.0.1)
set(sha256 dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682)
# The registry's own record of the same bytes:
# sha512-DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==
set(tgz ${CACHE}/${name}-${version}.tgz)
set(unpacked ${CACHE}/${name}-${version})

file(MAKE_DIRECTORY ${CACHE})
file(LOCK ${CACHE} DIRECTORY GUARD PROCESS)
if(GIVEN)
  set(tgz ${GIVEN})
elseif(NOT EXISTS ${tgz})
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "npm is missing. Install it (Debian: apt-get install npm), or give the package by "
      "-DVARDBRON_DEFINITIONS_TGZ=/path/to/${name}-${version}.tgz")
  endif()
  execute_process(COMMAND ${NPM} pack --silent ${name}@${version} WORKING_DIRECTORY ${CACHE}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE says)
  if(failed OR NOT EXISTS ${tgz})
    message(FATAL_ERROR "npm could not fetch ${name}@${version}: ${says}\nWithout network give the package by "
      "-DVARDBRON_DEFINITIONS_TGZ=/path/to/${name}-${version}.tgz")
  endif()
endif()

file(SHA256 ${tgz} found)
if(NOT found STREQUAL sha256)
  message(FATAL_ERROR "${tgz} is not the package we know.\n  expected ${sha256}\n  found    ${found}\nDelete it to fetch it again.")
endif()
if(NOT EXISTS ${unpacked}/complete)
  file(REMOVE_RECURSE ${unpacked})
  file(MAKE_DIRECTORY ${unpacked})
  execute_process(COMMAND ${CMAKE_COMMAND} -E tar xzf ${tgz} WORKING_DIRECTORY ${unpacked} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${tgz} could not be unpacked into ${unpacked}.")
  endif()
  file(TOUCH ${unpacked}/complete)
endif()
get_filename_component(directory ${DONE} DIRECTORY)
file(MAKE_DIRECTORY ${directory})
file(WRITE ${DONE} ${sha256})
