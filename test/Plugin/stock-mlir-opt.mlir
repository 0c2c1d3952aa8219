// The plugin in the distribution's own mlir-opt: dialect, pass and pipeline.
// RUN: mlir-opt --load-dialect-plugin=%mx_plugin %s --pass-pipeline='builtin.module(func.func(mx-quantize-matmul{weights=mxfp4}))' 2>/dev/null | FileCheck %s
// RUN: mlir-opt --load-dialect-plugin=%mx_plugin --load-pass-plugin=%mx_plugin %s --pass-pipeline='builtin.module(func.func(mx-quantize-matmul),mx-to-cpu)' 2>/dev/null | FileCheck %s --check-prefix=LLVM
// REQUIRES: plugin

// CHECK-LABEL: func.func @matmul
// CHECK: mx.contract {{.*}}f4E2M1FN
// LLVM: llvm.func @matmul
func.func @matmul(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
