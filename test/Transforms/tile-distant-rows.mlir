// RUN: mx-opt %s --mx-tile-distant-rows --canonicalize | FileCheck %s

#rows = affine_map<(b, g, n, i) -> (n, b * 32 + g * 4 + i)>
#panel = affine_map<(b, g, n, i) -> (b, g, n, i)>
// Groups of 4 bytes of 64 rows that are 4096 bytes apart: 8 rows at a time, all groups
// of a block each.
// CHECK-LABEL: func.func @distant
// CHECK: scf.for %[[B:.*]] = %c0 to %c128 step %c1
// CHECK-NEXT: scf.for %[[N:.*]] = %c0 to %c64 step %c8
// CHECK: memref.subview %arg0[%[[N]], %{{.*}}] [8, 32] [1, 1]
// CHECK: memref.subview %arg1[%[[B]], 0, %[[N]], 0] [1, 8, 8, 4] [1, 1, 1, 1]
// CHECK: linalg.generic
func.func @distant(%x: memref<64x4096xi8>, %y: memref<128x8x64x4xi8>) {
  linalg.generic {indexing_maps = [#rows, #panel], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<64x4096xi8>) outs(%y : memref<128x8x64x4xi8>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  return
}

// With a line between rows these are in different sets.
// CHECK-LABEL: func.func @apart
// CHECK-NOT: scf.for
func.func @apart(%x: memref<64x4096xi8, strided<[4160, 1]>>, %y: memref<128x8x64x4xi8>) {
  linalg.generic {indexing_maps = [#rows, #panel], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<64x4096xi8, strided<[4160, 1]>>) outs(%y : memref<128x8x64x4xi8>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  return
}

#ij = affine_map<(i, j) -> (i, j)>
#ji = affine_map<(i, j) -> (j, i)>
// A transpose of more rows than a cache has lines for; one in which each row is read whole.
// CHECK-LABEL: func.func @transpose
// CHECK: scf.for %{{.*}} = %c0 to %c1024 step %c256
// CHECK: linalg.generic
// CHECK: linalg.generic
// CHECK-NOT: scf.for
func.func @transpose(%x: memref<1024x48xf32>, %y: memref<48x1024xf32>, %z: memref<1024x48xf32>) {
  linalg.generic {indexing_maps = [#ji, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<1024x48xf32>) outs(%y : memref<48x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  linalg.generic {indexing_maps = [#ij, #ji], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<1024x48xf32>) outs(%y : memref<48x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// One number for all of a row, of which there are few, is no row of its own.
#mki = affine_map<(m, k, i) -> (m, k, i)>
#mk = affine_map<(m, k, i) -> (m, k)>
// CHECK-LABEL: func.func @scales
// CHECK-NOT: scf.for
func.func @scales(%x: memref<1x128x32xf32>, %s: memref<1x128xf32>, %y: memref<1x128x32xf32>) {
  linalg.generic {indexing_maps = [#mki, #mk, #mki], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %s : memref<1x128x32xf32>, memref<1x128xf32>) outs(%y : memref<1x128x32xf32>) {
  ^bb0(%in: f32, %scale: f32, %out: f32):
    %0 = arith.mulf %in, %scale : f32
    linalg.yield %0 : f32
  }
  return
}

// One element of each row is all there is to read.
// CHECK-LABEL: func.func @column
// CHECK-NOT: scf.for
func.func @column(%x: memref<1024x1xf32, strided<[1024, 1]>>, %y: memref<1x1024xf32>) {
  linalg.generic {indexing_maps = [#ji, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<1024x1xf32, strided<[1024, 1]>>) outs(%y : memref<1x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// Distances that only the program knows.
// CHECK-LABEL: func.func @dynamic
// CHECK-NOT: scf.for
func.func @dynamic(%x: memref<64x?xi8>, %y: memref<128x8x64x4xi8>) {
  linalg.generic {indexing_maps = [#rows, #panel], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<64x?xi8>) outs(%y : memref<128x8x64x4xi8>) {
  ^bb0(%in: i8, %out: i8):
    linalg.yield %in : i8
  }
  return
}
