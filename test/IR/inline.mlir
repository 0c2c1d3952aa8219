// RUN: mx-opt %s --inline --symbol-dce | FileCheck %s

// CHECK-LABEL: func.func @main
// CHECK: mx.dequantize
// CHECK-NOT: call
// CHECK-NOT: func.func private
func.func @main(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E8M0FNU>, %y: tensor<4x64xf32>) -> tensor<4x64xf32> {
  %0 = call @layer(%q, %s, %y) : (tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>, tensor<4x64xf32>) -> tensor<4x64xf32>
  return %0 : tensor<4x64xf32>
}
func.func private @layer(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E8M0FNU>, %y: tensor<4x64xf32>) -> tensor<4x64xf32> {
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m)>] ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>)
    outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %0 : tensor<4x64xf32>
}
