// RUN: mx-opt %s --mx-relax-sums | FileCheck %s

// CHECK-LABEL: func.func @dot
// CHECK: arith.mulf {{.*}} fastmath<reassoc,contract>
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
// CHECK: arith.maximumf %{{.*}}, %{{.*}} : f32
func.func @dot(%a: tensor<8xf32>, %c: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0:2 = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>, affine_map<(k) -> ()>], iterator_types = ["reduction"]}
    ins(%a : tensor<8xf32>) outs(%c, %c : tensor<f32>, tensor<f32>) {
  ^bb0(%x: f32, %s: f32, %t: f32):
    %p = arith.mulf %x, %x : f32
    %q = arith.addf %p, %s : f32
    %m = arith.maximumf %x, %t : f32
    linalg.yield %q, %m : f32, f32
  } -> (tensor<f32>, tensor<f32>)
  return %0#0, %0#1 : tensor<f32>, tensor<f32>
}

// An elementwise sum is none.
// CHECK-LABEL: func.func @elementwise
// CHECK: arith.addf %{{.*}}, %{{.*}} : f32
func.func @elementwise(%a: tensor<8xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> (k)>], iterator_types = ["parallel"]}
    ins(%a : tensor<8xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%x: f32, %s: f32):
    %q = arith.addf %x, %s : f32
    linalg.yield %q : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
