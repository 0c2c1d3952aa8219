// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_MXDIALECT_TD
#define MX_IR_MXDIALECT_TD

include "mlir/IR/DialectBase.td"

def MX_Dialect : Dialect {
  let name = "mx";
  let cppNamespace = "::mlir::mx";
  let summary = "Block-scaled (microscaling) tensors and contractions";
  let description = [{
    Narrow elements (FP8 E4M3 and E5M2, FP6 E3M2 and E2M3, FP4 E2M1, INT8) that
    share one scale per block, as the OCP Microscaling Formats (MX) v1.0
    specification defines them; also NVFP4 and DeepSeek's FP8.

    Elements and scales are ordinary builtin tensors
    (`tensor<64x256xf8E4M3FN>`, `tensor<64x8xf8E8M0FNU>`). A scale's granularity
    is its indexing map, `(m, k) -> (m, k floordiv 32)`, and never an attribute
    or a type: generic passes keep maps right, and drop what they do not know.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // MX_IR_MXDIALECT_TD
