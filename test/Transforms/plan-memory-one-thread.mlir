// RUN: mx-opt %s --mx-plan-memory=openmp=false --canonicalize --cse --split-input-file | FileCheck %s --implicit-check-not=omp_get

// One place for all iterations, whatever thread OpenMP would give them to.
// CHECK-LABEL: func.func @tiles_workspace(
// CHECK-NEXT: %[[ALL:.*]] = arith.constant 64 : index
// CHECK-NEXT: return %[[ALL]]
// CHECK-LABEL: func.func @tiles(
// CHECK: scf.forall
// CHECK: memref.view %arg1[%c0][%{{.*}}] : memref<?xi8> to memref<?xf32>
func.func @tiles(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  scf.forall (%i) = (0) to (%n) step (16) {
    %s = affine.min affine_map<(d0)[s0] -> (-d0 + s0, 16)>(%i)[%n]
    %a = memref.alloc(%s) : memref<?xf32>
    %v = memref.subview %x[%i] [%s] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
    memref.copy %a, %v : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
  }
  return
}

// -----

// So loops may stand in loops.
// CHECK-LABEL: func.func @nested_workspace(
// CHECK-NEXT: %[[ALL:.*]] = arith.constant 128 : index
// CHECK-NEXT: return %[[ALL]]
// CHECK-LABEL: func.func @nested(
// CHECK: memref.view %arg1[%c0][] : memref<?xi8> to memref<16xf32>
// CHECK: memref.view %arg1[%c64][] : memref<?xi8> to memref<8xf32>
func.func @nested(%x: memref<16xf32>) {
  scf.forall (%i) in (4) {
    %a = memref.alloc() : memref<16xf32>
    scf.forall (%j) in (2) {
      %b = memref.alloc() : memref<8xf32>
      %o = arith.muli %j, %j : index
      %v = memref.subview %x[%o] [8] [1] : memref<16xf32> to memref<8xf32, strided<[1], offset: ?>>
      memref.copy %b, %v : memref<8xf32> to memref<8xf32, strided<[1], offset: ?>>
    }
    memref.copy %a, %x : memref<16xf32> to memref<16xf32>
  }
  return
}
