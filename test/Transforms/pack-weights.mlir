// RUN: mx-opt %s --mx-pack-weights --split-input-file --mlir-print-elementsattrs-with-hex-if-larger=8 | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 2)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 2)>
#mn = affine_map<(m, n, k) -> (m, n)>
// 128 bits: panels of 8 columns. Code 16 * n + k goes to panel n / 8, row k, column
// n % 8; the fill fills the reshaped result.
// CHECK-DAG: #[[$LHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2)>
// CHECK-DAG: #[[$RHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d3, d2, d1)>
// CHECK-DAG: #[[$SCALE:.*]] = affine_map<(d0, d1, d2, d3) -> (d3, d2 floordiv 2, d1)>
// CHECK-DAG: #[[$INIT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1)>
// CHECK-LABEL: func.func @layer
// CHECK-NOT: tensor<16x4xi8>
// CHECK: %[[W:.*]] = arith.constant dense<"0x001020304050607001112131415161710212223242526272031323334353637380
// CHECK-SAME: tensor<2x4x8xi8>
// CHECK: %[[S:.*]] = arith.constant dense<"0x60626466686A6C6E61636567696B6D6F70727476787A7C7E71737577797B7D7F"> : tensor<2x2x8xf8E8M0FNU>
// CHECK: %[[E:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] output_shape [%{{.*}}, 2, 8] : tensor<?x16xf32> into tensor<?x2x8xf32>
// CHECK: %[[F:.*]] = linalg.fill ins(%{{.*}}) outs(%[[E]]
// CHECK: %[[R:.*]] = mx.contract indexing_maps = [#[[$LHS]], #{{.*}}, #[[$RHS]], #[[$SCALE]], #[[$INIT]]] {{.*}} rhs(%[[W]] scaled %[[S]] {{.*}} outs(%[[F]]
// CHECK: tensor.collapse_shape %[[R]] {{\[\[}}0], [1, 2]] : tensor<?x2x8xf32> into tensor<?x16xf32>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @layer(%x: tensor<?x4xi8>, %xs: tensor<?x2xf8E8M0FNU>, %e: tensor<?x16xf32>) -> tensor<?x16xf32> {
    %zero = arith.constant 0.0 : f32
    %w = arith.constant dense<"0x00010203101112132021222330313233404142435051525360616263707172738081828390919293A0A1A2A3B0B1B2B3C0C1C2C3D0D1D2D3E0E1E2E3F0F1F2F3"> : tensor<16x4xi8>
    %ws = arith.constant dense<"0x606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F"> : tensor<16x2xf8E8M0FNU>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x16xf32>) -> tensor<?x16xf32>
    %y = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6, rhs_fraction_bits = 6}
      lhs(%x scaled %xs : tensor<?x4xi8>, tensor<?x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<16x4xi8>, tensor<16x2xf8E8M0FNU>)
      outs(%z : tensor<?x16xf32>) -> tensor<?x16xf32>
    return %y : tensor<?x16xf32>
  }
}

// -----

#bmk = affine_map<(b, m, n, k) -> (b, m, k)>
#bkn = affine_map<(b, m, n, k) -> (b, k, n)>
#s = affine_map<(b, m, n, k) -> (k floordiv 2, m floordiv 16)>
#bmn = affine_map<(b, m, n, k) -> (b, n, m)>
// The lhs has the columns. A scale for 16 of them is one for two panels, and stays;
// packed codes are packed again.
// CHECK-DAG: #[[$LHS:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d4, d0, d3, d1)>
// CHECK-DAG: #[[$INIT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4, d1)>
// CHECK-DAG: #[[$S:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3 floordiv 2, d4 floordiv 2)>
// CHECK-LABEL: func.func @lhs
// CHECK: %[[P:.*]] = arith.constant dense<"0x0743DA1D28D4C845DC4DD117FF66807C56D637A599709A8DC75BCCF9EC084DC8EF704B6B327C8F828610E14546F44B1F105DD3D9A233EDA4C8784A4ECD1C7DB0">
// CHECK-SAME: tensor<2x2x4x4xi8>
// CHECK: %[[W:.*]] = mx.unpack_elements container = dense %[[P]] : tensor<2x2x4x4xi8> -> tensor<2x2x4x8xf4E2M1FN>
// CHECK: mx.contract indexing_maps = [#[[$LHS]], #[[$S]], #{{.*}}, #[[$INIT]]] lhs(%[[W]] scaled %arg2 :
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @lhs(%x: tensor<2x4x5xf32>, %z: tensor<2x5x16xf32>, %s: tensor<2x1xf8E8M0FNU>) -> tensor<2x5x16xf32> {
    %p = arith.constant dense<"0x87FC20FD436DD4648A01CD8D5DC741712F663E48C04077F1FBB1844E2BF5861496C795EC068B7D05A7DC934CD5898ACF20D8A1CC3DC83517D3DAED74490EADB4"> : tensor<2x16x2xi8>
    %w = mx.unpack_elements container = dense %p : tensor<2x16x2xi8> -> tensor<2x16x4xf4E2M1FN>
    %y = mx.contract indexing_maps = [#bmk, #s, #bkn, #bmn] lhs(%w scaled %s : tensor<2x16x4xf4E2M1FN>, tensor<2x1xf8E8M0FNU>) rhs(%x : tensor<2x4x5xf32>) outs(%z : tensor<2x5x16xf32>) -> tensor<2x5x16xf32>
    return %y : tensor<2x5x16xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#s = affine_map<(m, n, k) -> (n)>
#t = affine_map<(m, n, k) -> (n floordiv 4)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Left alone: no constant, two users, columns left over, scales that are not
// constant, a block that a panel would cut.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-6: mx.contract indexing_maps = {{.*}} -> tensor<{{[0-9]+}}x{{[0-9]+}}xf32>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @others(%x: tensor<3x4xf32>, %v: tensor<8x4xf32>, %z: tensor<3x8xf32>, %r: tensor<3x4xf32>, %d: tensor<8xf8E8M0FNU>, %f: tensor<2xf8E8M0FNU>)
      -> (tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x4xf32>, tensor<3x8xf32>, tensor<3x8xf32>) {
    %twice = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"> : tensor<8x4xf8E4M3FN>
    %left = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F10"> : tensor<4x4xf8E4M3FN>
    %c = arith.constant dense<"0x1102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"> : tensor<8x4xf8E4M3FN>
    %e = arith.constant dense<"0x2102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"> : tensor<8x4xf8E4M3FN>
    %0 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%x : tensor<3x4xf32>) rhs(%v : tensor<8x4xf32>) outs(%z : tensor<3x8xf32>) -> tensor<3x8xf32>
    %1 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%x : tensor<3x4xf32>) rhs(%twice : tensor<8x4xf8E4M3FN>) outs(%z : tensor<3x8xf32>) -> tensor<3x8xf32>
    %2 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%x : tensor<3x4xf32>) rhs(%twice : tensor<8x4xf8E4M3FN>) outs(%0 : tensor<3x8xf32>) -> tensor<3x8xf32>
    %3 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%x : tensor<3x4xf32>) rhs(%left : tensor<4x4xf8E4M3FN>) outs(%r : tensor<3x4xf32>) -> tensor<3x4xf32>
    %4 = mx.contract indexing_maps = [#mk, #nk, #s, #mn] lhs(%x : tensor<3x4xf32>) rhs(%c scaled %d : tensor<8x4xf8E4M3FN>, tensor<8xf8E8M0FNU>) outs(%z : tensor<3x8xf32>) -> tensor<3x8xf32>
    %5 = mx.contract indexing_maps = [#mk, #nk, #t, #mn] lhs(%x : tensor<3x4xf32>) rhs(%e scaled %f : tensor<8x4xf8E4M3FN>, tensor<2xf8E8M0FNU>) outs(%z : tensor<3x8xf32>) -> tensor<3x8xf32>
    return %0, %1, %2, %3, %4, %5 : tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x4xf32>, tensor<3x8xf32>, tensor<3x8xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The zero point stays; the compensation, which follows from it, does not.
// CHECK-LABEL: func.func @zero_point
// CHECK: mx.contract {{.*}} {lhs_zero_point = 128 : i64} lhs(%{{.*}} : tensor<3x4xi8>) rhs(%{{.*}} : tensor<1x4x8xi8>) outs(
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768]>} {
  func.func @zero_point(%a: tensor<3x4xi8>, %s: tensor<8xi32>, %c: tensor<3x8xf32>) -> tensor<3x8xf32> {
    %b = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"> : tensor<8x4xi8>
    %0 = mx.contract indexing_maps = [#mk, #nk, #n, #mn] {lhs_zero_point = 128} lhs(%a : tensor<3x4xi8>) rhs(%b : tensor<8x4xi8>) compensated(%s : tensor<8xi32>) outs(%c : tensor<3x8xf32>) -> tensor<3x8xf32>
    return %0 : tensor<3x8xf32>
  }
}
