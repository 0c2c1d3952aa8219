// RUN: mx-opt %s --mx-decompose --verify-diagnostics --split-input-file | FileCheck %s
// The ops' own decompositions: test/IR/decompose-*.mlir.

// Of other dialects' ops, linalg.softmax alone.
// CHECK-LABEL: func.func @softmax
// CHECK: linalg.fill
// CHECK: math.exp
// CHECK-NOT: linalg.softmax
// CHECK: linalg.matmul
// CHECK-NOT: mx.
func.func @softmax(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E8M0FNU>, %w: tensor<64x64xf32>) -> tensor<4x64xf32> {
  %0 = linalg.softmax dimension(1) ins(%x : tensor<4x64xf32>) outs(%x : tensor<4x64xf32>) -> tensor<4x64xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<4x64xf32>, tensor<64x64xf32>) outs(%x : tensor<4x64xf32>) -> tensor<4x64xf32>
  %2 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m)>] ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>)
    outs(%1 : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %2 : tensor<4x64xf32>
}

// -----

func.func @memrefs(%q: memref<4x64xf8E4M3FN>, %s: memref<4xf8E8M0FNU>, %y: memref<4x64xf32>) {
  // expected-error @below {{has no decomposition in this form}}
  mx.dequantize scale_maps = [affine_map<(m, k) -> (m)>] ins(%q scaled %s : memref<4x64xf8E4M3FN>, memref<4xf8E8M0FNU>)
    outs(%y : memref<4x64xf32>)
  return
}
