# Compiles the FSH sources: cmake -DCACHE=.. -DSOURCE=fhir-profiles -DR4=package-folder -DOUT=folder -P compile_profiles.cmake
# SUSHI looks for HL7's package below $HOME/.fhir; it gets a home of its own, where that package is the one we checked.
set(version 3.16.5)  # runs on Debian's node 18
set(sushi ${CACHE}/fsh-sushi-${version})
set(home ${CACHE}/fsh-home)

file(LOCK ${CACHE} DIRECTORY GUARD PROCESS)
find_program(NPM npm)
find_program(NODE node nodejs)
if(NOT NPM OR NOT NODE)
  message(FATAL_ERROR "node and npm are missing. Install them (Debian: apt-get install nodejs npm).")
endif()
if(NOT EXISTS ${sushi}/complete)
  file(MAKE_DIRECTORY ${sushi})
  execute_process(COMMAND ${NPM} install --prefix ${sushi} --no-audit --no-fund --ignore-scripts --silent fsh-sushi@${version}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE says)
  if(failed)
    message(FATAL_ERROR "npm could not install fsh-sushi@${version}: ${says}")
  endif()
  file(TOUCH ${sushi}/complete)
endif()

set(package "${home}/.fhir/packages/hl7.fhir.r4.core#4.0.1")
file(MAKE_DIRECTORY "${package}")
file(CREATE_LINK ${R4} "${package}/package" SYMBOLIC)
file(REMOVE_RECURSE ${OUT}.work ${OUT})
set(ENV{HOME} ${home})
execute_process(COMMAND ${NODE} ${sushi}/node_modules/fsh-sushi/dist/app.js build ${SOURCE} -o ${OUT}.work
  RESULT_VARIABLE failed OUTPUT_VARIABLE says ERROR_VARIABLE says)
if(failed)
  message(FATAL_ERROR "SUSHI refused the profiles:\n${says}")
endif()
file(RENAME ${OUT}.work/fsh-generated/resources ${OUT})
file(REMOVE_RECURSE ${OUT}.work)
