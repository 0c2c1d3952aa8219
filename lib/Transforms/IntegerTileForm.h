// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_INTEGERTILEFORM_H
#define MX_TRANSFORMS_INTEGERTILEFORM_H

#include "mx/IR/MX.h"
#include "mx/Transforms/MatmulDims.h"

#include <optional>

namespace mlir::mx {

/// How a register tile of integers adds up products.
struct IntegerTileForm {
  /// The form of `op`, a tile on memrefs; or none if it has not one that
  /// mx-tile gives integers: see IntegerFactor.h.
  static std::optional<IntegerTileForm>
  get(ContractOp op, const MatmulDims &dims, TargetAttr target);

  /// Adds up groups of bytes; null for pairs of i16.
  DotAttr dot;
  /// Adds up sums of `dot`, if these are i16, else null: of two groups if
  /// `hasShortSums`, else of a block.
  DotAttr pairs;
  bool hasShortSums = false;
  /// Whether the columns have the zero point, and rows the compensation.
  bool columnsAreCodes = false;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_INTEGERTILEFORM_H
