// RUN: mx-opt %s --transform-interpreter --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @two_blocks
// CHECK: scf.for %[[K:[a-z0-9]+]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[ACC:.*]] =
// CHECK: %[[A:.*]] = tensor.extract_slice %{{.*}}[0, %[[K]]] [4, 64]
// CHECK: %[[BLOCK:.*]] = affine.apply #{{.*}}(%[[K]])
// CHECK: %[[AS:.*]] = tensor.extract_slice %{{.*}}[0, %[[BLOCK]]] [4, 2]
// CHECK: mx.contract {{.*}} lhs(%[[A]] scaled %[[AS]] : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) {{.*}} outs(%{{.*}} : tensor<4x8xf32>)
func.func @two_blocks(%a: tensor<4x256xf8E4M3FN>, %as: tensor<4x8xf8E8M0FNU>, %b: tensor<8x256xf8E4M3FN>, %bs: tensor<8x8xf8E8M0FNU>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
    lhs(%a scaled %as : tensor<4x256xf8E4M3FN>, tensor<4x8xf8E8M0FNU>) rhs(%b scaled %bs : tensor<8x256xf8E4M3FN>, tensor<8x8xf8E8M0FNU>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A tile inside a block has the one scale of its block.
// CHECK-DAG: #[[$FLOOR:.*]] = affine_map<(d0) -> (d0 floordiv 32)>
// CHECK-LABEL: func.func @tile_inside_one_block
// CHECK: scf.for %[[K:[a-z0-9]+]] =
// CHECK: %[[BLOCK:.*]] = affine.apply #[[$FLOOR]](%[[K]])
// CHECK: tensor.extract_slice %{{.*}}[0, %[[BLOCK]]] [4, 1]
// CHECK: mx.contract {{.*}} tensor<4x8xf8E4M3FN>, tensor<4x1xf8E8M0FNU>
func.func @tile_inside_one_block(%a: tensor<4x64xf8E4M3FN>, %as: tensor<4x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %as : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(b, m, n, k) -> (b, m, k)>
#left = affine_map<(b, m, n, k) -> (b floordiv 32, m, k floordiv 16)>
#nk = affine_map<(b, m, n, k) -> (b, n, k)>
#right = affine_map<(b, m, n, k) -> (b floordiv 48, n, k floordiv 16)>
#mn = affine_map<(b, m, n, k) -> (b, m, n)>
// 48 holds whole blocks of the right side, and cuts those of the left.
func.func @unequal_blocks_of_a_batch(%a: tensor<96x4x16xf8E4M3FN>, %as: tensor<3x4x1xf32>, %b: tensor<96x8x16xf8E4M3FN>, %bs: tensor<2x8x1xf32>, %c: tensor<96x4x8xf32>) -> tensor<96x4x8xf32> {
  // expected-error @below {{tile of dimension d0 must hold whole blocks of 32 or divide one, found size 48}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %0 = mx.contract indexing_maps = [#mk, #left, #nk, #right, #mn]
    lhs(%a scaled %as : tensor<96x4x16xf8E4M3FN>, tensor<3x4x1xf32>) rhs(%b scaled %bs : tensor<96x8x16xf8E4M3FN>, tensor<2x8x1xf32>)
    outs(%c : tensor<96x4x8xf32>) -> tensor<96x4x8xf32>
  return %0 : tensor<96x4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [48] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(b, m, n, k) -> (b, m, k)>
#left = affine_map<(b, m, n, k) -> (b floordiv 32, m, k floordiv 16)>
#nk = affine_map<(b, m, n, k) -> (b, n, k)>
#right = affine_map<(b, m, n, k) -> (b floordiv 48, n, k floordiv 16)>
#mn = affine_map<(b, m, n, k) -> (b, m, n)>
// 16 divides both.
// CHECK-LABEL: func.func @divisor_of_unequal_blocks
// CHECK: mx.contract {{.*}} tensor<16x4x16xf8E4M3FN>, tensor<1x4x1xf32>{{.*}} tensor<16x8x16xf8E4M3FN>, tensor<1x8x1xf32>
func.func @divisor_of_unequal_blocks(%a: tensor<96x4x16xf8E4M3FN>, %as: tensor<3x4x1xf32>, %b: tensor<96x8x16xf8E4M3FN>, %bs: tensor<2x8x1xf32>, %c: tensor<96x4x8xf32>) -> tensor<96x4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #left, #nk, #right, #mn]
    lhs(%a scaled %as : tensor<96x4x16xf8E4M3FN>, tensor<3x4x1xf32>) rhs(%b scaled %bs : tensor<96x8x16xf8E4M3FN>, tensor<2x8x1xf32>)
    outs(%c : tensor<96x4x8xf32>) -> tensor<96x4x8xf32>
  return %0 : tensor<96x4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [16] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The last tile ends within a block.
// CHECK-DAG: #[[$SIZE:.*]] = affine_map<(d0) -> (-d0 + 100, 64)>
// CHECK-DAG: #[[$CEIL:.*]] = affine_map<(d0) -> (d0 ceildiv 32)>
// CHECK-LABEL: func.func @ragged
// CHECK: scf.for %[[K:[a-z0-9]+]] =
// CHECK: %[[COUNT:.*]] = affine.min #[[$SIZE]](%[[K]])
// CHECK: tensor.extract_slice %{{.*}}[0, %[[K]]] [4, %[[COUNT]]]
// CHECK: %[[BLOCKS:.*]] = affine.apply #[[$CEIL]](%[[COUNT]])
// CHECK: tensor.extract_slice %{{.*}}[0, %{{.*}}] [4, %[[BLOCKS]]]
// CHECK: mx.contract
func.func @ragged(%a: tensor<4x100xf8E4M3FN>, %as: tensor<4x4xf8E8M0FNU>, %b: tensor<8x100xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %as : tensor<4x100xf8E4M3FN>, tensor<4x4xf8E8M0FNU>) rhs(%b : tensor<8x100xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @dynamic
// CHECK: scf.for
// CHECK: scf.for
// CHECK: affine.min
// CHECK: mx.contract {{.*}} lhs(%{{.*}} scaled %{{.*}} : tensor<?x?xf8E4M3FN>, tensor<?x?xf8E8M0FNU>)
// CHECK: tensor.insert_slice
func.func @dynamic(%a: tensor<?x?xf8E4M3FN>, %as: tensor<?x?xf8E8M0FNU>, %b: tensor<8x?xf32>, %c: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %as : tensor<?x?xf8E4M3FN>, tensor<?x?xf8E8M0FNU>) rhs(%b : tensor<8x?xf32>)
    outs(%c : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [3, 0, 32] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rows of an f16 result may be tiled, its sums may not: each part would be rounded.
// CHECK-LABEL: func.func @f16_rows
// CHECK: scf.for
// CHECK: mx.contract {{.*}} -> tensor<4x8xf16>
func.func @f16_rows(%a: tensor<16x?xf8E4M3FN>, %b: tensor<8x?xf16>, %c: tensor<16x8xf16>) -> tensor<16x8xf16> {
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<16x?xf8E4M3FN>) rhs(%b : tensor<8x?xf16>) outs(%c : tensor<16x8xf16>) -> tensor<16x8xf16>
  return %0 : tensor<16x8xf16>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [4, 0, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @f16_sums(%a: tensor<4x64xf8E4M3FN>, %b: tensor<8x64xf16>, %c: tensor<4x8xf16>) -> tensor<4x8xf16> {
  // expected-error@+3 {{to tile operation}}
  // expected-error@+2 {{failed to generate tiling loops}}
  // expected-error@+1 {{cannot be tiled along the contracted dimension d2: expected an init of f32, which partial sums are added to without rounding, found 'f16'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf8E4M3FN>) rhs(%b : tensor<8x64xf16>) outs(%c : tensor<4x8xf16>) -> tensor<4x8xf16>
  return %0 : tensor<4x8xf16>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 32] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @compensated(%a: tensor<3x8xi8>, %b: tensor<32x8xi8>, %s: tensor<32xi32>, %c: tensor<3x32xf32>) -> tensor<3x32xf32> {
  // expected-error@+3 {{to tile operation}}
  // expected-error@+2 {{failed to generate tiling loops}}
  // expected-error@+1 {{cannot be tiled along dimension d2, which its compensation is a sum over}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #n, #mn] {lhs_zero_point = 128}
    lhs(%a : tensor<3x8xi8>) rhs(%b : tensor<32x8xi8>) compensated(%s : tensor<32xi32>) outs(%c : tensor<3x32xf32>) -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
