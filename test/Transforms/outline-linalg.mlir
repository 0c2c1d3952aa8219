// RUN: mx-opt %s --mx-outline-linalg | FileCheck %s

// Two ops of one kind share a function; the value from outside is an argument,
// the constant goes along.
// CHECK-LABEL: func.func @two_layers
// CHECK-SAME: (%[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>, %[[S:.*]]: f32)
// CHECK: call @linalg_generic(%[[A]], %[[B]], %[[S]])
// CHECK: call @linalg_generic(%[[B]], %[[A]], %[[S]])
// CHECK: call @linalg_fill{{.*}}(%[[S]], %[[A]])
// CHECK-NOT: linalg.
// CHECK: func.func private @linalg_generic(%{{.*}}: memref<4xf32>, %{{.*}}: memref<4xf32>, %{{.*}}: f32) attributes {passthrough = ["noinline"]}
// CHECK: arith.constant 2.0
// CHECK: linalg.generic
func.func @two_layers(%a: memref<4xf32>, %b: memref<4xf32>, %s: f32) {
  %two = arith.constant 2.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : memref<4xf32>) outs(%b : memref<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %s : f32
    %1 = arith.mulf %0, %two : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%b : memref<4xf32>) outs(%a : memref<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %s : f32
    %1 = arith.mulf %0, %two : f32
    linalg.yield %1 : f32
  }
  linalg.fill ins(%s : f32) outs(%a : memref<4xf32>)
  return
}
