// RUN: mx-opt %s --mx-form-contract | FileCheck %s

// A transpose before it goes into the map.
// CHECK-LABEL: func.func @attention
// CHECK-SAME: (%[[Q:.*]]: tensor<2x5x8xf32>, %[[K:.*]]: tensor<2x7x8xf32>, %[[Z:.*]]: tensor<2x5x7xf32>)
// CHECK: %[[Y:.*]] = mx.contract indexing_maps = [#[[$Q:.*]], #[[$K:.*]], #[[$Y:.*]]] lhs(%[[Q]] : tensor<2x5x8xf32>) rhs(%[[K]] : tensor<2x7x8xf32>) outs(%[[Z]] : tensor<2x5x7xf32>)
// CHECK: return %[[Y]]
func.func @attention(%q: tensor<2x5x8xf32>, %k: tensor<2x7x8xf32>, %z: tensor<2x5x7xf32>) -> tensor<2x5x7xf32> {
  %e = tensor.empty() : tensor<2x8x7xf32>
  %t = linalg.transpose ins(%k : tensor<2x7x8xf32>) outs(%e : tensor<2x8x7xf32>) permutation = [0, 2, 1]
  %0 = linalg.batch_matmul ins(%q, %t : tensor<2x5x8xf32>, tensor<2x8x7xf32>) outs(%z : tensor<2x5x7xf32>) -> tensor<2x5x7xf32>
  return %0 : tensor<2x5x7xf32>
}

// A broadcast that is looked through leaves no other user of the constant.
// CHECK-LABEL: func.func @broadcast
// CHECK: %[[W:.*]] = arith.constant
// CHECK-NOT: linalg.generic
// CHECK: mx.contract {{.*}} rhs(%[[W]] : tensor<2x2xf32>)
func.func @broadcast(%x: tensor<3x4x2xf32>, %z: tensor<3x4x2xf32>) -> tensor<3x4x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %e = tensor.empty() : tensor<3x2x2xf32>
  %b = linalg.generic {indexing_maps = [affine_map<(b, k, n) -> (k, n)>, affine_map<(b, k, n) -> (b, k, n)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%w : tensor<2x2xf32>) outs(%e : tensor<3x2x2xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x2x2xf32>
  %0 = linalg.batch_matmul ins(%x, %b : tensor<3x4x2xf32>, tensor<3x2x2xf32>) outs(%z : tensor<3x4x2xf32>) -> tensor<3x4x2xf32>
  return %0 : tensor<3x4x2xf32>
}

// A result that is rounded, and windows, are left alone.
// CHECK-LABEL: func.func @others
// CHECK: linalg.matmul
// CHECK: linalg.conv_1d
// CHECK-NOT: mx.
func.func @others(%a: tensor<4x8xf16>, %b: tensor<8x4xf16>, %c: tensor<4x4xf16>, %x: tensor<9xf32>, %w: tensor<3xf32>, %y: tensor<7xf32>) -> (tensor<4x4xf16>, tensor<7xf32>) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf16>, tensor<8x4xf16>) outs(%c : tensor<4x4xf16>) -> tensor<4x4xf16>
  %1 = linalg.conv_1d ins(%x, %w : tensor<9xf32>, tensor<3xf32>) outs(%y : tensor<7xf32>) -> tensor<7xf32>
  return %0, %1 : tensor<4x4xf16>, tensor<7xf32>
}
