# Debian packages, and a tar archive: cpack, or `cmake --workflow --preset package`. Wants the prefix
# /usr, so that libraries lie in Debian's multiarch folder and the configuration in /etc.
set(CPACK_PACKAGE_NAME cmatch)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The capability-matcher maintainers <maintainers@example.invalid>")
# Each package has a summary of its own; CPack puts this one before it unless it is its default.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_PROJECT_NAME} built using CMake")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
# /etc/cmatch is absolute; DESTDIR is what keeps it out of this machine's /etc.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_COMPONENTS_ALL lib gpu dev command)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/bindings/c)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

set(CPACK_DEBIAN_LIB_PACKAGE_NAME libcmatch1)
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_GPU_PACKAGE_NAME libcmatch-gpu1)
set(CPACK_DEBIAN_GPU_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libcmatch-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "libcmatch1 (= ${PROJECT_VERSION}), libcmatch-gpu1 (= ${PROJECT_VERSION}), libyaml-cpp-dev, libspdlog-dev")
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME cmatch)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION utils)

# Summary and text of each.
set(summary_lib "C library that says whether a model can run on an engine on a GPU")
set(summary_gpu "GPUs of this machine as an inventory for cmatch")
set(summary_dev "headers, static library and build files of cmatch")
set(summary_command "tells whether a model can run on an engine on a GPU")
set(text "Judges the header of a model file against tables of what each
release of an inference engine supports on each generation of GPUs,
and lists every rule that fails.")
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary_${component}}\n${text}")
endforeach()

# Programs that are linked to a library take its package as a dependency (dpkg-shlibdeps).
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")

# dpkg keeps an edited configuration file at an upgrade; ldconfig is run by a trigger.
set(extra ${PROJECT_BINARY_DIR}/debian)
file(WRITE ${extra}/conffiles "/etc/cmatch/cmatch.yaml\n")
file(WRITE ${extra}/triggers "activate-noawait ldconfig\n")
foreach(file conffiles triggers)
  file(CHMOD ${extra}/${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
set(CPACK_DEBIAN_COMMAND_PACKAGE_CONTROL_EXTRA ${extra}/conffiles)
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA ${extra}/triggers)
set(CPACK_DEBIAN_GPU_PACKAGE_CONTROL_EXTRA ${extra}/triggers)

# What Debian wants of every package: its licence and its changes.
find_program(CMATCH_GZIP gzip)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND CMATCH_GZIP)
  string(CONCAT changes "capability-matcher (${PROJECT_VERSION}) unstable; urgency=medium\n\n"
    "  * Release ${PROJECT_VERSION}: CHANGELOG.md of the sources lists what it brings.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  Thu, 01 Jan 1970 00:00:00 +0000\n")
  file(WRITE ${extra}/changelog "${changes}")
  execute_process(COMMAND ${CMATCH_GZIP} -9nkf ${extra}/changelog COMMAND_ERROR_IS_FATAL ANY)
  foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER ${component} upper)
    set(doc ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
    install(FILES cmake/debian-copyright DESTINATION ${doc} RENAME copyright COMPONENT ${component})
    install(FILES ${extra}/changelog.gz DESTINATION ${doc} COMPONENT ${component})
  endforeach()
endif()
include(CPack)
