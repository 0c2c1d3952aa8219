// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/Locations.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;

std::string mlir::mx::describeLocation(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().str();
  if (auto file = dyn_cast<FileLineColLoc>(loc))
    return (file.getFilename().getValue() + ":" + Twine(file.getLine()) + ":" +
            Twine(file.getColumn()))
        .str();
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return describeLocation(call.getCallee()) + ", called from " +
           describeLocation(call.getCaller());
  return debugString(loc);
}
