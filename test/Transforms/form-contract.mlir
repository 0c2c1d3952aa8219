// RUN: mx-opt %s --mx-form-contract | FileCheck %s

// CHECK-DAG: #[[$WINDOW:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 * 2 + d5, d6)>
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

// A result that is rounded, and windows of one channel, are left alone.
// CHECK-LABEL: func.func @others
// CHECK: linalg.matmul
// CHECK: linalg.conv_1d
// CHECK-NOT: mx.
func.func @others(%a: tensor<4x8xf16>, %b: tensor<8x4xf16>, %c: tensor<4x4xf16>, %x: tensor<9xf32>, %w: tensor<3xf32>, %y: tensor<7xf32>) -> (tensor<4x4xf16>, tensor<7xf32>) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf16>, tensor<8x4xf16>) outs(%c : tensor<4x4xf16>) -> tensor<4x4xf16>
  %1 = linalg.conv_1d ins(%x, %w : tensor<9xf32>, tensor<3xf32>) outs(%y : tensor<7xf32>) -> tensor<7xf32>
  return %0, %1 : tensor<4x4xf16>, tensor<7xf32>
}

// Convolutions that are matrix products once they are unfolded.
// CHECK-LABEL: func.func @convolution
// CHECK: mx.contract indexing_maps = [#[[$WINDOW]],
// CHECK: linalg.depthwise_conv_2d_nhwc_hwc
func.func @convolution(%a: tensor<1x9x11x8xf32>, %b: tensor<3x3x8x4xf32>, %c: tensor<1x4x5x4xf32>, %d: tensor<3x3x8xf32>, %e: tensor<1x4x5x8xf32>) -> (tensor<1x4x5x4xf32>, tensor<1x4x5x8xf32>) {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<2> : tensor<2xi64>} ins(%a, %b : tensor<1x9x11x8xf32>, tensor<3x3x8x4xf32>) outs(%c : tensor<1x4x5x4xf32>) -> tensor<1x4x5x4xf32>
  %1 = linalg.depthwise_conv_2d_nhwc_hwc {strides = dense<2> : tensor<2xi64>} ins(%a, %d : tensor<1x9x11x8xf32>, tensor<3x3x8xf32>) outs(%e : tensor<1x4x5x8xf32>) -> tensor<1x4x5x8xf32>
  return %0, %1 : tensor<1x4x5x4xf32>, tensor<1x4x5x8xf32>
}

// Few filters of pixels that lie side by side, but not two steps apart.
// CHECK-LABEL: func.func @few_filters
// CHECK: linalg.conv_2d_nchw_fchw
// CHECK: mx.contract
// CHECK-NOT: linalg.conv
func.func @few_filters(%a: tensor<1x8x9x11xf32>, %b: tensor<4x8x3x3xf32>, %c: tensor<1x4x7x9xf32>, %d: tensor<1x4x4x5xf32>) -> (tensor<1x4x7x9xf32>, tensor<1x4x4x5xf32>) {
  %0 = linalg.conv_2d_nchw_fchw ins(%a, %b : tensor<1x8x9x11xf32>, tensor<4x8x3x3xf32>) outs(%c : tensor<1x4x7x9xf32>) -> tensor<1x4x7x9xf32>
  %1 = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%a, %b : tensor<1x8x9x11xf32>, tensor<4x8x3x3xf32>) outs(%d : tensor<1x4x4x5xf32>) -> tensor<1x4x4x5xf32>
  return %0, %1 : tensor<1x4x7x9xf32>, tensor<1x4x4x5xf32>
}
