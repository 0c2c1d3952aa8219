// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_FACTOROPERAND_H
#define MX_TRANSFORMS_FACTOROPERAND_H

#include "mx/IR/MX.h"

#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {

/// An operand of a contraction on its way to a factor with other dimensions
/// innermost.
struct FactorOperand {
  FactorOperand(OpBuilder &b, ContractOp op, bool isLhs,
                ArrayRef<unsigned> last);

  /// Fills up dimension `dim` of the contraction with zeros to a multiple of
  /// `length`.
  void pad(OpBuilder &b, Location loc, unsigned dim, int64_t length);

  /// Gives elements of less than 8 bits 8, with the same sign, exponent and
  /// mantissa, in the order that they have: values divided by a power of two,
  /// by which `power` is multiplied.
  void widen(OpBuilder &b, Location loc, float &power);

  /// Puts codes of less than 8 bits in bytes of their own, as i8.
  void takeBytes(OpBuilder &b, Location loc);

  /// The codes of 8 bits in the factor's order: bytes are moved in vectors
  /// (mx-transpose-bytes), what is decoded from them lies in order then.
  Value orderCodes(OpBuilder &b, Location loc) const;

  /// Whether the elements have the factor's innermost dimension innermost.
  bool isOrdered() const {
    return map.getResults().back() == ordered.getResults().back();
  }
  bool hasBytes() const {
    return getElementTypeOrSelf(elements.getType()).getIntOrFloatBitWidth() ==
           8;
  }

  /// Maps of the contraction as functions of the factor's dimensions.
  AffineMap project(AffineMap from) const {
    return from.compose(inverseAndBroadcastProjectedPermutation(ordered));
  }

  Value elements;
  AffineMap map;
  std::optional<int64_t> fractionBits;
  /// The scales that are not f32.
  SmallVector<Value> scales;
  SmallVector<AffineMap> scaleMaps;
  /// The factor's map in the contraction, and its extents.
  AffineMap ordered;
  SmallVector<OpFoldResult> sizes;
};

/// `scale`, which has the map `map` over a factor's dimensions, as f32 times
/// `power` with its dimensions in the factor's order; `map` becomes that of the
/// result.
Value decodeScale(OpBuilder &b, Location loc, Value scale, AffineMap &map,
                  float power = 1);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_FACTOROPERAND_H
