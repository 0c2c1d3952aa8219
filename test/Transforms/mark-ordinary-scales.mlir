// RUN: mx-opt %s --mx-mark-ordinary-scales --split-input-file | FileCheck %s
// RUN: mx-opt %s --mx-mark-ordinary-scales --mx-tile --split-input-file | FileCheck %s --check-prefix=TILE

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The least and the largest scale that are ordinary, 2^-40 and 2^40, on either side;
// what is no constant has to be read when the program runs.
// CHECK-LABEL: func.func @ordinary
// CHECK: mx.contract
// CHECK-SAME: {rhs_ordinary_scales} lhs
// CHECK: mx.contract
// CHECK-SAME: {lhs_ordinary_scales} lhs
// TILE-LABEL: func.func @ordinary
// TILE: %[[FOUND:.*]] = linalg.generic {{.*}} ins(%arg1 : tensor<4x2xf8E8M0FNU>) outs(%{{.*}} : tensor<i8>)
// TILE-NOT: tensor<2x2xf8E8M0FNU>) outs(%{{.*}} : tensor<i8>)
// TILE: %[[FIRST:.*]] = scf.if %{{.*}} -> (tensor<4x2xf32>)
// TILE-NOT: tensor<i8>
// TILE-NOT: scf.if
// TILE: return %[[FIRST]]
func.func @ordinary(%x: tensor<4x64xf8E4M3FN>, %xs: tensor<4x2xf8E8M0FNU>, %w: tensor<2x64xf8E4M3FN>, %y: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %ws = arith.constant dense<[[0x57, 0xA7], [0x7F, 0x80]]> : tensor<2x2xf8E8M0FNU>
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%x scaled %xs : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  %us = arith.constant dense_resource<scales> : tensor<4x2xf8E8M0FNU>
  %ss = arith.constant dense<0x60> : tensor<2x2xf8E8M0FNU>
  %1 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn] lhs(%x scaled %us : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%w : tensor<2x64xf8E4M3FN>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0, %1 : tensor<4x2xf32>, tensor<4x2xf32>
}
{-# dialect_resources: { builtin: { scales: "0x04000000578182838485867F" } } #-}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// All are alike; scales of other types do not count. Nothing is asked then.
// CHECK-LABEL: func.func @alike
// CHECK: {rhs_ordinary_scales} lhs
// CHECK-NOT: ordinary_scales
// TILE-LABEL: func.func @alike
// TILE-NOT: scf.if
// TILE: return
func.func @alike(%x: tensor<4x64xf32>, %w: tensor<2x64xf8E4M3FN>, %y: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %ws = arith.constant dense<1.0> : tensor<2x2xf8E8M0FNU>
  %0 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] lhs(%x : tensor<4x64xf32>) rhs(%w scaled %ws : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  %s = arith.constant dense<1.0> : tensor<2xf32>
  %1 = mx.contract indexing_maps = [#mk, #nk, #n, #mn] lhs(%x : tensor<4x64xf32>) rhs(%w scaled %s : tensor<2x64xf8E4M3FN>, tensor<2xf32>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0, %1 : tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The next ones, 2^-127, and NaN are not ordinary, whatever the op says.
// CHECK-LABEL: func.func @others
// CHECK-NOT: ordinary_scales
// TILE-LABEL: func.func @others
// TILE-COUNT-4: scf.if
func.func @others(%x: tensor<4x64xf32>, %w: tensor<2x64xf8E4M3FN>, %y: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  %s0 = arith.constant dense<[[0x7F, 0x56], [0x7F, 0x80]]> : tensor<2x2xf8E8M0FNU>
  %s1 = arith.constant dense<[[0x7F, 0x7F], [0x7F, 0xA8]]> : tensor<2x2xf8E8M0FNU>
  %s2 = arith.constant dense<[[0x00, 0x7F], [0x7F, 0x7F]]> : tensor<2x2xf8E8M0FNU>
  %s3 = arith.constant dense<0xFF> : tensor<2x2xf8E8M0FNU>
  %0 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] lhs(%x : tensor<4x64xf32>) rhs(%w scaled %s0 : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  %1 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] lhs(%x : tensor<4x64xf32>) rhs(%w scaled %s1 : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  %2 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {rhs_ordinary_scales} lhs(%x : tensor<4x64xf32>) rhs(%w scaled %s2 : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  %3 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] lhs(%x : tensor<4x64xf32>) rhs(%w scaled %s3 : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) outs(%y : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0, %1, %2, %3 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}
