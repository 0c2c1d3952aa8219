// RUN: mx-opt %s --mx-reduce-rows --canonicalize --split-input-file | FileCheck %s

// Rows of two vectors, four at a time, then the two that are left.
// CHECK-LABEL: func.func @magnitudes
// CHECK-SAME: (%[[X:.*]]: memref<6x8xf32>, %[[Y:.*]]: memref<6xi32>)
// CHECK-DAG: %[[MASK:.*]] = arith.constant dense<2147483647> : vector<4xi32>
// CHECK: %[[A:.*]] = vector.load %[[X]][%c0, %c0] : memref<6x8xf32>, vector<4xf32>
// CHECK: %[[BITS:.*]] = arith.bitcast %[[A]] : vector<4xf32> to vector<4xi32>
// CHECK: %[[LOW:.*]] = arith.andi %[[BITS]], %[[MASK]]
// CHECK: vector.load %[[X]][%c0, %c4]
// CHECK: %[[HIGH:.*]] = arith.andi
// CHECK: %[[ROW0:.*]] = arith.maxui %[[LOW]], %[[HIGH]] : vector<4xi32>
// CHECK: vector.load %[[X]][%c2, %c0]
// CHECK: %[[ROW2:.*]] = arith.maxui
// CHECK: %[[L:.*]] = vector.shuffle %[[ROW0]], %[[ROW2]] [0, 1, 4, 5]
// CHECK: %[[H:.*]] = vector.shuffle %[[ROW0]], %[[ROW2]] [2, 3, 6, 7]
// CHECK: %[[EVEN:.*]] = arith.maxui %[[L]], %[[H]]
// CHECK: vector.load %[[X]][%c1, %c0]
// CHECK: vector.load %[[X]][%c3, %c0]
// CHECK: vector.shuffle {{.*}} [0, 1, 4, 5]
// CHECK: vector.shuffle {{.*}} [2, 3, 6, 7]
// CHECK: %[[ODD:.*]] = arith.maxui
// CHECK: %[[L:.*]] = vector.shuffle %[[EVEN]], %[[ODD]] [0, 4, 2, 6]
// CHECK: %[[H:.*]] = vector.shuffle %[[EVEN]], %[[ODD]] [1, 5, 3, 7]
// CHECK: %[[ALL:.*]] = arith.maxui %[[L]], %[[H]]
// CHECK: %[[BEFORE:.*]] = vector.load %[[Y]][%c0] : memref<6xi32>, vector<4xi32>
// CHECK: %[[RESULT:.*]] = arith.maxui %[[ALL]], %[[BEFORE]]
// CHECK: vector.store %[[RESULT]], %[[Y]][%c0]
// CHECK: vector.load %[[X]][%c4, %c0]
// CHECK: %[[ROW4:.*]] = arith.maxui %{{.*}} : vector<2xi32>
// CHECK: vector.load %[[X]][%c5, %c0]
// CHECK: vector.shuffle %[[ROW4]], %{{.*}} [0, 2]
// CHECK: vector.store %{{.*}}, %[[Y]][%c4] : memref<6xi32>, vector<2xi32>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @magnitudes(%x: memref<6x8xf32>, %y: memref<6xi32>) {
    %mask = arith.constant 0x7fffffff : i32
    linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<6x8xf32>) outs(%y : memref<6xi32>) {
    ^bb0(%in: f32, %out: i32):
      %0 = arith.bitcast %in : f32 to i32
      %1 = arith.andi %0, %mask : i32
      %2 = arith.maxui %1, %out : i32
      linalg.yield %2 : i32
    }
    return
  }
}

// -----

// Any number of rows: whole vectors, then one by one. Other loops are around.
// CHECK-LABEL: func.func @dynamic
// CHECK: scf.for
// CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c4
// CHECK-COUNT-6: vector.shuffle
// CHECK: vector.store %{{.*}} : memref<?x?xi32>, vector<4xi32>
// CHECK: scf.for %{{.*}} step %c1
// CHECK: vector.store %{{.*}} : memref<?x?xi32>, vector<1xi32>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @dynamic(%x: memref<?x?x12xi8>, %y: memref<?x?xi32>) {
    linalg.generic {indexing_maps = [affine_map<(b, m, k) -> (b, m, k)>, affine_map<(b, m, k) -> (b, m)>], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x : memref<?x?x12xi8>) outs(%y : memref<?x?xi32>) {
    ^bb0(%in: i8, %out: i32):
      %0 = arith.extsi %in : i8 to i32
      %1 = arith.addi %out, %0 : i32
      linalg.yield %1 : i32
    }
    return
  }
}

// -----

// Parts of sums may overflow where these do not.
// CHECK-LABEL: func.func @flags
// CHECK: arith.muli %{{.*}} overflow<nsw> : vector<4xi32>
// CHECK-NOT: arith.addi %{{.*}} overflow
func.func @flags(%x: memref<8x8xi32>, %y: memref<8xi32>) {
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x8xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.muli %in, %in overflow<nsw> : i32
    %1 = arith.addi %0, %out overflow<nsw> : i32
    linalg.yield %1 : i32
  }
  return
}

// -----

// Left alone: sums of floats, rows that are not contiguous, of any extent, an odd or a
// large one, of bits or other numbers of which memory holds no vectors, one row, and
// bodies with indices or with ops of several results.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-10: linalg.generic
// CHECK-NOT: linalg.generic
#row = affine_map<(m, k) -> (m, k)>
#column = affine_map<(m, k) -> (k, m)>
#result = affine_map<(m, k) -> (m)>
func.func @others(%f: memref<8x8xf32>, %x: memref<8x8xi32>, %any: memref<8x?xi32>, %odd: memref<8x7xi32>, %bits: memref<8x8xi1>, %wide: memref<8x8xi24>, %long: memref<8x256xi32>, %one: memref<1x8xi32>, %total: memref<8xf32>, %y: memref<8xi32>, %y1: memref<1xi32>) {
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%f : memref<8x8xf32>) outs(%total : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#column, #result], iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x8xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.addi %in, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%any : memref<8x?xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.addi %in, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%odd : memref<8x7xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.addi %in, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%bits : memref<8x8xi1>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i1, %out: i32):
    %i = arith.extui %in : i1 to i32
    %0 = arith.addi %i, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%wide : memref<8x8xi24>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i24, %out: i32):
    %i = arith.extui %in : i24 to i32
    %0 = arith.addi %i, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%long : memref<8x256xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.addi %in, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x8xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %low, %high = arith.mului_extended %in, %in : i32
    %0 = arith.addi %high, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%one : memref<1x8xi32>) outs(%y1 : memref<1xi32>) {
  ^bb0(%in: i32, %out: i32):
    %0 = arith.addi %in, %out : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [#row, #result], iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x8xi32>) outs(%y : memref<8xi32>) {
  ^bb0(%in: i32, %out: i32):
    %k = linalg.index 1 : index
    %i = arith.index_cast %k : index to i32
    %0 = arith.muli %in, %i : i32
    %1 = arith.addi %0, %out : i32
    linalg.yield %1 : i32
  }
  return
}
