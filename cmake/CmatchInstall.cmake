# What `cmake --install` puts where. Components are the Debian packages: lib, gpu, dev, command.
include(CMakePackageConfigHelpers)

set(cmatch_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cmatch)

install(TARGETS cmatch_c_shared EXPORT cmatchTargets
  LIBRARY COMPONENT lib NAMELINK_COMPONENT dev)
install(TARGETS cmatch_gpu_shared EXPORT cmatchTargets
  LIBRARY COMPONENT gpu NAMELINK_COMPONENT dev)
install(TARGETS cmatch_c_static cmatch_cxx EXPORT cmatchStaticTargets ARCHIVE COMPONENT dev)
foreach(export cmatchTargets cmatchStaticTargets)
  install(EXPORT ${export} NAMESPACE cmatch:: DESTINATION ${cmatch_config_dir} COMPONENT dev)
endforeach()

install(FILES bindings/c/include/cmatch.h bindings/c/include/cmatch_gpu.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
foreach(folder engine engine/render parsers)
  install(DIRECTORY ${folder}/include/cmatch DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
    FILES_MATCHING PATTERN "*.h")
endforeach()

configure_package_config_file(cmake/cmatchConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmatchConfig.cmake INSTALL_DESTINATION ${cmatch_config_dir})
# The C++ API may change with each minor version before 1.0.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmatchConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmatchConfig.cmake ${PROJECT_BINARY_DIR}/cmatchConfigVersion.cmake
  DESTINATION ${cmatch_config_dir} COMPONENT dev)

# pkg-config: the prefix is found from where the file lies, so that the tree may be moved and `cmake --install
# --prefix` may name another; pkg-config leaves out the folders of a compiler only where they are spelt /usr.
foreach(kind LIBDIR INCLUDEDIR)
  cmake_path(IS_ABSOLUTE CMAKE_INSTALL_${kind} absolute)
  if(absolute)
    set(CMATCH_PC_${kind} ${CMAKE_INSTALL_${kind}})
  else()
    set(CMATCH_PC_${kind} "\${prefix}/${CMAKE_INSTALL_${kind}}")
  endif()
endforeach()
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_LIBDIR absolute)
if(absolute)
  set(pc_prefix "\${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH up /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  string(REGEX REPLACE "/$" "" up ${up})
  set(pc_prefix "\\\${pcfiledir}/${up}")
endif()
set(CMATCH_PC_PREFIX @CMATCH_PC_PREFIX@)
foreach(name cmatch cmatch_gpu)
  set(pc ${PROJECT_BINARY_DIR}/${name}.pc)
  configure_file(cmake/${name}.pc.in ${pc}.in @ONLY)
  install(CODE "
    set(CMATCH_PC_PREFIX \"${pc_prefix}\")
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
      set(CMATCH_PC_PREFIX /usr)
    endif()
    configure_file(\"${pc}.in\" \"${pc}\" @ONLY)" COMPONENT dev)
  install(FILES ${pc} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endforeach()

if(CMATCH_BUILD_CLI)
  install(TARGETS cmatch RUNTIME COMPONENT command)
  # With the prefix /usr this is /etc, where the command looks; elsewhere it stays under the prefix. One that is there
  # is an operator's. (dpkg sees to that itself: CmatchPackage.cmake.)
  install(CODE "
    set(etc \"${CMAKE_INSTALL_SYSCONFDIR}/cmatch\")
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
      set(etc /etc/cmatch)
    elseif(NOT IS_ABSOLUTE \"\${etc}\")
      set(etc \"\${CMAKE_INSTALL_PREFIX}/\${etc}\")
    endif()
    if(EXISTS \"\$ENV{DESTDIR}\${etc}/cmatch.yaml\")
      message(STATUS \"Kept: \$ENV{DESTDIR}\${etc}/cmatch.yaml\")
    else()
      file(INSTALL DESTINATION \"\${etc}\" TYPE FILE FILES \"${PROJECT_SOURCE_DIR}/cli/etc/cmatch.yaml\")
    endif()" COMPONENT command)
  find_program(CMATCH_GZIP gzip)
  set(man docs/cmatch.1)
  if(CMATCH_GZIP)
    set(man ${PROJECT_BINARY_DIR}/cmatch.1.gz)
    execute_process(COMMAND ${CMATCH_GZIP} -9nc ${PROJECT_SOURCE_DIR}/docs/cmatch.1 OUTPUT_FILE ${man}
      COMMAND_ERROR_IS_FATAL ANY)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS docs/cmatch.1)
  endif()
  install(FILES ${man} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command)
  set(share ${CMAKE_INSTALL_DATADIR})
  install(FILES cli/completions/cmatch.bash DESTINATION ${share}/bash-completion/completions
    RENAME cmatch COMPONENT command OPTIONAL)
  install(FILES cli/completions/_cmatch DESTINATION ${share}/zsh/vendor-completions
    COMPONENT command OPTIONAL)
  install(FILES cli/completions/cmatch.fish DESTINATION ${share}/fish/vendor_completions.d
    COMPONENT command OPTIONAL)
  # The tables as text: to be read, and copied to /etc/cmatch/rules by who wants to change them.
  install(DIRECTORY rules DESTINATION ${share}/cmatch COMPONENT command FILES_MATCHING
    PATTERN "*.yaml" PATTERN "*.json")
endif()
