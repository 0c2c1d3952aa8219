// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Quantizes the operands of contractions, each value once for all its users.
#ifndef MX_TRANSFORMS_OPERANDQUANTIZER_H
#define MX_TRANSFORMS_OPERANDQUANTIZER_H

#include "mx/IR/Recipe.h"

#include "llvm/ADT/DenseMap.h"

namespace mlir::mx {

/// A dimension that blocks run along. With an inner tile the dimension counts
/// tiles of `innerExtent` elements.
struct BlockedDim {
  unsigned dim = 0;
  std::optional<unsigned> inner = std::nullopt;
  int64_t innerExtent = 1;
};

/// What the blocks of a contraction's operands run along.
struct BlockedDims {
  BlockedDim contracted;
  /// The rows of the weight, where they share scales.
  std::optional<BlockedDim> rows;
};

/// Elements, scales and the scales' maps, over a contraction's dimensions.
struct QuantizedOperand {
  Value elements;
  SmallVector<Value> scales;
  SmallVector<AffineMap> maps;
  std::optional<int64_t> fractionBits;
};

class OperandQuantizer {
public:
  /// Quantizes `value`, whose element map is `map`, right after its definition.
  QuantizedOperand quantize(Value value, AffineMap map, const Recipe &recipe,
                            const BlockedDims &blocks, bool isWeight);

private:
  /// The global scale of NVFP4: amax / (448 * 6), over the finite values.
  Value getGlobalScale(OpBuilder &b, Value value);

  struct Entry {
    AffineMap scaleMap;
    Type element, scale;
    std::optional<ScaleRule> rule;
    SpecialPolicy special;
    SmallVector<Value> results;
  };
  llvm::DenseMap<Value, SmallVector<Entry>> done;
  llvm::DenseMap<Value, Value> globalScales;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_OPERANDQUANTIZER_H
