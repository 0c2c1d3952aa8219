// RUN: mx-opt %s --mx-widen-floats | FileCheck %s
// RUN: mx-opt %s --mx-widen-floats=f16 | FileCheck %s --check-prefix=F16

// CHECK-LABEL: func.func @scalar
// CHECK: %[[Y:.*]] = arith.extf %arg1 : bf16 to f32
// CHECK: %[[X:.*]] = arith.extf %arg0 : bf16 to f32
// CHECK: %[[SUM:.*]] = arith.addf %[[X]], %[[Y]] : f32
// CHECK: %[[RESULT:.*]] = arith.truncf %[[SUM]] {{.*}}: f32 to bf16
// CHECK: return %[[RESULT]]
func.func @scalar(%x: bf16, %y: bf16) -> bf16 {
  %0 = arith.addf %x, %y : bf16
  return %0 : bf16
}

// Each result is rounded, and what extends it may not be contracted with that.
// CHECK-LABEL: func.func @chain
// CHECK: %[[PRODUCT:.*]] = arith.mulf {{.*}} : vector<4xf32>
// CHECK: %[[ROUNDED:.*]] = arith.truncf %[[PRODUCT]]
// CHECK: %[[WIDE:.*]] = arith.extf %[[ROUNDED]] : vector<4xbf16> to vector<4xf32>
// CHECK: arith.subf %[[WIDE]], {{.*}} : vector<4xf32>
func.func @chain(%x: vector<4xbf16>, %y: vector<4xbf16>) -> vector<4xbf16> {
  %0 = arith.mulf %x, %y : vector<4xbf16>
  %1 = arith.subf %0, %y : vector<4xbf16>
  return %1 : vector<4xbf16>
}

// CHECK-LABEL: func.func @functions
// CHECK: math.fma {{.*}} : f32
// CHECK: math.log {{.*}} : f32
// CHECK: arith.cmpf olt, {{.*}} : f32
// CHECK: arith.fptosi {{.*}} : f32 to i32
// CHECK: arith.uitofp {{.*}} : i8 to f32
// CHECK: vector.reduction <add>, {{.*}} : vector<4xf32> into f32
func.func @functions(%x: bf16, %i: i8, %v: vector<4xbf16>) -> (bf16, bf16, i1, i32, bf16, bf16) {
  %0 = math.fma %x, %x, %x : bf16
  %1 = math.log %x : bf16
  %2 = arith.cmpf olt, %x, %0 : bf16
  %3 = arith.fptosi %x : bf16 to i32
  %4 = arith.uitofp %i : i8 to bf16
  %5 = vector.reduction <add>, %v : vector<4xbf16> into bf16
  return %0, %1, %2, %3, %4, %5 : bf16, bf16, i1, i32, bf16, bf16
}

// CHECK-LABEL: func.func @signs
// CHECK-NOT: f32
// CHECK: arith.xori
// CHECK: arith.andi
// CHECK: arith.ori
// CHECK-NOT: f32
// CHECK: return
func.func @signs(%x: bf16, %y: vector<4xbf16>) -> (bf16, bf16, vector<4xbf16>) {
  %0 = arith.negf %x : bf16
  %1 = math.absf %x : bf16
  %2 = math.copysign %y, %y : vector<4xbf16>
  return %0, %1, %2 : bf16, bf16, vector<4xbf16>
}

// CHECK-LABEL: func.func @moves
// CHECK-NEXT: arith.constant
// CHECK-NEXT: arith.select %{{.*}} : bf16
// CHECK-NEXT: arith.bitcast %{{.*}} : bf16 to i16
// CHECK-NEXT: arith.extf %{{.*}} : bf16 to f64
// CHECK-NEXT: return
func.func @moves(%c: i1, %x: bf16) -> (i16, f64) {
  %one = arith.constant 1.0 : bf16
  %0 = arith.select %c, %x, %one : bf16
  %1 = arith.bitcast %0 : bf16 to i16
  %2 = arith.extf %0 : bf16 to f64
  return %1, %2 : i16, f64
}

// To odd first, with either type; what says how to round is left alone.
// CHECK-LABEL: func.func @f64
// CHECK: %[[NEAR:.*]] = arith.truncf %arg0 : f64 to f32
// CHECK: %[[BACK:.*]] = arith.extf %[[NEAR]] : f32 to f64
// CHECK: %[[LARGER:.*]] = arith.cmpf ogt
// CHECK: arith.subi
// CHECK: %[[DIFFERS:.*]] = arith.cmpf one, %[[BACK]], %arg0
// CHECK: arith.ori
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK: arith.truncf %arg0 downward : f64 to bf16
func.func @f64(%x: f64) -> (bf16, f16, bf16) {
  %0 = arith.truncf %x : f64 to bf16
  %1 = arith.truncf %x : f64 to f16
  %2 = arith.truncf %x downward : f64 to bf16
  return %0, %1, %2 : bf16, f16, bf16
}

// CHECK-LABEL: func.func @f16
// CHECK: arith.divf {{.*}} : f16
// F16-LABEL: func.func @f16
// F16: arith.divf {{.*}} : f32
// F16: arith.truncf {{.*}} : f32 to f16
func.func @f16(%x: f16, %y: f16) -> f16 {
  %0 = arith.divf %x, %y : f16
  return %0 : f16
}
