// RUN: mx-opt %s --mx-decode-operands | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nk32 = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The weight is decoded with n, the result's innermost dimension, last; the
// contraction keeps its scales; f32 operands stay.
// CHECK-DAG: #[[$TRANSPOSED:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[$KN:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: func.func @int8_weight
// CHECK-SAME: (%[[A:[^:]*]]: tensor<?x64xf32>, %[[B:[^:]*]]: tensor<8x64xi8>, %[[S:[^:]*]]: tensor<8x2xf8E8M0FNU>
// CHECK: %[[D:.*]] = linalg.generic {indexing_maps = [#[[$TRANSPOSED]], #{{.*}}]{{.*}} ins(%[[B]] : tensor<8x64xi8>) outs(%{{.*}} : tensor<64x8xf32>)
// CHECK: arith.sitofp
// CHECK: mx.contract indexing_maps = [#{{.*}}, #[[$KN]], #{{.*}}, #{{.*}}] lhs(%[[A]] : tensor<?x64xf32>) rhs(%[[D]] scaled %[[S]] : tensor<64x8xf32>, tensor<8x2xf8E8M0FNU>)
func.func @int8_weight(%a: tensor<?x64xf32>, %b: tensor<8x64xi8>, %s: tensor<8x2xf8E8M0FNU>, %c: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #nk, #nk32, #mn] {rhs_fraction_bits = 6 : i64}
    lhs(%a : tensor<?x64xf32>) rhs(%b scaled %s : tensor<8x64xi8>, tensor<8x2xf8E8M0FNU>)
    outs(%c : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
