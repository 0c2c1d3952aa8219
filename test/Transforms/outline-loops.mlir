// RUN: mx-opt %s --mx-outline-loops --split-input-file | FileCheck %s

// Two ops of one kind share a function; the value from outside is an argument,
// the constant goes along.
// CHECK-LABEL: func.func @two_layers
// CHECK-SAME: (%[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>, %[[S:.*]]: f32)
// CHECK: call @linalg_generic(%[[A]], %[[B]], %[[S]])
// CHECK: call @linalg_generic(%[[B]], %[[A]], %[[S]])
// CHECK: call @linalg_fill{{.*}}(%[[S]], %[[A]])
// CHECK-NOT: linalg.
// CHECK: return
// CHECK: func.func private @linalg_generic(%{{.*}}: memref<4xf32>, %{{.*}}: memref<4xf32>, %{{.*}}: f32) attributes {passthrough = ["noinline"]}
// CHECK: arith.constant 2.0
// CHECK-NOT: memref.distinct_objects
// CHECK: linalg.generic
func.func @two_layers(%a: memref<4xf32>, %b: memref<4xf32>, %s: f32) {
  %two = arith.constant 2.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : memref<4xf32>) outs(%b : memref<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %s : f32
    %1 = arith.mulf %0, %two : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%b : memref<4xf32>) outs(%a : memref<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %s : f32
    %1 = arith.mulf %0, %two : f32
    linalg.yield %1 : f32
  }
  linalg.fill ins(%s : f32) outs(%a : memref<4xf32>)
  return
}

// -----

// Tiles run in loops of their own, which are the same where their tiles' code is.
// CHECK-LABEL: func.func @tiles
// CHECK-SAME: (%[[A:.*]]: memref<64xf32>, %[[B:.*]]: memref<64xf32>)
// CHECK-NEXT: call @[[LOOP:.*]](%[[A]], %[[B]])
// CHECK-NEXT: call @[[LOOP]](%[[B]], %[[A]])
// CHECK-NEXT: return
// CHECK: func.func private @[[LOOP]](
// CHECK: scf.forall
// CHECK: func.call @linalg_exp
func.func @tiles(%a: memref<64xf32>, %b: memref<64xf32>) {
  scf.forall (%i) = (0) to (64) step (16) {
    %x = memref.subview %a[%i] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: ?>>
    %y = memref.subview %b[%i] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: ?>>
    linalg.exp ins(%x : memref<16xf32, strided<[1], offset: ?>>) outs(%y : memref<16xf32, strided<[1], offset: ?>>)
  }
  scf.forall (%i) = (0) to (64) step (16) {
    %x = memref.subview %b[%i] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: ?>>
    %y = memref.subview %a[%i] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: ?>>
    linalg.exp ins(%x : memref<16xf32, strided<[1], offset: ?>>) outs(%y : memref<16xf32, strided<[1], offset: ?>>)
  }
  return
}

// -----

// What a reduction writes is nothing that it reads: its sums may stay in registers.
// CHECK-LABEL: func.func @sum
// CHECK: func.func private @linalg_reduce(%[[X:.*]]: memref<4x8xf32>, %[[Y:.*]]: memref<4xf32>)
// CHECK: %[[D:.*]]:2 = memref.distinct_objects %[[X]], %[[Y]]
// CHECK: linalg.reduce {{.*}} ins(%[[D]]#0 : memref<4x8xf32>) outs(%[[D]]#1 : memref<4xf32>)
func.func @sum(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  linalg.reduce { arith.addf } ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) dimensions = [1]
  return
}

// -----

// What a body reads by index is nothing that its op writes.
// CHECK: func.func private @linalg_generic(%[[Y:.*]]: memref<4xi8>, %[[X:.*]]: memref<4xi8>)
// CHECK: %[[D:.*]]:2 = memref.distinct_objects %[[X]], %[[Y]]
// CHECK: linalg.generic {{.*}} outs(%[[D]]#1 : memref<4xi8>)
// CHECK: memref.load %[[D]]#0
func.func @by_index(%x: memref<4xi8>, %y: memref<4xi8>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y : memref<4xi8>) {
  ^bb0(%out: i8):
    %i = linalg.index 0 : index
    %v = memref.load %x[%i] : memref<4xi8>
    linalg.yield %v : i8
  }
  return
}
