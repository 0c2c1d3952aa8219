// RUN: mx-opt %s --mx-expand-narrow-floats --split-input-file --verify-diagnostics | FileCheck %s
// The bits are tested by running, in expand-narrow-floats-executed.py.

// CHECK-LABEL: func.func @scalar
// CHECK-NOT: arith.extf
// CHECK-NOT: arith.truncf
// CHECK: arith.bitcast %{{.*}} : i8 to f8E4M3FN
func.func @scalar(%x: f8E5M2) -> f8E4M3FN {
  %0 = arith.extf %x : f8E5M2 to f32
  %1 = arith.truncf %0 : f32 to f8E4M3FN
  return %1 : f8E4M3FN
}

// -----

// A number needs no test for NaN.
// CHECK-LABEL: func.func @number
// CHECK-NOT: arith.cmpf
// CHECK: return
func.func @number(%x: f32) -> f8E4M3FN {
  %0 = arith.truncf %x fastmath<nnan> : f32 to f8E4M3FN
  return %0 : f8E4M3FN
}

// -----

// CHECK-LABEL: func.func @vector
// CHECK-NOT: arith.extf
// CHECK: arith.bitcast %{{.*}} : vector<4xf4E2M1FN> to vector<4xi4>
// CHECK: arith.constant dense<{{.*}}> : vector<4xi32>
func.func @vector(%x: vector<4xf4E2M1FN>) -> vector<4xf32> {
  %0 = arith.extf %x : vector<4xf4E2M1FN> to vector<4xf32>
  return %0 : vector<4xf32>
}

// -----

// By way of f16 where an instruction extends that: E5M2 are f16 without the last 8
// bits, and others have another bias.
// CHECK-LABEL: func.func @by_f16
// CHECK: %[[E5M2:.*]] = arith.extf %{{.*}} : vector<4xf16> to vector<4xf32>
// CHECK: %[[HALF:.*]] = arith.extf %{{.*}} : vector<4xf16> to vector<4xf32>
// CHECK: %[[POWER:.*]] = arith.constant dense<1.638400e+04> : vector<4xf32>
// CHECK: %[[E2M1:.*]] = arith.mulf %[[HALF]], %[[POWER]]
// CHECK: return %[[E5M2]], %[[E2M1]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, extends = [f16], caches = [32768]>} {
  func.func @by_f16(%x: vector<4xf8E5M2>, %y: vector<4xf4E2M1FN>) -> (vector<4xf32>, vector<4xf32>) {
    %0 = arith.extf %x : vector<4xf8E5M2> to vector<4xf32>
    %1 = arith.extf %y : vector<4xf4E2M1FN> to vector<4xf32>
    return %0, %1 : vector<4xf32>, vector<4xf32>
  }
}

// -----

// CHECK-LABEL: func.func @constants
// CHECK: arith.constant 56 : i8
// CHECK: arith.bitcast
// CHECK: arith.constant dense<[1, 2]> : vector<2xi4>
func.func @constants() -> (f8E4M3FN, vector<2xf4E2M1FN>) {
  %0 = arith.constant 1.0 : f8E4M3FN
  %1 = arith.constant dense<[0.5, 1.0]> : vector<2xf4E2M1FN>
  return %0, %1 : f8E4M3FN, vector<2xf4E2M1FN>
}

// -----

// CHECK-LABEL: func.func @scaling
// CHECK-NOT: arith.scaling_extf
// CHECK-NOT: arith.extf
func.func @scaling(%x: f6E2M3FN, %s: f8E8M0FNU) -> f32 {
  %0 = arith.scaling_extf %x, %s : f6E2M3FN, f8E8M0FNU to f32
  return %0 : f32
}

// -----

func.func @rounds_twice(%x: f64) -> f8E5M2 {
  // expected-error @below {{has no expansion for 'f64' to 'f8E5M2'}}
  %0 = arith.truncf %x : f64 to f8E5M2
  return %0 : f8E5M2
}
