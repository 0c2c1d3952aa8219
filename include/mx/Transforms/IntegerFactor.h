// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of a contraction as integers, for dot products of small groups.
#ifndef MX_TRANSFORMS_INTEGERFACTOR_H
#define MX_TRANSFORMS_INTEGERFACTOR_H

#include "mx/Transforms/DecodeFactor.h"
#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// Elements that are integers of at most `largest`, divided by 2^fractionBits.
struct IntegerFormat {
  int64_t fractionBits, largest;
};

/// The format of elements of `type`, divided by 2^fractionBits: the multiples
/// of the smallest subnormal that E2M1 and E2M3 hold (OCP MX v1.0 tables 3 and
/// 5), and INT8.
FailureOr<IntegerFormat> getIntegerFormat(Type type,
                                          std::optional<int64_t> fractionBits);

/// The number of elements along `dims.sum` whose products can be added up as
/// integers before scales apply: all elements are small integers over a power
/// of two, each side has a narrow scale that is constant over so many, and a
/// block's sum is at most 2^22 and so exact in f32, even plus 1.5 * 2^23. It is
/// even. Failure if there is none.
FailureOr<int64_t> getIntegerBlock(ContractOp op, const MatmulDims &dims);

/// On a contraction of integers in groups whose sums are i32: that an i16 holds
/// those of two groups, by the elements' formats.
constexpr llvm::StringLiteral kShortSumsAttr("mx.short_sums");

/// How integers are given to a target's dot product.
struct IntegerGroup {
  /// For `op`, for which getIntegerBlock gave `block` and which has at most
  /// `rows` rows, or any number of them: of the target's dot
  /// product with sums of i32, or of i16 if that holds those of a block or of
  /// two groups, if blocks hold whole groups of it; else pairs of i16. Which
  /// contractions are integers does not depend on it.
  static IntegerGroup get(ContractOp op, const MatmulDims &dims,
                          TargetAttr target, int64_t block, int64_t rows);
  bool usesDot() const { return bits == 8; }
  /// The rows of a register tile.
  int64_t getTileRows(TargetAttr target) const;
  /// Elements of a lane of f32.
  int64_t getLength() const { return 32 / bits; }
  /// The elements' type, and what has been added to those of the rows or, if
  /// `columnsAreCodes`, of the columns.
  unsigned bits = 16;
  int64_t zeroPoint = 0;
  /// Then the sums that compensate for it are those of the rows, of which there
  /// are few: columns need not be decoded for them.
  bool columnsAreCodes = false;
  /// The type of a block's sums.
  unsigned sumBits = 32;
  /// Whether these are i32, and the dot product's i16, which hold two groups.
  bool hasShortSums = false;
};

/// The most rows for which code of its own pays: columns are codes of less than
/// a byte then, which take long to add up; 0 if it does not.
int64_t getFewIntegerRows(ContractOp op, const MatmulDims &dims,
                          TargetAttr target, int64_t block);

/// The lhs or rhs of `op`, for which getIntegerBlock gave `block`, as integers
/// and f32 scales. The dimension of the sum counts blocks then, and two new
/// ones after all others count the groups of a block and the elements of a
/// group. Rows have these three last; the columns' factor has groups of a
/// column beside each other: blocks, groups, columns, elements. A short last
/// block ends in zeros.
Factor decodeIntegers(OpBuilder &b, ContractOp op, bool isLhs,
                      const MatmulDims &dims, int64_t block,
                      const IntegerGroup &group);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_INTEGERFACTOR_H
