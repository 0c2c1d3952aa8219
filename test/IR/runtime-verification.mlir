// RUN: mx-opt %s --generate-runtime-verification --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @dynamic_k
// CHECK-SAME: (%[[X:.*]]: tensor<4x?xf32>, %[[Q:.*]]: tensor<4x?xf8E4M3FN>, %[[S:.*]]: tensor<4x?xf8E8M0FNU>)
// CHECK: %[[K:.*]] = tensor.dim %[[X]]
// CHECK: %[[KQ:.*]] = tensor.dim %[[Q]]
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[KQ]], %[[K]]
// CHECK: cf.assert %[[SAME]], {{.*}}extent of dimension 1 of operand #1
// CHECK: %[[BLOCKS:.*]] = affine.apply #{{.*}}(){{\[}}%[[K]]]
// CHECK: %[[FOUND:.*]] = tensor.dim %[[S]]
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[FOUND]], %[[BLOCKS]]
// CHECK: cf.assert %[[EQUAL]], {{.*}}extent of dimension 1 of operand #2
// CHECK-NOT: cf.assert
func.func @dynamic_k(%x: tensor<4x?xf32>, %q: tensor<4x?xf8E4M3FN>, %s: tensor<4x?xf8E8M0FNU>) -> tensor<4x?xf8E4M3FN> {
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x?xf32>) outs(%q, %s : tensor<4x?xf8E4M3FN>, tensor<4x?xf8E8M0FNU>)
    -> tensor<4x?xf8E4M3FN>, tensor<4x?xf8E8M0FNU>
  return %0 : tensor<4x?xf8E4M3FN>
}

// -----

// CHECK-LABEL: func.func @static_shapes
// CHECK-NOT: cf.assert
func.func @static_shapes(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) -> tensor<4x64xf8E4M3FN> {
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return %0 : tensor<4x64xf8E4M3FN>
}

// -----

// The window's extent depends on two dynamic dimensions.
// CHECK-LABEL: func.func @dynamic_window
// CHECK: arith.cmpi sge
// CHECK: cf.assert {{.*}}extent of dimension 0 of operand #0
func.func @dynamic_window(%x: tensor<?x32xf32>, %w: tensor<?x32xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(y, i, c) -> (y + i, c)>, affine_map<(y, i, c) -> (i, c)>, affine_map<(y, i, c) -> (y)>]
    lhs(%x : tensor<?x32xf32>) rhs(%w : tensor<?x32xf32>) outs(%y : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
