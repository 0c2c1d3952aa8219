// RUN: mx-opt %s --mx-fit-windows --mlir-print-local-scope | FileCheck %s

// A window of one index reads 4 of 6 rows; that of 3 is left alone.
// CHECK-LABEL: func.func @fixed
// CHECK-SAME: (%[[A:.*]]: tensor<6x9x8xf32>
// CHECK: %[[S:.*]] = tensor.extract_slice %[[A]][0, 0, 0] [4, 9, 8] [1, 1, 1]
// CHECK: linalg.generic {{.*}} ins(%[[S]], %{{.*}} : tensor<4x9x8xf32>, tensor<1x3x8x5xf32>)
#a = affine_map<(h, w, f, y, x, c) -> (h + y, 2 * w + x, c)>
#b = affine_map<(h, w, f, y, x, c) -> (y, x, c, f)>
#c = affine_map<(h, w, f, y, x, c) -> (h, w, f)>
func.func @fixed(%a: tensor<6x9x8xf32>, %b: tensor<1x3x8x5xf32>, %c: tensor<4x3x5xf32>) -> tensor<4x3x5xf32> {
  %0 = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x9x8xf32>, tensor<1x3x8x5xf32>) outs(%c : tensor<4x3x5xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x3x5xf32>
  return %0 : tensor<4x3x5xf32>
}

// Where extents are dynamic, the program knows; where one is right, nothing is cut.
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: (%[[A:.*]]: tensor<1x?x6x8xf32>, %{{.*}}: tensor<1x1x8x5xf32>, %[[C:.*]]: tensor<1x?x6x5xf32>)
// CHECK: %[[H:.*]] = tensor.dim %[[C]]
// CHECK: %[[N:.*]] = affine.apply affine_map<()[s0] -> (s0 * 2 - 1)>()[%[[H]]]
// CHECK: tensor.extract_slice %[[A]][0, 0, 0, 0] [1, %[[N]], 6, 8] [1, 1, 1, 1]
// CHECK-LABEL: func.func @equal
// CHECK-NOT: extract_slice
func.func @dynamic(%a: tensor<1x?x6x8xf32>, %b: tensor<1x1x8x5xf32>, %c: tensor<1x?x6x5xf32>) -> tensor<1x?x6x5xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<[2, 1]> : tensor<2xi64>} ins(%a, %b : tensor<1x?x6x8xf32>, tensor<1x1x8x5xf32>) outs(%c : tensor<1x?x6x5xf32>) -> tensor<1x?x6x5xf32>
  return %0 : tensor<1x?x6x5xf32>
}
func.func @equal(%a: tensor<1x7x6x8xf32>, %b: tensor<1x1x8x5xf32>, %c: tensor<1x7x6x5xf32>) -> tensor<1x7x6x5xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf ins(%a, %b : tensor<1x7x6x8xf32>, tensor<1x1x8x5xf32>) outs(%c : tensor<1x7x6x5xf32>) -> tensor<1x7x6x5xf32>
  return %0 : tensor<1x7x6x5xf32>
}
