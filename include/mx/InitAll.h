// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Registers all that mx offers, for tools and for embedding compilers.
#ifndef MX_INITALL_H
#define MX_INITALL_H

#include "mx/Conversion/Passes.h"
#include "mx/IR/MX.h"
#include "mx/Pipelines/Pipelines.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/Passes.h"

namespace mlir::mx {

/// Adds the mx dialect and its interface implementations to `registry`.
inline void registerAllDialects(DialectRegistry &registry) {
  registry.insert<MXDialect>();
  registerBufferizableOpInterfaceExternalModels(registry);
  registerRuntimeVerifiableOpInterfaceExternalModels(registry);
}

/// Registers the passes of mx by their flags.
inline void registerAllPasses() {
  registerMXConversionPasses();
  registerMXLibraryPasses();
  registerMXTransformsPasses();
  registerPipelines();
}

} // namespace mlir::mx

#endif // MX_INITALL_H
