// RUN: mx-opt %s --mx-pad-panels --canonicalize --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Once for all tiles that read the panel.
// CHECK-LABEL: func.func @panel
// CHECK-SAME: %[[N:[a-z0-9]+]]: index)
// CHECK: %[[BUFFER:.*]] = memref.alloc() : memref<64x16xf32>
// CHECK: memref.subview %[[BUFFER]][0, 0] [64, %[[N]]] [1, 1]
// CHECK: scf.for %[[K:.*]] = %c0 to %c64 step %c1
// CHECK: scf.for %[[I:.*]] = %[[N]] to %c16 step %c1
// CHECK: memref.store %cst, %[[BUFFER]][%[[K]], %[[I]]]
// CHECK: linalg.copy
// CHECK-NOT: memref.store
// CHECK: return
func.func @panel(%a: memref<4x64xf32>, %b: memref<64x?xf32>, %c: memref<4x?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %buffer = memref.alloc() : memref<64x16xf32>
  %panel = memref.subview %buffer[0, 0] [64, %n] [1, 1] : memref<64x16xf32> to memref<64x?xf32, strided<[16, 1]>>
  linalg.copy ins(%b : memref<64x?xf32>) outs(%panel : memref<64x?xf32, strided<[16, 1]>>)
  scf.for %i = %c0 to %c4 step %c2 {
    %rows = memref.subview %a[%i, 0] [2, 64] [1, 1] : memref<4x64xf32> to memref<2x64xf32, strided<[64, 1], offset: ?>>
    %sums = memref.subview %c[%i, 0] [2, %n] [1, 1] : memref<4x?xf32> to memref<2x?xf32, strided<[?, 1], offset: ?>>
    mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%rows : memref<2x64xf32, strided<[64, 1], offset: ?>>) rhs(%panel : memref<64x?xf32, strided<[16, 1]>>) outs(%sums : memref<2x?xf32, strided<[?, 1], offset: ?>>)
  }
  memref.dealloc %buffer : memref<64x16xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Other columns may be of use to someone else.
// CHECK-LABEL: func.func @argument
// CHECK-NOT: memref.store
// CHECK-LABEL: func.func @copied
// CHECK-NOT: memref.store
// CHECK-LABEL: func.func @no_tile
// CHECK-NOT: memref.store
func.func @argument(%a: memref<1x64xf32>, %buffer: memref<64x16xf32>, %c: memref<1x?xf32>, %n: index) {
  %panel = memref.subview %buffer[0, 0] [64, %n] [1, 1] : memref<64x16xf32> to memref<64x?xf32, strided<[16, 1]>>
  mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%panel : memref<64x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32>)
  return
}

func.func @copied(%a: memref<1x64xf32>, %b: memref<64x16xf32>, %c: memref<1x?xf32>, %n: index) {
  %buffer = memref.alloc() : memref<64x16xf32>
  linalg.copy ins(%b : memref<64x16xf32>) outs(%buffer : memref<64x16xf32>)
  %panel = memref.subview %buffer[0, 0] [64, %n] [1, 1] : memref<64x16xf32> to memref<64x?xf32, strided<[16, 1]>>
  mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : memref<1x64xf32>) rhs(%panel : memref<64x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32>)
  memref.dealloc %buffer : memref<64x16xf32>
  return
}

func.func @no_tile(%a: memref<1x64xf32>, %b: memref<64x?xf32>, %c: memref<1x?xf32>, %n: index) {
  %buffer = memref.alloc() : memref<64x16xf32>
  %panel = memref.subview %buffer[0, 0] [64, %n] [1, 1] : memref<64x16xf32> to memref<64x?xf32, strided<[16, 1]>>
  linalg.copy ins(%b : memref<64x?xf32>) outs(%panel : memref<64x?xf32, strided<[16, 1]>>)
  mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : memref<1x64xf32>) rhs(%panel : memref<64x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32>)
  memref.dealloc %buffer : memref<64x16xf32>
  return
}

// -----

#mk = affine_map<(m, n, k, e) -> (m, k, e)>
#kn = affine_map<(m, n, k, e) -> (k, n, e)>
#s = affine_map<(m, n, k, e) -> (k, n)>
#ms = affine_map<(m, n, k, e) -> (m, k)>
#mn = affine_map<(m, n, k, e) -> (m, n)>
// Of integers only the scales.
// CHECK-LABEL: func.func @scales
// CHECK: %[[SCALES:.*]] = memref.alloc() : memref<2x16xf32>
// CHECK: memref.store %cst, %[[SCALES]]
// CHECK-NOT: memref.store
// CHECK: return
func.func @scales(%a: memref<1x2x32xi8>, %as: memref<1x2xf32>, %b: memref<2x?x32xi8>, %bs: memref<2x?xf32>, %c: memref<1x?xf32>, %n: index) {
  %buffer = memref.alloc() : memref<2x16x32xi8>
  %panel = memref.subview %buffer[0, 0, 0] [2, %n, 32] [1, 1, 1] : memref<2x16x32xi8> to memref<2x?x32xi8, strided<[512, 32, 1]>>
  linalg.copy ins(%b : memref<2x?x32xi8>) outs(%panel : memref<2x?x32xi8, strided<[512, 32, 1]>>)
  %scales = memref.alloc() : memref<2x16xf32>
  %used = memref.subview %scales[0, 0] [2, %n] [1, 1] : memref<2x16xf32> to memref<2x?xf32, strided<[16, 1]>>
  linalg.copy ins(%bs : memref<2x?xf32>) outs(%used : memref<2x?xf32, strided<[16, 1]>>)
  mx.contract indexing_maps = [#mk, #ms, #kn, #s, #mn] {mx.register_tile} lhs(%a scaled %as : memref<1x2x32xi8>, memref<1x2xf32>) rhs(%panel scaled %used : memref<2x?x32xi8, strided<[512, 32, 1]>>, memref<2x?xf32, strided<[16, 1]>>) outs(%c : memref<1x?xf32>)
  memref.dealloc %buffer : memref<2x16x32xi8>
  memref.dealloc %scales : memref<2x16xf32>
  return
}
