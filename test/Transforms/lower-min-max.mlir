// RUN: mx-opt %s --mx-lower-min-max | FileCheck %s

// CHECK-LABEL: func.func @intrinsics
// CHECK: llvm.intr.maximum(%{{.*}}, %{{.*}}) : (f32, f32) -> f32
// CHECK: llvm.intr.minimum(%{{.*}}, %{{.*}}) {fastmathFlags = #llvm.fastmath<nnan>} : (vector<8xf64>, vector<8xf64>) -> vector<8xf64>
// CHECK: llvm.intr.maximum(%{{.*}}, %{{.*}}) : (f16, f16) -> f16
func.func @intrinsics(%x: f32, %y: vector<8xf64>, %h: f16) -> (f32, vector<8xf64>, f16) {
  %0 = arith.maximumf %x, %x : f32
  %1 = arith.minimumf %y, %y fastmath<nnan> : vector<8xf64>
  %2 = arith.maximumf %h, %h : f16
  return %0, %1, %2 : f32, vector<8xf64>, f16
}

// What has no such intrinsic or no such type, and what is no IEEE maximum.
// CHECK-LABEL: func.func @left_alone
// CHECK: arith.maximumf %{{.*}} : bf16
// CHECK: arith.maximumf %{{.*}} : tensor<4xf32>
// CHECK: arith.minimumf %{{.*}} : vector<2x4xf32>
// CHECK: arith.maxnumf %{{.*}} : f32
func.func @left_alone(%x: bf16, %y: tensor<4xf32>, %z: vector<2x4xf32>, %u: f32) -> (bf16, tensor<4xf32>, vector<2x4xf32>, f32) {
  %0 = arith.maximumf %x, %x : bf16
  %1 = arith.maximumf %y, %y : tensor<4xf32>
  %2 = arith.minimumf %z, %z : vector<2x4xf32>
  %3 = arith.maxnumf %u, %u : f32
  return %0, %1, %2, %3 : bf16, tensor<4xf32>, vector<2x4xf32>, f32
}
