// RUN: mx-opt %s --mx-decompose --verify-diagnostics --split-input-file | FileCheck %s
// The ops' own decompositions: test/IR/decompose-*.mlir.

// Of other dialects' ops, linalg.softmax alone.
// CHECK-LABEL: func.func @softmax
// CHECK: linalg.fill
// CHECK: math.exp
// CHECK-NOT: linalg.softmax
// CHECK: linalg.matmul
// CHECK-NOT: mx.
func.func @softmax(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E8M0FNU>, %w: tensor<64x64xf32>) -> tensor<4x64xf32> {
  %0 = linalg.softmax dimension(1) ins(%x : tensor<4x64xf32>) outs(%x : tensor<4x64xf32>) -> tensor<4x64xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<4x64xf32>, tensor<64x64xf32>) outs(%x : tensor<4x64xf32>) -> tensor<4x64xf32>
  %2 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m)>] ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>)
    outs(%1 : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %2 : tensor<4x64xf32>
}

// -----

// A loop over slices of whole groups of codes slices bytes; the other user of the
// codes gets them where it stands. Codes of a group have a dimension of their own. Rows
// that lie side by side are one.
// CHECK: #[[$BYTES:.*]] = affine_map<(d0) -> ((d0 floordiv 4) * 3)>
// CHECK-LABEL: func.func @slices
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<8x48xi8>
// CHECK-NOT: linalg.generic
// CHECK: scf.for %[[K:[a-z0-9]+]] =
// CHECK: %[[AT:.*]] = affine.apply #[[$BYTES]](%[[K]])
// CHECK: %[[PART:.*]] = tensor.extract_slice %[[P]][0, %[[AT]]] [8, 24] [1, 1]
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<8x8x4xf6E2M3FN>)
// CHECK: tensor.extract %[[PART]]
// CHECK: tensor.collapse_shape %[[CODES]] {{.*}} : tensor<8x8x4xf6E2M3FN> into tensor<8x32xf6E2M3FN>
// CHECK: }
// CHECK: %[[ROW:.*]] = tensor.collapse_shape %[[P]] {{.*}} : tensor<8x48xi8> into tensor<384xi8>
// CHECK: %[[ALL:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<128x4xf6E2M3FN>)
// CHECK: tensor.extract %[[ROW]]
// CHECK: %[[CODES:.*]] = tensor.collapse_shape %[[ALL]]
// CHECK: tensor.expand_shape %[[CODES]] {{.*}} : tensor<512xf6E2M3FN> into tensor<8x64xf6E2M3FN>
// CHECK-NOT: mx.
func.func @slices(%p: tensor<8x48xi8>, %acc: tensor<8x32xf6E2M3FN>) -> (tensor<8x32xf6E2M3FN>, tensor<8x64xf6E2M3FN>) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %x = mx.unpack_elements container = dense %p : tensor<8x48xi8> -> tensor<8x64xf6E2M3FN>
  %r = scf.for %k = %c0 to %c64 step %c32 iter_args(%a = %acc) -> (tensor<8x32xf6E2M3FN>) {
    %s = tensor.extract_slice %x[0, %k] [8, 32] [1, 1] : tensor<8x64xf6E2M3FN> to tensor<8x32xf6E2M3FN>
    scf.yield %s : tensor<8x32xf6E2M3FN>
  }
  return %r, %x : tensor<8x32xf6E2M3FN>, tensor<8x64xf6E2M3FN>
}

// -----

func.func @memrefs(%q: memref<4x64xf8E4M3FN>, %s: memref<4xf8E8M0FNU>, %y: memref<4x64xf32>) {
  // expected-error @below {{has no decomposition in this form}}
  mx.dequantize scale_maps = [affine_map<(m, k) -> (m)>] ins(%q scaled %s : memref<4x64xf8E4M3FN>, memref<4xf8E8M0FNU>)
    outs(%y : memref<4x64xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Tiles read packed f4 where a row of the tile or a block of the sum is whole
// bytes; other tiles, and f6, have them unpacked.
// CHECK-DAG: #[[$KNP:.*]] = affine_map<(d0, d1, d2) -> (d2, d1 floordiv 2)>
// CHECK-DAG: #[[$NKP:.*]] = affine_map<(d0, d1, d2) -> (d1, d2 floordiv 2)>
// CHECK-LABEL: func.func @tiles
// CHECK: mx.contract indexing_maps = [#{{.*}}, #[[$KNP]], #{{.*}}] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%arg0 : tensor<1x64xf32>) rhs(%arg1 : tensor<64x16xi8>)
// CHECK: mx.contract indexing_maps = [#{{.*}}, #[[$NKP]], #{{.*}}] {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%arg0 : tensor<1x64xf32>) rhs(%arg2 : tensor<8x32xi8>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<256x2xf4E2M1FN>)
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%arg0 : tensor<1x64xf32>) rhs(%{{.*}} : tensor<64x8xf4E2M1FN>)
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%arg0 : tensor<1x64xf32>) rhs(%{{.*}} : tensor<64x16xf6E2M3FN>)
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768]>} {
  func.func @tiles(%a: tensor<1x64xf32>, %b: tensor<64x16xi8>, %d: tensor<8x32xi8>, %e: tensor<64x4xi8>, %f: tensor<64x12xi8>,
                   %c: tensor<1x16xf32>, %c32: tensor<1x32xf32>, %c8: tensor<1x8xf32>)
      -> (tensor<1x32xf32>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<1x16xf32>) {
    %x = mx.unpack_elements container = dense %b : tensor<64x16xi8> -> tensor<64x32xf4E2M1FN>
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : tensor<1x64xf32>) rhs(%x : tensor<64x32xf4E2M1FN>) outs(%c32 : tensor<1x32xf32>) -> tensor<1x32xf32>
    %y = mx.unpack_elements container = dense %d : tensor<8x32xi8> -> tensor<8x64xf4E2M1FN>
    %1 = mx.contract indexing_maps = [#mk, #nk, #mn] {mx.register_tile} lhs(%a : tensor<1x64xf32>) rhs(%y : tensor<8x64xf4E2M1FN>) outs(%c8 : tensor<1x8xf32>) -> tensor<1x8xf32>
    %z = mx.unpack_elements container = dense %e : tensor<64x4xi8> -> tensor<64x8xf4E2M1FN>
    %2 = mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : tensor<1x64xf32>) rhs(%z : tensor<64x8xf4E2M1FN>) outs(%c8 : tensor<1x8xf32>) -> tensor<1x8xf32>
    %w = mx.unpack_elements container = dense %f : tensor<64x12xi8> -> tensor<64x16xf6E2M3FN>
    %3 = mx.contract indexing_maps = [#mk, #kn, #mn] {mx.register_tile} lhs(%a : tensor<1x64xf32>) rhs(%w : tensor<64x16xf6E2M3FN>) outs(%c : tensor<1x16xf32>) -> tensor<1x16xf32>
    return %0, %1, %2, %3 : tensor<1x32xf32>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<1x16xf32>
  }
}
