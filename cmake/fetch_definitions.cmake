# Brings a package of HL7's definitions into the cache:
# cmake -DNAME=package -DVERSION= -DSHA256= -DCACHE=directory -DGIVEN=tgz-or-empty -DOPTION=name -DDONE=stamp -P fetch_definitions.cmake
set(tgz ${CACHE}/${NAME}-${VERSION}.tgz)
set(unpacked ${CACHE}/${NAME}-${VERSION})

file(MAKE_DIRECTORY ${CACHE})
file(LOCK ${CACHE} DIRECTORY GUARD PROCESS)
if(GIVEN)
  set(tgz ${GIVEN})
elseif(NOT EXISTS ${tgz})
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "npm is missing. Install it (Debian: apt-get install npm), or give the package by "
      "-D${OPTION}=/path/to/${NAME}-${VERSION}.tgz")
  endif()
  execute_process(COMMAND ${NPM} pack --silent ${NAME}@${VERSION} WORKING_DIRECTORY ${CACHE}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE says)
  if(failed OR NOT EXISTS ${tgz})
    message(FATAL_ERROR "npm could not fetch ${NAME}@${VERSION}: ${says}\nWithout network give the package by "
      "-D${OPTION}=/path/to/${NAME}-${VERSION}.tgz")
  endif()
endif()

file(SHA256 ${tgz} found)
if(NOT found STREQUAL SHA256)
  message(FATAL_ERROR "${tgz} is not the package we know.\n  expected ${SHA256}\n  found    ${found}\nDelete it to fetch it again.")
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
file(WRITE ${DONE} ${SHA256})
