// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OpenDevice.h"

#include <cstdio>
#include <cstdlib>

using namespace mlir;
using namespace mlir::mx;

llvm::Error OpenDevice::open(const mx_accelerator *given,
                             const llvm::Twine &what) {
  functions = given;
  place.clear();
  device = nullptr;
  if (functions->open(&device))
    return llvm::createStringError(what + ": " + getText());
  return llvm::Error::success();
}

void OpenDevice::close() {
  functions->close(device);
  device = nullptr;
}

std::string OpenDevice::getText() const {
  const char *text = functions->error(device);
  return text && *text ? text : "an error without a text";
}

void OpenDevice::fail() const {
  std::fflush(stdout);
  std::fprintf(stderr, "mx-run: error: %s%sthe device failed: %s\n",
               place.c_str(), place.empty() ? "" : ": ", getText().c_str());
  std::_Exit(1);
}
