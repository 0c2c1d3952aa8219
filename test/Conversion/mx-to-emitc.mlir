// The C of what programs end in: pointers, functions that can fail, constants.

// RUN: mx-opt %s --split-input-file --convert-mx-to-emitc --verify-diagnostics | mx-translate --mlir-to-cpp --split-input-file | FileCheck %s

// Large constants are places behind a pointer, the workspace's size is told, and
// callees come first, with what they need of the constants and of extents.
module attributes {mx.constants = {w = dense<1.0> : tensor<64xf32>, v = dense<2.0> : tensor<20xf32>}} {
  memref.global constant @v : memref<20xf32>
  memref.global constant @w : memref<64xf32>
  memref.global "private" constant @"small.1" : memref<2x2xf32> = dense<[[1.5, 0x7FC00000], [0xFF800000, -0.0]]>

  // CHECK: #include <stdbool.h>
  // CHECK-NEXT: #include <stddef.h>
  // CHECK-NEXT: #include <stdint.h>
  // CHECK-NEXT: #include <math.h>
  // CHECK: static const float mx_small_1[4] = {1.5f, NAN, -INFINITY, -0.0f};

  // CHECK: static const char* mx_add(float* [[X:.*]], float* [[Y:.*]], uint8_t* [[WEIGHTS:.*]], ptrdiff_t [[N:.*]]) {
  // CHECK: uint8_t* [[W:.*]] = [[WEIGHTS]] + 128;
  // CHECK: float* [[PLACE:.*]] = (float*) [[W]];
  // CHECK: if (![[OK:.*]]) return "index \"i\" \\ {1} out of bounds";
  // CHECK: for (ptrdiff_t [[I:.*]] = 0; [[I]] < [[N]]; [[I]] += 1) {
  // CHECK: ptrdiff_t [[ROW:.*]] = [[I]] * 8;
  // CHECK: ptrdiff_t [[AT:.*]] = [[ROW]] + 3;
  // CHECK: float [[A:.*]] = [[X]]{{\[}}[[AT]]];
  // CHECK: return NULL;

  // CHECK: const char* main(float* [[X:.*]], float* [[Y:.*]], uint8_t* [[WORKSPACE:.*]], uint8_t* [[WEIGHTS:.*]]) {
  // CHECK-NEXT: (void)[[WORKSPACE]];
  // CHECK: ptrdiff_t [[AT:.*]] = 16 + [[J:.*]];
  // CHECK: float* [[PART:.*]] = [[X]] + [[AT]];
  // CHECK: { const char *error = mx_add([[PART]], [[Y]], [[WEIGHTS]], [[SIZE:.*]]); if (error) return error; }
  // CHECK: return NULL;
  func.func @main(%x: memref<4x8xf32>, %y: memref<4xf32>, %workspace: memref<?xi8>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    scf.for %j = %c0 to %c3 step %c1 {
      %n = arith.addi %j, %c1 : index
      %part = memref.subview %x[2, %j] [%n, 4] [1, 1] : memref<4x8xf32> to memref<?x4xf32, strided<[8, 1], offset: ?>>
      func.call @add(%part, %y) : (memref<?x4xf32, strided<[8, 1], offset: ?>>, memref<4xf32>) -> ()
    }
    %small = memref.get_global @"small.1" : memref<2x2xf32>
    %last = memref.load %small[%c1, %c1] : memref<2x2xf32>
    memref.store %last, %y[%c0] : memref<4xf32>
    return
  }
  func.func private @add(%x: memref<?x4xf32, strided<[8, 1], offset: ?>>, %y: memref<4xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %w = memref.get_global @w : memref<64xf32>
    %n = memref.dim %x, %c0 : memref<?x4xf32, strided<[8, 1], offset: ?>>
    %first = memref.load %w[%c3] : memref<64xf32>
    %ok = arith.cmpi ult, %n, %c3 : index
    cf.assert %ok, "index \22i\22 \\ {1} out of bounds"
    scf.for %i = %c0 to %n step %c1 {
      %a = memref.load %x[%i, %c3] : memref<?x4xf32, strided<[8, 1], offset: ?>>
      %sum = arith.addf %a, %first : f32
      memref.store %sum, %y[%i] : memref<4xf32>
    }
    return
  }
  func.func @main_shapes(%x: memref<4x8xf32>, %y: memref<4xf32>) -> index attributes {mx.no_memory} {
    %c4 = arith.constant 4 : index
    return %c4 : index
  }
  func.func @main_workspace(%x: memref<4x8xf32>, %y: memref<4xf32>) -> index attributes {mx.no_memory} {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}

// -----

// A name that a function of mx has; numbers with a sign count a loop; a text that is no
// trigraph. A function that can fail and takes nothing.
func.func @maximum(%x: memref<4xf32>, %c: i1) {
  func.call @maximumf(%x, %c) : (memref<4xf32>, i1) -> ()
  func.call @nothing() : () -> ()
  return
}
// CHECK: static inline float mx_maximumf(
// CHECK: static const char* mx_maximumf_(float* [[X:.*]], bool [[C:.*]]) {
// CHECK: if (![[C]]) return "what\?\?/ {1}";
// CHECK: for (ptrdiff_t [[I:.*]] = [[LOW:.*]]; [[I]] < [[HIGH:.*]]; [[I]] += [[STEP:.*]]) {
// CHECK-NEXT: uint32_t {{.*}} = (uint32_t) [[I]];
// CHECK: = mx_maximumf(
// CHECK: { const char *error = mx_nothing(); if (error) return error; }
func.func private @maximumf(%x: memref<4xf32>, %c: i1) {
  %c0 = arith.constant 0 : index
  %a = arith.constant -3 : i32
  %b = arith.constant 3 : i32
  %s = arith.constant 1 : i32
  cf.assert %c, "what??/ {1}"
  scf.for %i = %a to %b step %s : i32 {
    %f = arith.sitofp %i : i32 to f32
    %old = memref.load %x[%c0] : memref<4xf32>
    %new = arith.maximumf %old, %f : f32
    memref.store %new, %x[%c0] : memref<4xf32>
  }
  return
}
func.func private @nothing() {
  %false = arith.constant false
  cf.assert %false, "nothing"
  return
}

// -----

// A size that follows from arguments is no place for C's arrays.
// expected-error@+1 {{expected static shapes, found a workspace whose size follows from those of arguments}}
func.func @main(%x: memref<?xf32>, %workspace: memref<?xi8>) {
  return
}
func.func @main_workspace(%x: memref<?xf32>) -> index attributes {mx.no_memory} {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  return %n : index
}

// -----

func.func @dynamic(%x: memref<?xf32>, %y: memref<1xindex>) {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{failed to legalize operation 'memref.dim'}}
  %n = memref.dim %x, %c0 : memref<?xf32>
  memref.store %n, %y[%c0] : memref<1xindex>
  return
}

// -----

func.func @unlowered(%x: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %a = memref.load %x[%c0] : memref<1xf32>
  // expected-error@+1 {{failed to legalize operation 'math.tan'}}
  %b = math.tan %a : f32
  memref.store %b, %x[%c0] : memref<1xf32>
  return
}

// -----

// expected-error@+1 {{expected functions that do not call themselves, found one that does}}
func.func @recursive(%x: memref<1xf32>) {
  func.call @recursive(%x) : (memref<1xf32>) -> ()
  return
}
