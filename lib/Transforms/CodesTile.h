// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Register tiles that read columns of codes, vectors of them in each step.
#ifndef MX_TRANSFORMS_CODESTILE_H
#define MX_TRANSFORMS_CODESTILE_H

#include "CodeDecoder.h"
#include "RegisterTile.h"

namespace mlir::mx {

class CodesTile : public RegisterTile {
protected:
  CodesTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
            TargetAttr target);

  /// Lets parts of a panel be read as a whole, which needs no masks, where that
  /// has `vectors` of columns.
  void readWhole(int64_t vectors);

  /// The elements at the indices `step` of the sum, divided by the decoder's
  /// power of two; of a pair the second index is the one that lies first.
  SmallVector<SmallVector<Value>> decode(ArrayRef<Value> step, int64_t vectors,
                                         ArrayRef<Value> masks);
  /// The columns that the lanes of a tile's two vectors have where a byte holds
  /// two.
  SmallVector<int64_t> getColumnsOrder();

  /// Asks for the codes behind those at index `at` of the sum that the target
  /// does not fetch by itself, if they are in a panel.
  void prefetchCodes(Value at, int64_t vectors);

  CodeDecoder decoder;
  /// The panel that the codes are a part of, if it is read as a whole.
  Value wholeCodes;

private:
  /// The codes' bytes in a row of `vectors` of columns.
  int64_t getRowBytes(int64_t vectors) const {
    return vectors * vector.getDimSize(0) / (hasPairs ? 2 : 1);
  }
  /// The codes' memref if it is a panel: rows of a tile's columns that lie
  /// beside each other.
  Value getPanel(int64_t vectors);
  SmallVector<Value> decode(Value at, int64_t vectors, ArrayRef<Value> masks);

  int64_t prefetch;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CODESTILE_H
