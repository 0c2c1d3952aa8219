// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Where the large constants of a program stand in one piece of memory.
#ifndef MX_TRANSFORMS_CONSTANTLAYOUT_H
#define MX_TRANSFORMS_CONSTANTLAYOUT_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::mx {

/// Every constant starts at a multiple of this many bytes, a cache line.
constexpr int64_t kConstantAlignment = 64;

struct ConstantPlace {
  StringAttr name;
  Attribute value;
  int64_t offset;
  /// Nothing for a value that is not dense elements of known bytes.
  std::optional<int64_t> bytes;
};

/// The places of the module's constants (mx.constants), in their order.
SmallVector<ConstantPlace> layOutConstants(ModuleOp module);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CONSTANTLAYOUT_H
