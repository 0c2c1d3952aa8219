// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_PASSES_TD
#define MX_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def MXDecompose : Pass<"mx-decompose"> {
  let summary = "Replace mx ops by the ops that are their meaning";
  let description = [{
    Replaces every mx.quantize, mx.dequantize and mx.contract on tensors by its
    decomposition (AggregatedOpInterface): linalg.generic ops, and loops over
    blocks where a scale varies along a contracted dimension.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // MX_TRANSFORMS_PASSES_TD
