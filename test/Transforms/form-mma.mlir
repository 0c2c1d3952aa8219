// RUN: mx-opt %s --mx-form-mma --canonicalize --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Two rows, two vectors of columns: four sums, one load of each vector of the panel.
// CHECK-LABEL: func.func @whole
// CHECK-SAME: (%[[A:.*]]: memref<2x64xf32>, %[[B:.*]]: memref<64x16xf32>, %[[C:.*]]: memref<2x16xf32>)
// CHECK-COUNT-4: vector.load %[[C]]
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[K:.*]] = %c0 to %c64 step %c1 iter_args(%[[S0:.*]] = %{{.*}}, %[[S1:.*]] = %{{.*}}, %[[S2:.*]] = %{{.*}}, %[[S3:.*]] = %{{.*}})
// CHECK: %[[P0:.*]] = vector.load %[[B]][%[[K]], %c0]
// CHECK: %[[P1:.*]] = vector.load %[[B]][%[[K]], %c8]
// CHECK: %[[X0:.*]] = memref.load %[[A]][%c0, %[[K]]]
// CHECK: %[[Y0:.*]] = vector.broadcast %[[X0]] : f32 to vector<8xf32>
// CHECK: vector.fma %[[Y0]], %[[P0]], %[[S0]] : vector<8xf32>
// CHECK: vector.fma %[[Y0]], %[[P1]], %[[S1]] : vector<8xf32>
// CHECK: memref.load %[[A]][%c1, %[[K]]]
// CHECK: vector.fma %{{.*}}, %[[P0]], %[[S2]]
// CHECK: vector.fma %{{.*}}, %[[P1]], %[[S3]]
// CHECK: vector.store %[[SUMS]]#0, %[[C]][%c0, %c0]
// CHECK: vector.store %[[SUMS]]#3, %[[C]][%c1, %c8]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @whole(%a: memref<2x64xf32>, %b: memref<64x16xf32>, %c: memref<2x16xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<2x64xf32>) rhs(%b : memref<64x16xf32>) outs(%c : memref<2x16xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Up to six rows and 16 columns, known when the program runs.
// CHECK-LABEL: func.func @dynamic
// CHECK: scf.index_switch
// CHECK: case 1 {
// CHECK: scf.if
// CHECK: vector.load
// CHECK: } else {
// CHECK: vector.create_mask
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
// CHECK: case 5 {
// CHECK: default {
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @dynamic(%a: memref<?x?xf32>, %b: memref<?x?xf32, strided<[16, 1]>>, %c: memref<?x?xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<?x?xf32>) rhs(%b : memref<?x?xf32, strided<[16, 1]>>) outs(%c : memref<?x?xf32>)
    return
  }
}
