// RUN: mx-opt %s --mx-form-mma --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Two rows, two vectors of columns: four sums, one load of each vector of the panel.
// Of each pair of products the second comes first.
// CHECK-LABEL: func.func @whole
// CHECK-SAME: (%[[A:.*]]: memref<2x64xf32>, %[[B:.*]]: memref<64x16xf32>, %[[C:.*]]: memref<2x16xf32>)
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[PAIR:.*]] = %c0 to %c32 step %c1 iter_args(%[[S0:.*]] = %[[ZERO]], %[[S1:.*]] = %[[ZERO]], %[[S2:.*]] = %[[ZERO]], %[[S3:.*]] = %[[ZERO]])
// CHECK: %[[K:.*]] = arith.muli %[[PAIR]], %c2
// CHECK: %[[ODD:.*]] = arith.addi %[[K]], %c1
// CHECK: %[[EVEN:.*]] = arith.muli %[[PAIR]], %c2
// CHECK: %[[P0:.*]] = vector.load %[[B]][%[[ODD]], %c0]
// CHECK: %[[P1:.*]] = vector.load %[[B]][%[[ODD]], %c8]
// CHECK: %[[X0:.*]] = memref.load %[[A]][%c0, %[[ODD]]]
// CHECK: %[[Y0:.*]] = vector.broadcast %[[X0]] : f32 to vector<8xf32>
// CHECK: %[[T0:.*]] = math.fma %[[Y0]], %[[P0]], %[[S0]] : vector<8xf32>
// CHECK: math.fma %[[Y0]], %[[P1]], %[[S1]] : vector<8xf32>
// CHECK: memref.load %[[A]][%c1, %[[ODD]]]
// CHECK: math.fma %{{.*}}, %[[P0]], %[[S2]]
// CHECK: math.fma %{{.*}}, %[[P1]], %[[S3]]
// CHECK: vector.load %[[B]][%[[EVEN]], %c0]
// CHECK: memref.load %[[A]][%c0, %[[EVEN]]]
// CHECK: math.fma %{{.*}}, %{{.*}}, %[[T0]]
// CHECK: %[[I0:.*]] = vector.load %[[C]][%c0, %c0]
// CHECK-COUNT-2: vector.load %[[C]]
// CHECK: %[[I3:.*]] = vector.load %[[C]][%c1, %c8]
// CHECK: %[[R0:.*]] = arith.addf %[[I0]], %[[SUMS]]#0
// CHECK: %[[R3:.*]] = arith.addf %[[I3]], %[[SUMS]]#3
// CHECK: vector.store %[[R0]], %[[C]][%c0, %c0]
// CHECK: vector.store %[[R3]], %[[C]][%c1, %c8]
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
// A long sum is one of pieces; one of an odd number ends in a single product.
// CHECK-DAG: #[[$NO_HOISTING:.*]] = #llvm.loop_licm<disable = true>
// CHECK-DAG: #[[$PIECES:.*]] = #llvm.loop_annotation<licm = #[[$NO_HOISTING]]>
// CHECK-LABEL: func.func @pieces
// CHECK: scf.for %[[BEGIN:.*]] = %c0 to %c301 step %c128
// CHECK: %[[NEXT:.*]] = arith.addi %[[BEGIN]], %c128
// CHECK: %[[END:.*]] = arith.minui %[[NEXT]], %c301
// CHECK: %[[COUNT:.*]] = arith.divui %[[END]], %c2
// CHECK: %[[WHOLE:.*]] = arith.muli %[[COUNT]], %c2
// CHECK: %[[PAIRS:.*]] = scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c1
// CHECK: %[[SUM:.*]] = scf.for %{{.*}} = %[[WHOLE]] to %[[END]] step %c1 iter_args(%{{.*}} = %[[PAIRS]])
// CHECK: %[[INIT:.*]] = vector.load %{{.*}}[%c0, %c0]
// CHECK: %[[RESULT:.*]] = arith.addf %[[INIT]], %[[SUM]]
// CHECK: vector.store %[[RESULT]]
// CHECK-NEXT: } {llvm.loop_annotation = #[[$PIECES]]}
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @pieces(%a: memref<1x301xf32>, %b: memref<301x8xf32>, %c: memref<1x8xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x301xf32>) rhs(%b : memref<301x8xf32>) outs(%c : memref<1x8xf32>)
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

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A panel that is the start of one with all columns is read without masks.
// CHECK-LABEL: func.func @panel
// CHECK-SAME: (%{{.*}}: memref<1x64xf32>, %[[B:.*]]: memref<64x16xf32>, %[[C:.*]]: memref<1x?xf32>, %{{.*}}: index)
// CHECK: } else {
// CHECK: scf.for
// CHECK-NOT: vector.maskedload
// CHECK-COUNT-4: vector.load %[[B]]
// CHECK-NOT: vector.maskedload %[[B]]
// CHECK: vector.maskedload %[[C]]
// CHECK: vector.maskedstore
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @panel(%a: memref<1x64xf32>, %b: memref<64x16xf32>, %c: memref<1x?xf32>, %n: index) {
    %panel = memref.subview %b[0, 0] [64, %n] [1, 1] : memref<64x16xf32> to memref<64x?xf32, strided<[16, 1]>>
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%panel : memref<64x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, p, e) -> (m, k, p, e)>
#as = affine_map<(m, n, k, p, e) -> (m, k)>
#b = affine_map<(m, n, k, p, e) -> (k, p, n, e)>
#bs = affine_map<(m, n, k, p, e) -> (k, n)>
#mn = affine_map<(m, n, k, p, e) -> (m, n)>
// Pairs of integers: a loop over blocks, in it one over pairs. The panel is part of a
// buffer with all columns, so that only the result needs a mask.
// CHECK-LABEL: func.func @integers
// CHECK-SAME: (%[[A:.*]]: memref<1x4x16x2xi16>, %[[AS:.*]]: memref<1x4xf32>, %[[B:.*]]: memref<4x16x16x2xi16>, %[[BS:.*]]: memref<4x16xf32>, %[[C:.*]]: memref<1x?xf32, strided<[32, 1]>>, %{{.*}}: index)
// CHECK: } else {
// CHECK-COUNT-2: vector.create_mask
// CHECK: %[[PANEL:.*]] = memref.collapse_shape %[[B]] {{\[\[}}0], [1], [2, 3]] : memref<4x16x16x2xi16> into memref<4x16x32xi16>
// CHECK: vector.maskedload %[[C]]
// CHECK: %[[TOTALS:.*]]:2 = scf.for %[[K:.*]] = %c0 to %c4 step %c1 iter_args(%[[T:[a-z0-9]+]] = %{{.*}}, %{{.*}} = %{{.*}})
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[P:.*]] = %c0 to %c16 step %c1 iter_args(%{{.*}} = %[[MAGIC:.*]], %{{.*}} = %[[MAGIC]])
// CHECK: %[[Y:.*]] = vector.load %[[PANEL]][%[[K]], %[[P]], %c0] : memref<4x16x32xi16>, vector<16xi16>
// CHECK: vector.load %[[PANEL]][%[[K]], %[[P]], %c16]
// CHECK: %[[PAIR:.*]] = vector.load %[[A]][%c0, %[[K]], %[[P]], %c0] : memref<1x4x16x2xi16>, vector<2xi16>
// CHECK: %[[X:.*]] = vector.bitcast %{{.*}} : vector<8xi32> to vector<16xi16>
// CHECK: arith.extsi %[[X]] : vector<16xi16> to vector<16xi32>
// CHECK: arith.extsi %[[Y]]
// CHECK: arith.muli
// CHECK: vector.deinterleave
// CHECK: %[[SCALE:.*]] = vector.load %[[BS]][%[[K]], %c0]
// CHECK: %[[EXCESS:.*]] = arith.mulf %[[SCALE]], %{{.*}}
// CHECK: %[[SUM:.*]] = vector.bitcast %[[SUMS]]#0 : vector<8xi32> to vector<8xf32>
// CHECK: %[[SCALED:.*]] = math.fma %[[SUM]], %[[SCALE]], %[[EXCESS]]
// CHECK: memref.load %[[AS]][%c0, %[[K]]]
// CHECK: math.fma %[[SCALED]], %{{.*}}, %[[T]]
// CHECK: vector.maskedstore %[[C]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @integers(%a: memref<1x4x16x2xi16>, %as: memref<1x4xf32>, %b: memref<4x16x16x2xi16>, %bs: memref<4x16xf32>, %c: memref<1x?xf32, strided<[32, 1]>>, %n: index) {
    %panel = memref.subview %b[0, 0, 0, 0] [4, 16, %n, 2] [1, 1, 1, 1] : memref<4x16x16x2xi16> to memref<4x16x?x2xi16, strided<[512, 32, 2, 1]>>
    %scales = memref.subview %bs[0, 0] [4, %n] [1, 1] : memref<4x16xf32> to memref<4x?xf32, strided<[16, 1]>>
    mx.contract indexing_maps = [#a, #as, #b, #bs, #mn] {mx.register_tile} lhs(%a scaled %as : memref<1x4x16x2xi16>, memref<1x4xf32>) rhs(%panel scaled %scales : memref<4x16x?x2xi16, strided<[512, 32, 2, 1]>>, memref<4x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32, strided<[32, 1]>>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, p, e) -> (m, k, p, e)>
#as = affine_map<(m, n, k, p, e) -> (m, k)>
#b = affine_map<(m, n, k, p, e) -> (k, p, n, e)>
#bs = affine_map<(m, n, k, p, e) -> (k, n)>
#mn = affine_map<(m, n, k, p, e) -> (m, n)>
// A panel that is all there is: columns beyond it are not read.
// CHECK-LABEL: func.func @partial
// CHECK: vector.maskedload %{{.*}} : memref<4x16x10xi16>, vector<16xi1>, vector<16xi16>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @partial(%a: memref<1x4x16x2xi16>, %as: memref<1x4xf32>, %b: memref<4x16x5x2xi16>, %bs: memref<4x5xf32>, %c: memref<1x5xf32>) {
    mx.contract indexing_maps = [#a, #as, #b, #bs, #mn] {mx.register_tile} lhs(%a scaled %as : memref<1x4x16x2xi16>, memref<1x4xf32>) rhs(%b scaled %bs : memref<4x16x5x2xi16>, memref<4x5xf32>) outs(%c : memref<1x5xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// A target's dot product of codes: a block's sums start from the compensation.
// CHECK-LABEL: func.func @dots
// CHECK-SAME: (%[[A:.*]]: memref<2x4x8x4xi8>, %{{.*}}: memref<2x4xf32>, %{{.*}}: memref<4x8x32x4xi8>, %{{.*}}: memref<4x32xf32>, %[[S:.*]]: memref<4x32xi32>, %{{.*}}: memref<2x32xf32>)
// CHECK: scf.for %[[K:.*]] = %c0 to %c4
// CHECK: %[[START:.*]] = vector.load %[[S]][%[[K]], %c0] : memref<4x32xi32>, vector<16xi32>
// CHECK: %[[ALL:.*]] = arith.addi %[[START]]
// CHECK: scf.for %[[G:.*]] = %c0 to %c8 step %c1 iter_args(%[[SUM:[a-z0-9]+]] = %[[ALL]],
// CHECK: %[[Y:.*]] = vector.load {{.*}} vector<64xi8>
// CHECK: vector.load %[[A]][%c0, %[[K]], %[[G]], %c0] : memref<2x4x8x4xi8>, vector<4xi8>
// CHECK: %[[X:.*]] = vector.bitcast %{{.*}} : vector<16xi32> to vector<64xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[SUM]], %[[X]], %[[Y]]) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// CHECK-COUNT-3: llvm.call_intrinsic
// CHECK-NOT: llvm.call_intrinsic
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @dots(%a: memref<2x4x8x4xi8>, %as: memref<2x4xf32>, %b: memref<4x8x32x4xi8>, %bs: memref<4x32xf32>, %s: memref<4x32xi32>, %c: memref<2x32xf32>) {
    mx.contract indexing_maps = [#a, #as, #b, #bs, #bs, #mn] {lhs_zero_point = 128, mx.register_tile} lhs(%a scaled %as : memref<2x4x8x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x8x32x4xi8>, memref<4x32xf32>) compensated(%s : memref<4x32xi32>) outs(%c : memref<2x32xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// A dot product whose sums are short: those of a block, added up in pairs to what the
// compensation gives.
// CHECK-LABEL: func.func @short_sums
// CHECK-SAME: %[[S:[a-z0-9]+]]: memref<4x16xi16>
// CHECK-DAG: %[[ZEROS:.*]] = arith.constant dense<0> : vector<16xi16>
// CHECK-DAG: %[[ONES:.*]] = arith.constant dense<1> : vector<16xi16>
// CHECK: scf.for %[[K:.*]] = %c0 to %c4
// CHECK: %[[SUMS:.*]]:4 = scf.for %{{.*}} = %c0 to %c8 step %c1 iter_args(%[[SUM:[a-z0-9]+]] = %[[ZEROS]],
// CHECK: %[[PRODUCTS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"(%{{.*}}, %{{.*}}) : (vector<32xi8>, vector<32xi8>) -> vector<16xi16>
// CHECK: arith.addi %[[SUM]], %[[PRODUCTS]] : vector<16xi16>
// CHECK: %[[COMPENSATION:.*]] = vector.load %[[S]][%[[K]], %c0] : memref<4x16xi16>, vector<8xi16>
// CHECK: %[[WIDE:.*]] = arith.extsi %[[COMPENSATION]] : vector<8xi16> to vector<8xi32>
// CHECK: %[[START:.*]] = arith.addi %[[WIDE]]
// CHECK: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[SUMS]]#0, %[[ONES]]) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// CHECK: arith.addi %[[START]], %[[PAIRS]] : vector<8xi32>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @short_sums(%a: memref<2x4x8x4xi8>, %as: memref<2x4xf32>, %b: memref<4x8x16x4xi8>, %bs: memref<4x16xf32>, %s: memref<4x16xi16>, %c: memref<2x16xf32>) {
    mx.contract indexing_maps = [#a, #as, #b, #bs, #bs, #mn] {lhs_zero_point = 16, mx.register_tile} lhs(%a scaled %as : memref<2x4x8x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x8x16x4xi8>, memref<4x16xf32>) compensated(%s : memref<4x16xi16>) outs(%c : memref<2x16xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// Of columns that are codes each row has a compensation, and the dot product takes
// columns first.
// CHECK-LABEL: func.func @codes_of_columns
// CHECK-SAME: %[[S:[a-z0-9]+]]: memref<2x4xi16>
// CHECK: scf.for %[[K:.*]] = %c0 to %c4
// CHECK: %[[SUMS:.*]]:4 = scf.for
// CHECK: %[[Y:.*]] = vector.load {{.*}} vector<32xi8>
// CHECK: %[[X:.*]] = vector.bitcast %{{.*}} : vector<8xi32> to vector<32xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"(%[[Y]], %[[X]])
// CHECK: %[[FIRST:.*]] = memref.load %[[S]][%c0, %[[K]]] : memref<2x4xi16>
// CHECK: %[[WIDE:.*]] = arith.extsi %[[FIRST]] : i16 to i32
// CHECK: %[[COMPENSATION:.*]] = vector.broadcast %[[WIDE]] : i32 to vector<8xi32>
// CHECK: %[[START:.*]] = arith.addi %[[COMPENSATION]]
// CHECK: memref.load %[[S]][%c1, %[[K]]] : memref<2x4xi16>
// CHECK: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[SUMS]]#0, %{{.*}})
// CHECK: arith.addi %[[START]], %[[PAIRS]] : vector<8xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[SUMS]]#1, %{{.*}})
// CHECK: arith.addi %[[START]],
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @codes_of_columns(%a: memref<2x4x8x4xi8>, %as: memref<2x4xf32>, %b: memref<4x8x16x4xi8>, %bs: memref<4x16xf32>, %s: memref<2x4xi16>, %c: memref<2x16xf32>) {
    mx.contract indexing_maps = [#a, #as, #b, #bs, #as, #mn] {rhs_zero_point = 16, mx.register_tile} lhs(%a scaled %as : memref<2x4x8x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x8x16x4xi8>, memref<4x16xf32>) compensated(%s : memref<2x4xi16>) outs(%c : memref<2x16xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// Short sums of two groups, added to sums that start from the compensation.
// CHECK-LABEL: func.func @pairs_of_groups
// CHECK-DAG: %[[ONES:.*]] = arith.constant dense<1> : vector<16xi16>
// CHECK: %[[COMPENSATION:.*]] = vector.load %{{.*}} : memref<4x16xi32>, vector<8xi32>
// CHECK: %[[START:.*]] = arith.addi %[[COMPENSATION]]
// CHECK: scf.for %[[G:.*]] = %c0 to %c8 step %c2 iter_args(%[[SUM:[a-z0-9]+]] = %[[START]],
// CHECK: %[[NEXT:.*]] = arith.addi %[[G]], %c1
// CHECK: %[[COLUMNS:.*]] = vector.load %{{.*}}[%{{.*}}, %[[G]], %c0]
// CHECK: %[[NEXT_COLUMNS:.*]] = vector.load %{{.*}}[%{{.*}}, %[[NEXT]], %c0]
// CHECK: %[[FIRST:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"(%{{.*}}, %[[COLUMNS]])
// CHECK: %[[SECOND:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"(%{{.*}}, %[[NEXT_COLUMNS]])
// CHECK: %[[SHORT:.*]] = arith.addi %[[FIRST]], %[[SECOND]] : vector<16xi16>
// CHECK: %[[WIDE:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[SHORT]], %[[ONES]])
// CHECK: arith.addi %[[SUM]], %[[WIDE]] : vector<8xi32>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @pairs_of_groups(%a: memref<2x4x8x4xi8>, %as: memref<2x4xf32>, %b: memref<4x8x16x4xi8>, %bs: memref<4x16xf32>, %s: memref<4x16xi32>, %c: memref<2x16xf32>) {
    mx.contract indexing_maps = [#a, #as, #b, #bs, #bs, #mn] {lhs_zero_point = 64, mx.register_tile, mx.short_sums} lhs(%a scaled %as : memref<2x4x8x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x8x16x4xi8>, memref<4x16xf32>) compensated(%s : memref<4x16xi32>) outs(%c : memref<2x16xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// An odd number of groups.
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @odd_groups(%a: memref<2x4x7x4xi8>, %as: memref<2x4xf32>, %b: memref<4x7x16x4xi8>, %bs: memref<4x16xf32>, %s: memref<4x16xi32>, %c: memref<2x16xf32>) {
    // expected-error@+1 {{expected a tile of a matrix product}}
    mx.contract indexing_maps = [#a, #as, #b, #bs, #bs, #mn] {lhs_zero_point = 64, mx.register_tile, mx.short_sums} lhs(%a scaled %as : memref<2x4x7x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x7x16x4xi8>, memref<4x16xf32>) compensated(%s : memref<4x16xi32>) outs(%c : memref<2x16xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, g, e) -> (m, k, g, e)>
#as = affine_map<(m, n, k, g, e) -> (m, k)>
#b = affine_map<(m, n, k, g, e) -> (k, g, n, e)>
#bs = affine_map<(m, n, k, g, e) -> (k, n)>
#n = affine_map<(m, n, k, g, e) -> (n)>
#mn = affine_map<(m, n, k, g, e) -> (m, n)>
// A compensation of more than a block.
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @whole_sum(%a: memref<2x4x8x4xi8>, %as: memref<2x4xf32>, %b: memref<4x8x32x4xi8>, %bs: memref<4x32xf32>, %s: memref<32xi32>, %c: memref<2x32xf32>) {
    // expected-error @+1 {{expected a tile of a matrix product}}
    mx.contract indexing_maps = [#a, #as, #b, #bs, #n, #mn] {lhs_zero_point = 128, mx.register_tile} lhs(%a scaled %as : memref<2x4x8x4xi8>, memref<2x4xf32>) rhs(%b scaled %bs : memref<4x8x32x4xi8>, memref<4x32xf32>) compensated(%s : memref<32xi32>) outs(%c : memref<2x32xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Codes in the order of the sum: vectors of 16 products for each column, three at a
// time beside four rows' sums; at the end of a piece halves are added to each other.
// CHECK-LABEL: func.func @ordered
// CHECK-SAME: (%[[A:.*]]: memref<4x1536xf32>, %[[B:.*]]: memref<11x1536xf8E5M2>, %[[S:.*]]: memref<11x48xf32>, %[[C:.*]]: memref<4x11xf32>)
// CHECK: scf.for %[[BEGIN:.*]] = %c0 to %c1536 step %c1024
// CHECK: %[[END:.*]] = arith.minui %{{.*}}, %c1536
// CHECK: scf.for %[[N:.*]] = %c0 to %c9 step %c3
// CHECK: %[[SUMS:.*]]:12 = scf.for %[[K:.*]] = %[[BEGIN]] to %[[END]] step %c64 iter_args
// CHECK: vector.load %[[B]][%[[N]], %[[K]]] : memref<11x1536xf8E5M2>, vector<32xf8E5M2>
// CHECK: %[[BLOCK:.*]] = arith.divui %[[K]], %c32
// CHECK: memref.load %[[S]][%[[N]], %[[BLOCK]]]
// CHECK: vector.load %[[A]][%c0, %[[K]]] : memref<4x1536xf32>, vector<16xf32>
// CHECK: math.fma %{{.*}} : vector<16xf32>
// CHECK: memref.load %[[C]][%c0, %[[N]]]
// CHECK: %[[LOW:.*]] = vector.extract_strided_slice %[[SUMS]]#0 {offsets = [0], sizes = [8]
// CHECK: %[[HIGH:.*]] = vector.extract_strided_slice %[[SUMS]]#0 {offsets = [8], sizes = [8]
// CHECK: arith.addf %[[LOW]], %[[HIGH]] : vector<8xf32>
// CHECK: memref.store %{{.*}}, %[[C]][%c0, %[[N]]]
// CHECK: scf.for %{{.*}} = %c9 to %c11 step %c1
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], caches = [32768]>} {
  func.func @ordered(%a: memref<4x1536xf32>, %b: memref<11x1536xf8E5M2>, %s: memref<11x48xf32>, %c: memref<4x11xf32>) {
    mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {mx.register_tile} lhs(%a : memref<4x1536xf32>) rhs(%b scaled %s : memref<11x1536xf8E5M2>, memref<11x48xf32>) outs(%c : memref<4x11xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nkp = affine_map<(m, n, k) -> (n, k floordiv 2)>
#knp = affine_map<(m, n, k) -> (k, n floordiv 2)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Two codes of f4 in a byte are looked up, the one in the high half after a shift.
// They are brought in order, or the scales and sums of columns are. A block's sums,
// those of even and odd products, are multiplied by its scales.
// CHECK-LABEL: func.func @pairs_of_the_sum
// CHECK-SAME: (%[[A:.*]]: memref<1x128xf32>, %[[B:.*]]: memref<4x64xi8>
// CHECK: %[[TABLE:.*]] = arith.constant dense<[0.000000e+00, 5.000000e-01, 1.000000e+00, 1.500000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 6.000000e+00, -0.000000e+00, -5.000000e-01, -1.000000e+00, -1.500000e+00, -2.000000e+00, -3.000000e+00, -4.000000e+00, -6.000000e+00]> : vector<16xf32>
// CHECK: %[[AT:.*]] = arith.divui %[[K:.*]], %c2
// CHECK: %[[BYTES:.*]] = vector.load %[[B]][%{{.*}}, %[[AT]]] : memref<4x64xi8>, vector<16xi8>
// CHECK: %[[LOW:.*]] = arith.extui %[[BYTES]] : vector<16xi8> to vector<16xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"(%[[TABLE]], %[[LOW]])
// CHECK: %[[HIGH:.*]] = arith.shrui %{{.*}}, %{{.*}} : vector<16xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"(%[[TABLE]], %[[HIGH]])
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 16, 1, 17,
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [8, 24, 9, 25,
// CHECK-LABEL: func.func @pairs_of_columns
// CHECK-SAME: (%{{.*}}: memref<1x64xf32>, %[[B:.*]]: memref<64x16xi8>
// CHECK: %[[EVEN:.*]] = vector.shuffle %{{.*}}, %{{.*}} [0, 2, 4,
// CHECK: %[[ODD:.*]] = vector.shuffle %{{.*}}, %{{.*}} [1, 3, 5,
// CHECK: %[[TOTALS:.*]]:4 = scf.for
// CHECK: vector.load %[[B]][%{{.*}}, %c0] : memref<64x16xi8>, vector<16xi8>
// CHECK-NOT: arith.mulf
// CHECK: %[[EVENS:.*]] = arith.addf %[[TOTALS]]#0, %[[TOTALS]]#2
// CHECK: %[[ODDS:.*]] = arith.addf %[[TOTALS]]#1, %[[TOTALS]]#3
// CHECK: math.fma %[[EVENS]], %[[EVEN]]
// CHECK: math.fma %[[ODDS]], %[[ODD]]
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 16, 1, 17,
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [8, 24, 9, 25,
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], permute = "llvm.x86.avx512.permvar.sf.512", caches = [32768]>} {
  func.func @pairs_of_the_sum(%a: memref<1x128xf32>, %b: memref<4x64xi8>, %s: memref<4x4xf32>, %c: memref<1x4xf32>) {
    mx.contract indexing_maps = [#mk, #nkp, #nkb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x128xf32>) rhs(%b scaled %s : memref<4x64xi8>, memref<4x4xf32>) outs(%c : memref<1x4xf32>)
    return
  }
  func.func @pairs_of_columns(%a: memref<1x64xf32>, %b: memref<64x16xi8>, %s: memref<2x32xf32>, %c: memref<1x32xf32>) {
    mx.contract indexing_maps = [#mk, #knp, #knb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b scaled %s : memref<64x16xi8>, memref<2x32xf32>) outs(%c : memref<1x32xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#knp = affine_map<(m, n, k) -> (k, n floordiv 2)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Shuffles look up the bytes of bf16. Two rows of a panel are decoded at once, half of
// a vector from the low halves of their bytes and half from the high ones; scales and
// sums get the order of columns that comes of it.
// CHECK-LABEL: func.func @bytes_of_two_rows
// CHECK-SAME: (%{{.*}}: memref<1x64xf32>, %[[B:.*]]: memref<64x8xi8>
// CHECK-DAG: %[[HALVES:.*]] = arith.constant dense<[0, 0, 0, 0, 4, 4, 4, 4]>
// CHECK-DAG: %[[LOWS:.*]] = arith.constant dense<[0, 0, -128, -64, 0, 64, -128, -64, 0, 0, -128, -64, 0, 64, -128, -64,
// CHECK-DAG: %[[HIGHS:.*]] = arith.constant dense<[0, 63, 63, 63, 64, 64, 64, 64, -128, -65, -65, -65, -64, -64, -64, -64,
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 4, 8, 12, 1, 5, 9, 13]
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [2, 6, 10, 14, 3, 7, 11, 15]
// CHECK: %[[PANEL:.*]] = memref.collapse_shape %[[B]] {{.*}} into memref<512xi8>
// CHECK: vector.load %[[PANEL]][%{{.*}}] : memref<512xi8>, vector<16xi8>
// CHECK: arith.shrui %{{.*}}, %[[HALVES]]
// CHECK: %[[CODES:.*]] = arith.andi
// CHECK: %[[LOW:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"(%[[LOWS]], %[[CODES]])
// CHECK: %[[HIGH:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"(%[[HIGHS]], %[[CODES]])
// CHECK: vector.shuffle %[[LOW]], %[[HIGH]] [0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 16, 48,
// CHECK: vector.shuffle %[[LOW]], %[[HIGH]] [8, 40, 9, 41,
// CHECK-NOT: vector.load %[[PANEL]]
// CHECK-NOT: arith.mulf
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 4, 8, 12, 1, 5, 9, 13]
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [2, 6, 10, 14, 3, 7, 11, 15]
// Rows that do not lie beside each other are decoded one by one.
// CHECK-LABEL: func.func @bytes_of_one_row
// CHECK-SAME: (%{{.*}}: memref<1x64xf32>, %[[B:.*]]: memref<64x8xi8, strided<[16, 1]>>
// CHECK: vector.load %[[B]][%{{.*}}, %c0] : memref<64x8xi8, strided<[16, 1]>>, vector<8xi8>
// CHECK: vector.shuffle %{{.*}} [0, 1, 2, 3, 4, 5, 6, 7, 0, 1,
// CHECK: vector.load %[[B]][%{{.*}}, %c0]
// Along the sum each has its place: of 16, a half of the vector has four for each of
// two vectors of f32.
// CHECK-LABEL: func.func @bytes_in_order
// CHECK: vector.shuffle %{{.*}} [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15, 4, 5,
// CHECK: %[[LOW:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK: %[[HIGH:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK: vector.shuffle %[[LOW]], %[[HIGH]] [0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 16, 48,
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27]
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31]
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, extends = [f16], shuffle = "llvm.x86.avx2.pshuf.b", caches = [32768]>} {
  func.func @bytes_of_two_rows(%a: memref<1x64xf32>, %b: memref<64x8xi8>, %s: memref<2x16xf32>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#mk, #knp, #knb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b scaled %s : memref<64x8xi8>, memref<2x16xf32>) outs(%c : memref<1x16xf32>)
    return
  }
  func.func @bytes_of_one_row(%a: memref<1x64xf32>, %b: memref<64x8xi8, strided<[16, 1]>>, %s: memref<2x16xf32>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#mk, #knp, #knb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b scaled %s : memref<64x8xi8, strided<[16, 1]>>, memref<2x16xf32>) outs(%c : memref<1x16xf32>)
    return
  }
  func.func @bytes_in_order(%a: memref<1x64xf32>, %b: memref<4x64xi8>, %s: memref<4x2xf32>, %c: memref<1x4xf32>) {
    mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b scaled %s : memref<4x64xi8>, memref<4x2xf32>) outs(%c : memref<1x4xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nkp = affine_map<(m, n, k) -> (n, k floordiv 2)>
#knp = affine_map<(m, n, k) -> (k, n floordiv 2)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 16)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Halves of vectors, and fewer columns than a tile's, are not read in pairs.
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768]>} {
  func.func @half_vectors(%a: memref<1x64xf32>, %b: memref<4x32xi8>, %s: memref<4x4xf32>, %c: memref<1x4xf32>) {
    // expected-error @+1 {{expected a tile of a matrix product}}
    mx.contract indexing_maps = [#mk, #nkp, #nkb, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b scaled %s : memref<4x32xi8>, memref<4x4xf32>) outs(%c : memref<1x4xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#knp = affine_map<(m, n, k) -> (k, n floordiv 2)>
#mn = affine_map<(m, n, k) -> (m, n)>
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768]>} {
  func.func @few_columns(%a: memref<1x64xf32>, %b: memref<64x4xi8>, %c: memref<1x8xf32>) {
    // expected-error @+1 {{expected a tile of a matrix product}}
    mx.contract indexing_maps = [#mk, #knp, #mn] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%a : memref<1x64xf32>) rhs(%b : memref<64x4xi8>) outs(%c : memref<1x8xf32>)
    return
  }
}

// -----

// Pairs of products would lie in two blocks.
func.func @odd_blocks(%a: memref<1x6xf32>, %b: memref<6x8xf8E4M3FN>, %s: memref<2x8xf32>, %c: memref<1x8xf32>) {
  // expected-error @+1 {{expected a tile of a matrix product}}
  mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k floordiv 3, n)>, affine_map<(m, n, k) -> (m, n)>] {mx.register_tile} lhs(%a : memref<1x6xf32>) rhs(%b scaled %s : memref<6x8xf8E4M3FN>, memref<2x8xf32>) outs(%c : memref<1x8xf32>)
  return
}

// -----

// i8 is no form that tiles have.
func.func @bytes(%a: memref<2x64xi8>, %b: memref<64x8xi8>, %c: memref<2x8xf32>) {
  // expected-error @+1 {{expected a tile of a matrix product: f32 without scales, f32 and codes of 8 bits, or bf16, or integers in blocks with f32 scales, grouped for the target's dot product}}
  mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>] {mx.register_tile} lhs(%a : memref<2x64xi8>) rhs(%b : memref<64x8xi8>) outs(%c : memref<2x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#kb = affine_map<(m, n, k) -> (k floordiv 32)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Codes are decoded in the tile; scales are read once in a block, the last of
// which may be short, as vectors or as one for all columns. A single row has two
// sums, which get its products in turn.
// CHECK-LABEL: func.func @codes
// CHECK-SAME: (%[[A:.*]]: memref<1x80xf32>, %[[B:.*]]: memref<80x16xf8E4M3FN>, %[[S:.*]]: memref<3x16xf32>, %[[I:.*]]: memref<80x16xi8>, %[[T:.*]]: memref<3xf32>
// CHECK: %[[POWER:.*]] = arith.constant dense<1.562500e-02>
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[AT:.*]] = %c0
// CHECK: %[[BEGIN:.*]] = arith.muli %[[AT]], %c32
// CHECK: %[[END:.*]] = arith.minui %{{.*}}, %c80
// CHECK: %[[S0:.*]] = vector.load %[[S]][%[[AT]], %c0]
// CHECK: vector.load %[[S]][%[[AT]], %c8]
// CHECK: %[[FROM:.*]] = arith.divui %[[BEGIN]], %c2
// CHECK: %[[TO:.*]] = arith.divui %[[END]], %c2
// CHECK: scf.for %[[PAIR:.*]] = %[[FROM]] to %[[TO]]
// CHECK: %[[EVEN:.*]] = arith.muli %[[PAIR]], %c2
// CHECK: %[[K:.*]] = arith.addi %[[EVEN]], %c1
// CHECK: %[[CODES:.*]] = vector.load %[[B]][%[[K]], %c0] : memref<80x16xf8E4M3FN>, vector<16xf8E4M3FN>
// CHECK: %[[FIRST:.*]] = vector.extract_strided_slice %[[CODES]] {offsets = [0], sizes = [8]
// CHECK: %[[VALUES:.*]] = arith.extf %[[FIRST]]
// CHECK: %[[X:.*]] = arith.mulf %[[VALUES]], %[[S0]]
// CHECK: math.fma %{{.*}}, %[[X]]
// CHECK: arith.addf %[[SUMS]]#0, %[[SUMS]]#2
// CHECK: arith.addf %[[SUMS]]#1, %[[SUMS]]#3
// CHECK: %[[SCALE:.*]] = memref.load %[[T]]
// CHECK: %[[SPLAT:.*]] = vector.broadcast %[[SCALE]]
// CHECK: %[[SCALED:.*]] = arith.mulf %[[SPLAT]], %[[POWER]]
// CHECK: vector.load %[[I]]
// CHECK: %[[INTEGERS:.*]] = arith.sitofp
// CHECK: arith.mulf %[[INTEGERS]], %[[SCALED]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @codes(%a: memref<1x80xf32>, %b: memref<80x16xf8E4M3FN>, %s: memref<3x16xf32>, %i: memref<80x16xi8>, %t: memref<3xf32>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #knb, #mn] {mx.register_tile}
      lhs(%a : memref<1x80xf32>) rhs(%b scaled %s : memref<80x16xf8E4M3FN>, memref<3x16xf32>) outs(%c : memref<1x16xf32>)
    mx.contract indexing_maps = [#mk, #kn, #kb, #mn] {mx.register_tile, rhs_fraction_bits = 6}
      lhs(%a : memref<1x80xf32>) rhs(%i scaled %t : memref<80x16xi8>, memref<3xf32>) outs(%c : memref<1x16xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Where f16 is extended by an instruction, codes become f16 of the same fields, all
// columns at once; the scale makes up for the exponent's bias, once in a block.
// CHECK-LABEL: func.func @codes_by_f16
// CHECK-SAME: (%[[A:.*]]: memref<1x80xf32>, %[[B:.*]]: memref<80x16xf8E4M3FN>, %[[S:.*]]: memref<3x16xf32>
// CHECK: %[[POWER:.*]] = arith.constant dense<2.560000e+02>
// CHECK: %[[S0:.*]] = vector.load %[[S]][%[[AT:.*]], %c0]
// CHECK: %[[SCALED:.*]] = arith.mulf %[[S0]], %[[POWER]]
// CHECK: scf.for
// CHECK: %[[CODES:.*]] = vector.load %[[B]]
// CHECK: %[[BYTES:.*]] = arith.bitcast %[[CODES]] : vector<16xf8E4M3FN> to vector<16xi8>
// CHECK: arith.extsi %[[BYTES]] : vector<16xi8> to vector<16xi16>
// CHECK: %[[HALVES:.*]] = arith.bitcast %{{.*}} : vector<16xi16> to vector<16xf16>
// CHECK: %[[FIRST:.*]] = vector.extract_strided_slice %[[HALVES]] {offsets = [0], sizes = [8]
// CHECK: %[[VALUES:.*]] = arith.extf %[[FIRST]] : vector<8xf16> to vector<8xf32>
// CHECK: %[[X:.*]] = arith.mulf %[[VALUES]], %[[SCALED]]
// CHECK: math.fma %{{.*}}, %[[X]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, extends = [f16], caches = [32768, 524288]>} {
  func.func @codes_by_f16(%a: memref<1x80xf32>, %b: memref<80x16xf8E4M3FN>, %s: memref<3x16xf32>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #knb, #mn] {mx.register_tile}
      lhs(%a : memref<1x80xf32>) rhs(%b scaled %s : memref<80x16xf8E4M3FN>, memref<3x16xf32>) outs(%c : memref<1x16xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// 256 bytes ahead of the second row of a pair are 16 rows; the first does not ask.
// CHECK-LABEL: func.func @prefetch
// CHECK-SAME: (%{{.*}}: memref<1x64xf32>, %[[B:.*]]: memref<64x16xf8E4M3FN>
// CHECK: scf.for %[[PAIR:.*]] = %c0 to %c32
// CHECK: %[[EVEN:.*]] = arith.muli %[[PAIR]], %c2
// CHECK: %[[K:.*]] = arith.addi %[[EVEN]], %c1
// CHECK: %[[AHEAD:.*]] = arith.addi %[[EVEN]], %c17
// CHECK: memref.prefetch %[[B]][%[[AHEAD]], %c0], read, locality<3>, data
// CHECK: vector.load %[[B]][%[[K]], %c0]
// CHECK-NOT: memref.prefetch
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, prefetch = 256, caches = [32768]>} {
  func.func @prefetch(%a: memref<1x64xf32>, %b: memref<64x16xf8E4M3FN>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%b : memref<64x16xf8E4M3FN>) outs(%c : memref<1x16xf32>)
    return
  }
}

// -----

#a = affine_map<(m, n, k, e) -> (m, k, e)>
#b = affine_map<(m, n, k, e) -> (k, n, e)>
#mn = affine_map<(m, n, k, e) -> (m, n)>
// Pairs of bf16: the sum's dot product takes a row's pair in all lanes.
// CHECK-LABEL: func.func @bf16
// CHECK-SAME: (%[[A:.*]]: memref<1x100x2xbf16>, %[[B:.*]]: memref<100x16x2xbf16>, %[[C:.*]]: memref<1x16xf32>)
// CHECK: %[[PANEL:.*]] = memref.collapse_shape %[[B]] {{\[\[}}0], [1, 2]] : memref<100x16x2xbf16> into memref<100x32xbf16>
// CHECK: scf.for %[[BEGIN:.*]] = %c0 to %c100 step %c64
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = %[[BEGIN]] to %{{.*}} step %c1 iter_args(%[[S0:.*]] = %{{.*}}, %{{.*}} = %{{.*}})
// CHECK: %[[Y:.*]] = vector.load %[[PANEL]][%[[K]], %c0] : memref<100x32xbf16>, vector<16xbf16>
// CHECK: vector.load %[[PANEL]][%[[K]], %c16]
// CHECK: %[[PAIR:.*]] = vector.load %[[A]][%c0, %[[K]], %c0] : memref<1x100x2xbf16>, vector<2xbf16>
// CHECK: vector.bitcast %[[PAIR]] : vector<2xbf16> to vector<1xi32>
// CHECK: %[[X:.*]] = vector.bitcast %{{.*}} : vector<8xi32> to vector<16xbf16>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.256"(%[[S0]], %[[X]], %[[Y]])
// CHECK: arith.addf
// CHECK: vector.store
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768], dots = [<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.256">]>} {
  func.func @bf16(%a: memref<1x100x2xbf16>, %b: memref<100x16x2xbf16>, %c: memref<1x16xf32>) {
    mx.contract indexing_maps = [#a, #b, #mn] {mx.register_tile} lhs(%a : memref<1x100x2xbf16>) rhs(%b : memref<100x16x2xbf16>) outs(%c : memref<1x16xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// No code for more rows than the loop around the tile gives it.
// CHECK-LABEL: func.func @rows
// CHECK: scf.index_switch
// CHECK: case 1 {
// CHECK: case 2 {
// CHECK: default {
// CHECK-COUNT-3: vector.store
// CHECK-NOT: vector.store
// CHECK: return
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @rows(%a: memref<?x64xf32>, %b: memref<64x8xf32>, %c: memref<?x8xf32>, %m: index) {
    %c0 = arith.constant 0 : index
    %c3 = arith.constant 3 : index
    scf.for %i = %c0 to %m step %c3 {
      %size = affine.min affine_map<(d0)[s0] -> (3, s0 - d0)>(%i)[%m]
      %rows = memref.subview %a[%i, 0] [%size, 64] [1, 1] : memref<?x64xf32> to memref<?x64xf32, strided<[64, 1], offset: ?>>
      %sums = memref.subview %c[%i, 0] [%size, 8] [1, 1] : memref<?x8xf32> to memref<?x8xf32, strided<[8, 1], offset: ?>>
      mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%rows : memref<?x64xf32, strided<[64, 1], offset: ?>>) rhs(%b : memref<64x8xf32>) outs(%sums : memref<?x8xf32, strided<[8, 1], offset: ?>>)
    }
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#scalar = affine_map<(m, n) -> ()>
#all = affine_map<(m, n) -> (m, n)>
// A result that was just filled starts from registers, that of several pieces from one
// store of these. What fills another buffer, or a part, stays.
// CHECK-LABEL: func.func @filled
// CHECK-SAME: %[[C:[^:]*]]: memref<1x8xf32>, %[[D:[^:]*]]: memref<1x8xf32>, %[[E:[^:]*]]: memref<1x8xf32>, %[[START:[^:]*]]: f32)
// CHECK: %[[INIT:.*]] = vector.broadcast %[[START]] : f32 to vector<8xf32>
// CHECK: %[[SUM:.*]] = arith.addf %[[INIT]]
// CHECK-NEXT: vector.store %[[SUM]], %[[C]]
// CHECK: %[[INIT:.*]] = vector.broadcast %[[START]] : f32 to vector<8xf32>
// CHECK: vector.store %[[INIT]], %[[D]]
// CHECK-NEXT: scf.for %{{.*}} = %c0 to %c256 step %c128
// CHECK: vector.load %[[D]]
// CHECK: vector.store %{{.*}}, %[[D]]
// CHECK: linalg.generic {{.*}} outs(%[[D]]
// CHECK: vector.load %[[E]]
// CHECK: linalg.generic {{.*}} outs(%[[E]]
// CHECK: vector.load %[[E]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @filled(%a: memref<1x64xf32>, %b: memref<64x8xf32>, %x: memref<1x256xf32>, %y: memref<256x8xf32>, %c: memref<1x8xf32>, %d: memref<1x8xf32>, %e: memref<1x8xf32>, %start: f32) {
    linalg.generic {indexing_maps = [#scalar, #all], iterator_types = ["parallel", "parallel"]} ins(%start : f32) outs(%c : memref<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    %c0 = arith.constant 0 : index
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%b : memref<64x8xf32>) outs(%c : memref<1x8xf32>)
    linalg.generic {indexing_maps = [#scalar, #all], iterator_types = ["parallel", "parallel"]} ins(%start : f32) outs(%d : memref<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%x : memref<1x256xf32>) rhs(%y : memref<256x8xf32>) outs(%d : memref<1x8xf32>)
    linalg.generic {indexing_maps = [#scalar, #all], iterator_types = ["parallel", "parallel"]} ins(%start : f32) outs(%d : memref<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%b : memref<64x8xf32>) outs(%e : memref<1x8xf32>)
    linalg.generic {indexing_maps = [affine_map<(m) -> ()>, affine_map<(m) -> (m, 0)>], iterator_types = ["parallel"]} ins(%start : f32) outs(%e : memref<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%b : memref<64x8xf32>) outs(%e : memref<1x8xf32>)
    return
  }
}
