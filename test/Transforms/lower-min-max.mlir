// RUN: mx-opt %s --mx-lower-min-max | FileCheck %s

// CHECK-LABEL: func.func @intrinsics
// CHECK: llvm.intr.maximum(%{{.*}}, %{{.*}}) : (f32, f32) -> f32
// CHECK: llvm.intr.minimum(%{{.*}}, %{{.*}}) {fastmathFlags = #llvm.fastmath<nnan>} : (vector<8xf64>, vector<8xf64>) -> vector<8xf64>
func.func @intrinsics(%x: f32, %y: vector<8xf64>) -> (f32, vector<8xf64>) {
  %0 = arith.maximumf %x, %x : f32
  %1 = arith.minimumf %y, %y fastmath<nnan> : vector<8xf64>
  return %0, %1 : f32, vector<8xf64>
}

// What has no such intrinsic or no such type, and what is no IEEE maximum.
// CHECK-LABEL: func.func @left_alone
// CHECK: arith.maximumf %{{.*}} : f16
// CHECK: arith.maximumf %{{.*}} : tensor<4xf32>
// CHECK: arith.minimumf %{{.*}} : vector<2x4xf32>
// CHECK: arith.maxnumf %{{.*}} : f32
func.func @left_alone(%x: f16, %y: tensor<4xf32>, %z: vector<2x4xf32>, %u: f32) -> (f16, tensor<4xf32>, vector<2x4xf32>, f32) {
  %0 = arith.maximumf %x, %x : f16
  %1 = arith.maximumf %y, %y : tensor<4xf32>
  %2 = arith.minimumf %z, %z : vector<2x4xf32>
  %3 = arith.maxnumf %u, %u : f32
  return %0, %1, %2, %3 : f16, tensor<4xf32>, vector<2x4xf32>, f32
}
