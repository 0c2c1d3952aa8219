// RUN: mx-opt %s --transform-interpreter --canonicalize --cse --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @contract_into_consumer
// CHECK: scf.for
// CHECK: %[[PRODUCT:.*]] = mx.contract {{.*}} tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
// CHECK: linalg.exp ins(%[[PRODUCT]] : tensor<4x8xf32>)
func.func @contract_into_consumer(%a: tensor<16x64xf8E4M3FN>, %as: tensor<16x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<16x8xf32>, %d: tensor<16x8xf32>) -> tensor<16x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %as : tensor<16x64xf8E4M3FN>, tensor<16x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
  %1 = linalg.exp ins(%0 : tensor<16x8xf32>) outs(%d : tensor<16x8xf32>) -> tensor<16x8xf32>
  return %1 : tensor<16x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linalg.exp"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %op tile_sizes [4, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rows of elements and of scales come from one quantize in the loop.
// CHECK-LABEL: func.func @quantize_into_contract
// CHECK: scf.for
// CHECK: %[[Q:.*]]:2 = mx.quantize {{.*}} tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
// CHECK: mx.contract {{.*}} lhs(%[[Q]]#0 scaled %[[Q]]#1 :
func.func @quantize_into_contract(%x: tensor<16x64xf32>, %q0: tensor<16x64xf8E4M3FN>, %s0: tensor<16x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<16x8xf32>) -> tensor<16x8xf32> {
  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<16x64xf32>) outs(%q0, %s0 : tensor<16x64xf8E4M3FN>, tensor<16x2xf8E8M0FNU>)
    -> tensor<16x64xf8E4M3FN>, tensor<16x2xf8E8M0FNU>
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%q scaled %s : tensor<16x64xf8E4M3FN>, tensor<16x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
  return %0 : tensor<16x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["mx.contract"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %op tile_sizes [4, 0, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
