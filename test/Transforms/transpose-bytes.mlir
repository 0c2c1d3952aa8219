// RUN: mx-opt %s --mx-transpose-bytes --split-input-file | FileCheck %s

#rows = affine_map<(k, n) -> (n, k)>
#id = affine_map<(k, n) -> (k, n)>

// Four rows of 16 bytes become 16 rows of 4: two rounds of shuffles; what is no
// whole vector is moved one by one.
// CHECK-LABEL: func.func @four
// CHECK-SAME: %[[X:.*]]: memref<4x40xf8E4M3FN>, %[[Y:.*]]: memref<40x4xf8E4M3FN>
// CHECK: scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %c16
// CHECK-COUNT-4: vector.load %[[X]][%{{.*}}, %[[K]]] : memref<4x40xf8E4M3FN>, vector<16xf8E4M3FN>
// CHECK: vector.shuffle {{.*}} [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
// CHECK: vector.shuffle {{.*}} [8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31]
// CHECK-COUNT-6: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-16: vector.store %{{.*}}, %[[Y]][{{.*}}] : memref<40x4xf8E4M3FN>, vector<4xf8E4M3FN>
// CHECK: scf.for
// CHECK-COUNT-4: memref.store
func.func @four(%x: memref<4x40xf8E4M3FN>, %y: memref<40x4xf8E4M3FN>) {
  linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x40xf8E4M3FN>) outs(%y : memref<40x4xf8E4M3FN>) {
  ^bb0(%in: f8E4M3FN, %out: f8E4M3FN):
    linalg.yield %in : f8E4M3FN
  }
  return
}

// -----

#rows = affine_map<(k, n) -> (n, k)>
#id = affine_map<(k, n) -> (k, n)>

// A panel that may lack columns.
// CHECK-LABEL: func.func @panel
// CHECK: %[[ALL:.*]] = arith.cmpi eq, %{{.*}}, %c16
// CHECK: scf.if %[[ALL]]
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK: else
// CHECK: linalg.generic
func.func @panel(%x: memref<?x64xi8>, %buffer: memref<64x16xi8>, %n: index) {
  %y = memref.subview %buffer[0, 0] [64, %n] [1, 1] : memref<64x16xi8> to memref<64x?xi8, strided<[16, 1]>>
  linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<?x64xi8>) outs(%y : memref<64x?xi8, strided<[16, 1]>>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  return
}

// -----

#rows = affine_map<(k, n) -> (n, k)>
#id = affine_map<(k, n) -> (k, n)>

// Wider elements, columns that are no power of two, bodies that compute, and
// copies in order stay.
// CHECK-LABEL: func.func @others
// CHECK-NOT: vector
func.func @others(%a: memref<4x16xi16>, %b: memref<16x4xi16>, %c: memref<5x16xi8>, %d: memref<16x5xi8>,
                  %e: memref<4x16xi8>, %f: memref<16x4xi8>) {
  linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<4x16xi16>) outs(%b : memref<16x4xi16>) {
  ^bb0(%in: i16, %out: i16):
    linalg.yield %in : i16
  }
  linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel"]}
      ins(%c : memref<5x16xi8>) outs(%d : memref<16x5xi8>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel"]}
      ins(%e : memref<4x16xi8>) outs(%f : memref<16x4xi8>) {
  ^bb0(%in: i8, %out: i8):
    %0 = arith.addi %in, %in : i8
    linalg.yield %0 : i8
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%e : memref<4x16xi8>) outs(%e : memref<4x16xi8>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  return
}
