// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A contraction as an accelerator does it: a batch of products of two matrices
/// whose rows are summed up.
#ifndef MX_LIB_TRANSFORMS_OFFLOADFORM_H
#define MX_LIB_TRANSFORMS_OFFLOADFORM_H

#include "mx/IR/MX.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>

namespace mlir::mx {

/// One factor: `rows` are the dimensions that only it has with the result.
struct OffloadSide {
  Value elements;
  AffineMap map;
  Value scale;
  AffineMap scaleMap;
  /// Scales of the whole tensor.
  SmallVector<Value> factors;
  SmallVector<unsigned> rows;
  /// Rows of a tile, and how many such tiles the rows are, or kDynamic.
  int64_t tileRows, tiles;
  /// What made the elements and `scale`, or null.
  QuantizeOp quantize;
  /// Whether the accelerator does that, as it copies them.
  bool isQuantizedThere = false;
  /// Whether they stay in the accelerator's storage.
  bool isStored = false;

  /// What has the shape of `elements`, and is there if they are not made.
  Value getSource() const {
    QuantizeOp op = quantize;
    return op ? op.getInput() : elements;
  }

  Type getElement() const {
    return cast<RankedTensorType>(elements.getType()).getElementType();
  }
};

struct OffloadForm {
  OffloadSide lhs, rhs;
  /// The place of the operation in the accelerator's description.
  unsigned number;
  MMAAttr mma;
  SmallVector<unsigned> batch;
  unsigned sum;
  /// The length of sums; products of matrices, or kDynamic.
  int64_t depth, batches;

  OffloadSide &getSide(bool isLhs) { return isLhs ? lhs : rhs; }
  /// Whether a factor has a scale for each row and block of the mma's.
  bool hasTileScales(const OffloadSide &side) const;
};

/// The form of `op` that takes `accelerator` the least time, or why it cannot
/// do it.
std::optional<OffloadForm>
getOffloadForm(ContractOp op, AcceleratorAttr accelerator, std::string &reason);

/// The tiles of a factor and their scales: tensors of
/// (batch, tiles of rows, tiles of the sum, ...). What is quantized on the host
/// is so in tiles, which writes the scales in their order.
struct OffloadTiles {
  Value elements, scales;
};
OffloadTiles buildTiles(OpBuilder &b, ContractOp op, const OffloadForm &form,
                        const OffloadSide &side);

/// A function without results that has the accelerator compute the tiles of the
/// result, its last argument, a memref; those before are, for lhs and rhs,
/// tensors of tiles and their scales, or of f32 that the accelerator quantizes
/// and an index, its rows. It is in no module; the functions that it calls are
/// declared in `module`.
func::FuncOp buildSchedule(ModuleOp module, ContractOp op,
                           const OffloadForm &form, AcceleratorAttr accelerator,
                           TypeRange arguments);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_OFFLOADFORM_H
