// RUN: mx-opt %s --mx-expand-math | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: mx-opt %s --mx-expand-math=approximate | FileCheck %s --check-prefixes=CHECK,FAST

// CHECK-LABEL: func.func @f
// CHECK-NOT: math.rsqrt
// EXACT: math.exp
// FAST-NOT: math.exp %
func.func @f(%x: f32) -> (f32, f32) {
  %0 = math.rsqrt %x : f32
  %1 = math.exp %x : f32
  return %0, %1 : f32, f32
}
