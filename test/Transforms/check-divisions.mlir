// RUN: mx-opt %s --mx-check-divisions --split-input-file | FileCheck %s

// CHECK: llvm.mlir.global private constant @failure(
// CHECK-LABEL: llvm.func @unsigned(
// CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: %[[DEFINED:.*]] = llvm.icmp "ne" %arg1, %[[ZERO]]
// CHECK: llvm.cond_br %[[DEFINED]], ^bb2, ^bb1
// CHECK: ^bb1:
// CHECK: llvm.call @puts(
// CHECK: llvm.call @abort()
// CHECK: llvm.unreachable
// CHECK: ^bb2:
// CHECK: llvm.udiv %arg0, %arg1
llvm.func @unsigned(%a: i64, %b: i64) -> i64 {
  %0 = llvm.udiv %a, %b : i64
  llvm.return %0 : i64
}

// -----

// The smallest number divided by -1 has no place.
// CHECK-LABEL: llvm.func @signed(
// CHECK: %[[DEFINED:.*]] = llvm.icmp "ne" %arg1
// CHECK: llvm.mlir.constant(-1 : i32)
// CHECK: llvm.mlir.constant(-2147483648 : i32)
// CHECK: %[[FITS:.*]] = llvm.or
// CHECK: %[[BOTH:.*]] = llvm.and %[[DEFINED]], %[[FITS]]
// CHECK: llvm.cond_br %[[BOTH]]
// CHECK: llvm.srem
llvm.func @signed(%a: i32, %b: i32) -> i32 {
  %0 = llvm.srem %a, %b : i32
  llvm.return %0 : i32
}

// -----

// All elements of a vector are divided.
// CHECK-LABEL: llvm.func @vectors(
// CHECK: llvm.mlir.constant(dense<0> : vector<8xi16>)
// CHECK: %[[DEFINED:.*]] = llvm.icmp "ne" %arg1, %{{.*}} : vector<8xi16>
// CHECK: %[[FITS:.*]] = llvm.or
// CHECK: %[[BOTH:.*]] = llvm.and %[[DEFINED]], %[[FITS]]
// CHECK: %[[ALL:.*]] = "llvm.intr.vector.reduce.and"(%[[BOTH]]) : (vector<8xi1>) -> i1
// CHECK: llvm.cond_br %[[ALL]]
// CHECK: llvm.sdiv
llvm.func @vectors(%a: vector<8xi16>, %b: vector<8xi16>) -> vector<8xi16> {
  %0 = llvm.sdiv %a, %b : vector<8xi16>
  llvm.return %0 : vector<8xi16>
}

// -----

// CHECK-LABEL: llvm.func @constant_divisors(
// CHECK-NOT: cond_br
// CHECK: llvm.return
llvm.func @constant_divisors(%a: i64) -> i64 {
  %m = llvm.mlir.constant(-1 : i64) : i64
  %c = llvm.mlir.constant(32 : i64) : i64
  %0 = llvm.sdiv %a, %c : i64
  %1 = llvm.udiv %0, %m : i64
  %v = llvm.mlir.constant(dense<32> : vector<4xi32>) : vector<4xi32>
  %2 = llvm.sdiv %v, %v : vector<4xi32>
  llvm.return %1 : i64
}
