// RUN: mx-opt %s --mx-derive-result-shapes --canonicalize --split-input-file --verify-diagnostics | FileCheck %s
// RUN: mx-opt %s --mx-derive-result-shapes --split-input-file --verify-diagnostics | FileCheck %s --check-prefix=AGAIN

// AGAIN-LABEL: func.func @again(
// AGAIN: %[[Y:.*]] = memref.alloc()
// AGAIN: %[[CAST:.*]] = memref.cast %[[Y]] : memref<4xf32> to memref<4xf32>
// AGAIN: return %[[Y]], %[[CAST]]
func.func @again() -> (memref<4xf32>, memref<4xf32>) {
  %y = memref.alloc() : memref<4xf32>
  return %y, %y : memref<4xf32>, memref<4xf32>
}

// -----

// What is not computed from shapes is left out; static extents are told too.
// CHECK-LABEL: func.func @rows_shapes(%arg0: memref<?x4xf32>) -> (index, index) attributes {mx.no_memory}
// CHECK-DAG: %[[FOUR:.*]] = arith.constant 4 : index
// CHECK-DAG: %[[M:.*]] = memref.dim %arg0
// CHECK-NEXT: return %[[M]], %[[FOUR]]
// CHECK-LABEL: func.func @rows(
func.func @rows(%x: memref<?x4xf32>) -> memref<?x4xf32> {
  %c0 = arith.constant 0 : index
  %m = memref.dim %x, %c0 : memref<?x4xf32>
  %y = memref.alloc(%m) : memref<?x4xf32>
  memref.copy %x, %y : memref<?x4xf32> to memref<?x4xf32>
  return %y : memref<?x4xf32>
}

// -----

// A shape that a tensor on the stack holds, and a check of shapes.
// CHECK-LABEL: func.func @shape_on_the_stack_shapes(
// CHECK: %[[M:.*]] = memref.dim %arg0
// CHECK: cf.assert
// CHECK: memref.store %[[M]], %[[S:.*]][
// CHECK: %[[K:.*]] = memref.load %[[S]]
// CHECK: return %[[K]]
func.func @shape_on_the_stack(%x: memref<?xf32>) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.dim %x, %c0 : memref<?xf32>
  %even = arith.cmpi ne, %m, %c1 : index
  cf.assert %even, "one row"
  %s = memref.alloca() : memref<1xindex>
  memref.store %m, %s[%c0] : memref<1xindex>
  %r = memref.reshape %x(%s) : (memref<?xf32>, memref<1xindex>) -> memref<?xf32>
  return %r : memref<?xf32>
}

// -----

// Constants may be read.
// CHECK-LABEL: func.func @shape_of_constants_shapes(
// CHECK: memref.get_global @two
// CHECK: memref.load
memref.global "private" constant @two : memref<2xindex> = dense<[2, 3]>
func.func @shape_of_constants(%x: memref<6xf32>) -> memref<?xf32> {
  %c1 = arith.constant 1 : index
  %two = memref.get_global @two : memref<2xindex>
  %n = memref.load %two[%c1] : memref<2xindex>
  %y = memref.alloc(%n) : memref<?xf32>
  return %y : memref<?xf32>
}

// -----

memref.global "private" @variable : memref<index> = dense<2>
func.func @shape_of_a_variable(%x: memref<6xf32>) -> memref<?xf32> {
  %v = memref.get_global @variable : memref<index>
  // expected-error@+1 {{found one that depends on their elements}}
  %n = memref.load %v[] : memref<index>
  %y = memref.alloc(%n) : memref<?xf32>
  return %y : memref<?xf32>
}

// -----

// A check of elements is left out.
// CHECK-LABEL: func.func @element_checked_shapes(
// CHECK-NOT: cf.assert
// CHECK: return
func.func @element_checked(%x: memref<?xi1>) -> memref<?xi1> {
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<?xi1>
  cf.assert %v, "false"
  return %x : memref<?xi1>
}

// -----

func.func @extent_from_data(%x: memref<index>) -> memref<?xf32> {
  // expected-error@+1 {{expected sizes that follow from the shapes of the arguments of 'extent_from_data', found one that depends on their elements}}
  %n = memref.load %x[] : memref<index>
  %y = memref.alloc(%n) : memref<?xf32>
  return %y : memref<?xf32>
}

// -----

// What is stored on the stack may be data.
func.func @data_on_the_stack(%x: memref<index>) -> memref<?xf32> {
  %s = memref.alloca() : memref<index>
  memref.copy %x, %s : memref<index> to memref<index>
  // expected-error@+1 {{found one that depends on their elements}}
  %n = memref.load %s[] : memref<index>
  %y = memref.alloc(%n) : memref<?xf32>
  return %y : memref<?xf32>
}

// -----

// CHECK-LABEL: func.func private @private(
// CHECK-NOT: @private_shapes
func.func private @private(%x: memref<?xf32>) -> memref<?xf32> {
  return %x : memref<?xf32>
}

// -----

// expected-error@+1 {{expected no other symbol 'taken_shapes', found one}}
func.func @taken(%x: memref<?xf32>) -> memref<?xf32> {
  return %x : memref<?xf32>
}
func.func private @taken_shapes()

// -----

// expected-error@+1 {{expected a function of one block that returns ranked memrefs, found another}}
func.func @number(%x: memref<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<?xf32>
  return %v : f32
}
