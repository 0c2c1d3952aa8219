// RUN: mx-opt %s --mx-expand-math | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NOT: math.rsqrt
// CHECK-NOT: math.fpowi
// CHECK-NOT: math.tanh
// CHECK: math.exp
func.func @f(%x: f32) -> (f32, f32, f32, f32) {
  %three = arith.constant 3 : i32
  %0 = math.rsqrt %x : f32
  %1 = math.fpowi %x, %three : f32, i32
  %2 = math.exp %x : f32
  %3 = math.tanh %x : f32
  return %0, %1, %2, %3 : f32, f32, f32, f32
}
