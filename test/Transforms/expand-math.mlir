// RUN: mx-opt %s --mx-expand-math | FileCheck %s

// CHECK-LABEL: func.func @exp
// CHECK-SAME: (%[[X:.*]]: f32)
// NaN is not beyond any bound.
// CHECK: arith.cmpf ogt, %[[X]],
// CHECK: %[[ZERO:.*]] = arith.cmpf olt,
// CHECK: arith.select %[[ZERO]], %cst
// CHECK: %[[N:.*]] = math.fma
// CHECK: arith.bitcast %[[N]] : f32 to i32
// CHECK-NOT: {{math.exp|call|scf|cf}}
// No product underflows below -104.
// CHECK: %[[RESULT:.*]] = arith.select %[[ZERO]], %cst
// CHECK-NEXT: return %[[RESULT]]
func.func @exp(%x: f32) -> f32 {
  %0 = math.exp %x : f32
  return %0 : f32
}

// CHECK-LABEL: func.func @vectors
// CHECK-NOT: math.{{erf|tanh|rsqrt|exp}}
// CHECK: math.fma {{.*}} : vector<2x[4]xf32>
// CHECK-NOT: math.{{erf|tanh|rsqrt|exp}}
// CHECK: return
func.func @vectors(%x: vector<2x[4]xf32>) -> vector<2x[4]xf32> {
  %0 = math.erf %x : vector<2x[4]xf32>
  %1 = math.tanh %0 : vector<2x[4]xf32>
  %2 = math.rsqrt %1 : vector<2x[4]xf32>
  %3 = math.exp %2 : vector<2x[4]xf32>
  return %3 : vector<2x[4]xf32>
}

// CHECK-LABEL: func.func @rsqrt
// CHECK: %[[ROOT:.*]] = math.sqrt
// CHECK: arith.divf %{{.*}}, %[[ROOT]] : f32
func.func @rsqrt(%x: f32) -> f32 {
  %0 = math.rsqrt %x : f32
  return %0 : f32
}

// CHECK-LABEL: func.func @fpowi
// CHECK-NOT: math.fpowi
// CHECK: return
func.func @fpowi(%x: f32) -> f32 {
  %three = arith.constant 3 : i32
  %0 = math.fpowi %x, %three : f32, i32
  return %0 : f32
}

// Narrower floats are rounded once, from f32.
// CHECK-LABEL: func.func @narrow
// CHECK: arith.extf %{{.*}} : f16 to f32
// CHECK-NOT: : f16
// CHECK: arith.divf {{.*}} : f32
// CHECK-NOT: : f16
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK-NOT: math.erf
// CHECK: arith.truncf %{{.*}} : f32 to bf16
func.func @narrow(%x: f16, %y: bf16) -> (f16, bf16) {
  %0 = math.rsqrt %x : f16
  %1 = math.erf %y : bf16
  return %0, %1 : f16, bf16
}

// CHECK-LABEL: func.func @clamp
// CHECK-NOT: math.
// CHECK: return
func.func @clamp(%x: f64, %y: f64) -> f64 {
  %0 = math.clampf %x to [%y, %y] : f64
  return %0 : f64
}

// CHECK-LABEL: func.func @left_to_others
// CHECK: math.exp {{.*}} : f64
// CHECK: math.exp {{.*}} : tensor<4xf32>
// CHECK: math.log {{.*}} : f32
func.func @left_to_others(%x: f64, %y: tensor<4xf32>, %z: f32) -> (f64, tensor<4xf32>, f32) {
  %0 = math.exp %x : f64
  %1 = math.exp %y : tensor<4xf32>
  %2 = math.log %z : f32
  return %0, %1, %2 : f64, tensor<4xf32>, f32
}
