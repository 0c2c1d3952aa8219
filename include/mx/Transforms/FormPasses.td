// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that make matrix products of what can be one.
#ifndef MX_TRANSFORMS_FORMPASSES_TD
#define MX_TRANSFORMS_FORMPASSES_TD

include "mlir/Pass/PassBase.td"

def MXFitWindows : Pass<"mx-fit-windows"> {
  let summary = "Cut from operands what windows of one index do not read";
  let description = [{
    An image may be larger than what the windows of a linalg op reach. Where a
    dimension of extent 1 is in a window, passes take it for none, as upstream's
    linalg-fold-unit-extent-dims does: what remains alone would then seem to run over
    the whole image. A tensor.extract_slice gives it the extent that is read.
  }];
  let statistics = [Statistic<"numCut", "cut", "Operands cut">];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect"];
}

def MXFormContract : Pass<"mx-form-contract", "::mlir::func::FuncOp"> {
  let summary = "Turn linalg contractions that are matrix products into mx.contract";
  let description = [{
    Rewrites what mx-quantize-matmul would rewrite, but without scales: contractions
    with an f32 result whose operands are indexed by dimensions alone, or by windows
    that mx-unfold-windows unfolds. What tiles mx.contract then tiles these too.
  }];
  let statistics = [Statistic<"numFormed", "formed", "Contractions rewritten">];
  let dependentDialects = ["::mlir::mx::MXDialect",
                           "::mlir::tensor::TensorDialect"];
}

def MXWidenResults : Pass<"mx-widen-results", "::mlir::func::FuncOp"> {
  let summary = "Contract into f32 where results are f16 or bf16";
  let description = [{
    An mx.contract with a result of f16 or bf16 sums in f32: what it starts from is
    extended and its result rounded once (docs/numerics.md), by elementwise ops that
    may join others. What tiles an mx.contract with an f32 result then tiles these.
  }];
  let statistics = [Statistic<"numWidened", "widened", "Contractions rewritten">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MXUnfoldWindows : Pass<"mx-unfold-windows", "::mlir::func::FuncOp"> {
  let summary = "Turn convolutions into matrix products";
  let description = [{
    The operand of an mx.contract that windows are read from, codes and scales as they
    are, is copied so that each index of a window has a dimension of its own (im2col):
    any strides and dilations, the channels on either side, groups, dynamic shapes.
    Windows of one index and stride 1 are no copies.

    Where the result ends with dimensions of that operand, they stay its last ones and
    are the product's columns, if there are many and no scales. Else the other operand's
    are the columns, and the result is transposed; of the sums those without windows
    stand last then, the channels, which blocks of scales run along.

    Where copies are larger than 8 MiB, images, or rows of one, are unfolded and
    multiplied one after the other. Depthwise convolutions, which are no matrix
    products, are left alone.

    ```mlir
    mx.contract affine_map<(h, w, f, y, x, c) -> (h + y, w + x, c)> lhs(%a : tensor<9x9x64xf32>) ...
    // becomes, with %b[h, w, y, x, c] = %a[h + y, w + x, c]
    mx.contract affine_map<(h, w, f, y, x, c) -> (h, w, y, x, c)> lhs(%b : tensor<7x7x3x3x64xf32>) ...
    ```
  }];
  let statistics = [Statistic<"numUnfolded", "unfolded", "Convolutions rewritten">];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MXCollapseDims : Pass<"mx-collapse-dims", "::mlir::func::FuncOp"> {
  let summary = "Make one dimension of adjacent ones of an mx.contract";
  let description = [{
    Two dimensions with known extents that are both rows, both columns or both sums of
    a matrix product become one where they lie side by side in every operand and hold
    whole blocks of every scale: `batch x 1` rows are `batch` rows then, which read
    the other factor once. Operands and the result are reshaped, which moves nothing.
  }];
  let statistics = [Statistic<"numCollapsed", "collapsed", "Dimensions merged">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // MX_TRANSFORMS_FORMPASSES_TD
