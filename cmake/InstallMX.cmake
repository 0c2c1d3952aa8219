# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Install rules: headers, libraries, and the package that find_package(MX) reads.
include(CMakePackageConfigHelpers)

get_property(mx_libraries GLOBAL PROPERTY MX_LIBRARIES)
install(TARGETS ${mx_libraries} EXPORT MXTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT MXTargets NAMESPACE MX::
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/mx")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/mx"
  "${PROJECT_SOURCE_DIR}/include/mx-c"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY "${PROJECT_BINARY_DIR}/include/mx"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.inc")

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/MXConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/MXConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/mx")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/MXConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_LIST_DIR}/FindLibomp.cmake"
  "${PROJECT_BINARY_DIR}/MXConfig.cmake"
  "${PROJECT_BINARY_DIR}/MXConfigVersion.cmake"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/mx")
