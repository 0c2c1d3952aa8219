// RUN: mx-opt %s --mx-collapse-dims --split-input-file --mlir-print-local-scope | FileCheck %s

// One row of each of 6 batches, and sums over 2 dimensions of whole blocks.
// CHECK-LABEL: func.func @merged
// CHECK-DAG: %[[A:.*]] = tensor.collapse_shape %{{.*}} into tensor<6x128xf8E4M3FN>
// CHECK-DAG: %[[S:.*]] = tensor.collapse_shape %{{.*}} into tensor<6x4xf8E8M0FNU>
// CHECK: %[[F:.*]] = linalg.fill {{.*}} -> tensor<6x20xf32>
// CHECK: %[[Y:.*]] = mx.contract indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d2 floordiv 32)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]
// CHECK-SAME: lhs(%[[A]] scaled %[[S]] : {{.*}} outs(%[[F]] : tensor<6x20xf32>)
// CHECK: tensor.expand_shape %[[Y]] {{\[\[}}0, 1], [2]] output_shape [6, 1, 20]
func.func @merged(%a: tensor<6x1x2x64xf8E4M3FN>, %s: tensor<6x1x2x2xf8E8M0FNU>, %b: tensor<2x64x20xf32>) -> tensor<6x1x20xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x1x20xf32>
  %c = linalg.fill ins(%z : f32) outs(%e : tensor<6x1x20xf32>) -> tensor<6x1x20xf32>
  %0 = mx.contract indexing_maps = [affine_map<(b, m, n, j, k) -> (b, m, j, k)>, affine_map<(b, m, n, j, k) -> (b, m, j, k floordiv 32)>, affine_map<(b, m, n, j, k) -> (j, k, n)>, affine_map<(b, m, n, j, k) -> (b, m, n)>]
    lhs(%a scaled %s : tensor<6x1x2x64xf8E4M3FN>, tensor<6x1x2x2xf8E8M0FNU>) rhs(%b : tensor<2x64x20xf32>) outs(%c : tensor<6x1x20xf32>) -> tensor<6x1x20xf32>
  return %0 : tensor<6x1x20xf32>
}

// -----

// Blocks that a merged sum would cut, dimensions that do not lie side by side, dynamic
// ones, and batches of matrix products stay.
// CHECK-LABEL: func.func @blocks
// CHECK-NOT: collapse_shape
func.func @blocks(%a: tensor<6x2x40xf8E4M3FN>, %s: tensor<6x2x2xf8E8M0FNU>, %b: tensor<2x40x20xf32>, %c: tensor<6x20xf32>) -> tensor<6x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(m, n, j, k) -> (m, j, k)>, affine_map<(m, n, j, k) -> (m, j, k floordiv 32)>, affine_map<(m, n, j, k) -> (j, k, n)>, affine_map<(m, n, j, k) -> (m, n)>]
    lhs(%a scaled %s : tensor<6x2x40xf8E4M3FN>, tensor<6x2x2xf8E8M0FNU>) rhs(%b : tensor<2x40x20xf32>) outs(%c : tensor<6x20xf32>) -> tensor<6x20xf32>
  return %0 : tensor<6x20xf32>
}
// CHECK-LABEL: func.func @rows_of_a_scale
// CHECK-NOT: collapse_shape
func.func @rows_of_a_scale(%a: tensor<3x4x32xf8E4M3FN>, %s: tensor<3xf8E8M0FNU>, %b: tensor<32x20xf32>, %c: tensor<3x4x20xf32>) -> tensor<3x4x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    lhs(%a scaled %s : tensor<3x4x32xf8E4M3FN>, tensor<3xf8E8M0FNU>) rhs(%b : tensor<32x20xf32>) outs(%c : tensor<3x4x20xf32>) -> tensor<3x4x20xf32>
  return %0 : tensor<3x4x20xf32>
}
// CHECK-LABEL: func.func @apart
// CHECK-NOT: collapse_shape
func.func @apart(%a: tensor<3x32x4xf32>, %b: tensor<32x20xf32>, %c: tensor<3x4x20xf32>) -> tensor<3x4x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, k, m)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    lhs(%a : tensor<3x32x4xf32>) rhs(%b : tensor<32x20xf32>) outs(%c : tensor<3x4x20xf32>) -> tensor<3x4x20xf32>
  return %0 : tensor<3x4x20xf32>
}
// CHECK-LABEL: func.func @dynamic
// CHECK-NOT: collapse_shape
func.func @dynamic(%a: tensor<?x4x32xf32>, %b: tensor<32x20xf32>, %c: tensor<?x4x20xf32>) -> tensor<?x4x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    lhs(%a : tensor<?x4x32xf32>) rhs(%b : tensor<32x20xf32>) outs(%c : tensor<?x4x20xf32>) -> tensor<?x4x20xf32>
  return %0 : tensor<?x4x20xf32>
}
// CHECK-LABEL: func.func @batches
// CHECK-NOT: collapse_shape
func.func @batches(%a: tensor<3x2x4x32xf32>, %b: tensor<3x2x32x20xf32>, %c: tensor<3x2x4x20xf32>) -> tensor<3x2x4x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(b, h, m, n, k) -> (b, h, m, k)>, affine_map<(b, h, m, n, k) -> (b, h, k, n)>, affine_map<(b, h, m, n, k) -> (b, h, m, n)>]
    lhs(%a : tensor<3x2x4x32xf32>) rhs(%b : tensor<3x2x32x20xf32>) outs(%c : tensor<3x2x4x20xf32>) -> tensor<3x2x4x20xf32>
  return %0 : tensor<3x2x4x20xf32>
}
