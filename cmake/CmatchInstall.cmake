# What `cmake --install` puts where. Components are the Debian packages: lib, gpu, dev, command.
include(CMakePackageConfigHelpers)

set(cmatch_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cmatch)
# With the prefix /usr this is /etc, where the command looks; elsewhere it stays under the prefix.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(cmatch_etc /etc/cmatch)
else()
  set(cmatch_etc ${CMAKE_INSTALL_SYSCONFDIR}/cmatch)
endif()

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

# pkg-config: paths relative to the prefix unless GNUInstallDirs was given absolute ones.
foreach(kind LIBDIR INCLUDEDIR)
  cmake_path(IS_ABSOLUTE CMAKE_INSTALL_${kind} absolute)
  if(absolute)
    set(CMATCH_PC_${kind} ${CMAKE_INSTALL_${kind}})
  else()
    set(CMATCH_PC_${kind} "\${prefix}/${CMAKE_INSTALL_${kind}}")
  endif()
endforeach()
foreach(name cmatch cmatch_gpu)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endforeach()

if(CMATCH_BUILD_CLI)
  install(TARGETS cmatch RUNTIME COMPONENT command)
  install(FILES cli/etc/cmatch.yaml DESTINATION ${cmatch_etc} COMPONENT command)
  install(FILES docs/cmatch.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command OPTIONAL)
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
