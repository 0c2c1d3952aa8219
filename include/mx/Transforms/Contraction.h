// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The common form of everything that is a contraction: named linalg ops,
/// linalg.contract, generics, convolutions.
#ifndef MX_TRANSFORMS_CONTRACTION_H
#define MX_TRANSFORMS_CONTRACTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <string>

namespace mlir::mx {

/// init += sum over the contracted dimensions of lhs * rhs. The maps are as
/// mx.contract wants its element maps: dimensions, and windows in one of them.
/// All may have unit dimensions indexed by 0 before lookThroughOperands.
struct Contraction {
  linalg::LinalgOp op;
  Value lhs, rhs, init;
  AffineMap lhsMap, rhsMap, initMap;
  /// Dimensions that count tiles, each with the one inside the tile, as those
  /// of linalg.mmt4d.
  SmallVector<std::pair<unsigned, unsigned>, 3> tiles;

  unsigned getNumDims() const { return initMap.getNumDims(); }
  bool isContracted(unsigned dim) const {
    return !initMap.isFunctionOfDim(dim);
  }
  /// The static extent of a dimension, or kDynamic.
  int64_t getExtent(unsigned dim) const;
};

/// The position of dimension `dim`, alone, among the results of `map`.
std::optional<unsigned> getPosition(AffineMap map, unsigned dim);

/// The contraction that `op` is. Otherwise nothing, and if `op` looks like one
/// `reason` says why it is none that can be rewritten.
std::optional<Contraction> getContraction(linalg::LinalgOp op,
                                          std::string &reason);

/// Takes operands from before a broadcast or transpose, whose maps go into the
/// contraction's. Unit dimensions that a broadcast expands or a map indexes by
/// 0 are dropped by a collapse_shape, from the init too.
void lookThroughOperands(Contraction &contraction);

/// Makes one dimension of contracted dimensions that are adjacent, in the same
/// order, in both operands.
void collapseContractedDims(Contraction &contraction);

/// The reassociation that drops the dimensions indexed by 0 in `map`.
SmallVector<ReassociationIndices> getUnitDimGroups(AffineMap map);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CONTRACTION_H
