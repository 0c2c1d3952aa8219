// RUN: mx-opt %s --mx-widen-results --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// What is there before is extended, the sum rounded once.
// CHECK-LABEL: func.func @adds
// CHECK-SAME: %[[A:.*]]: tensor<?x64xf8E4M3FN>, %[[S:.*]]: tensor<?x2xf8E8M0FNU>, %[[B:.*]]: tensor<48x64xbf16>, %[[C:.*]]: tensor<?x48xbf16>
// CHECK: %[[INIT:.*]] = linalg.generic {{.*}} ins(%[[C]] : tensor<?x48xbf16>) outs(%{{.*}} : tensor<?x48xf32>)
// CHECK: arith.extf
// CHECK: %[[SUM:.*]] = mx.contract {{.*}} lhs(%[[A]] scaled %[[S]] {{.*}} rhs(%[[B]] : tensor<48x64xbf16>) outs(%[[INIT]] : tensor<?x48xf32>)
// CHECK: %[[ROUNDED:.*]] = linalg.generic {{.*}} ins(%[[SUM]] : tensor<?x48xf32>) outs(%{{.*}} : tensor<?x48xbf16>)
// CHECK: arith.truncf
// CHECK: return %[[ROUNDED]]
func.func @adds(%a: tensor<?x64xf8E4M3FN>, %as: tensor<?x2xf8E8M0FNU>, %b: tensor<48x64xbf16>, %c: tensor<?x48xbf16>) -> tensor<?x48xbf16> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %as : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) rhs(%b : tensor<48x64xbf16>)
    outs(%c : tensor<?x48xbf16>) -> tensor<?x48xbf16>
  return %0 : tensor<?x48xbf16>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A fill stays one.
// CHECK-LABEL: func.func @fills
// CHECK: %[[ONE:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK: %[[INIT:.*]] = linalg.fill ins(%[[ONE]] : f32) outs(%{{.*}} : tensor<32x48xf32>)
// CHECK: mx.contract {{.*}} outs(%[[INIT]] : tensor<32x48xf32>)
// CHECK: arith.truncf %{{.*}} : f32 to f16
func.func @fills(%a: tensor<32x64xf16>, %b: tensor<48x64xf16>) -> tensor<32x48xf16> {
  %one = arith.constant 1.0 : f16
  %empty = tensor.empty() : tensor<32x48xf16>
  %init = linalg.fill ins(%one : f16) outs(%empty : tensor<32x48xf16>) -> tensor<32x48xf16>
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%a : tensor<32x64xf16>) rhs(%b : tensor<48x64xf16>)
    outs(%init : tensor<32x48xf16>) -> tensor<32x48xf16>
  return %0 : tensor<32x48xf16>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @f32
// CHECK-NEXT: mx.contract
// CHECK-NEXT: return
func.func @f32(%a: tensor<32x64xf16>, %b: tensor<48x64xf16>, %c: tensor<32x48xf32>) -> tensor<32x48xf32> {
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%a : tensor<32x64xf16>) rhs(%b : tensor<48x64xf16>)
    outs(%c : tensor<32x48xf32>) -> tensor<32x48xf32>
  return %0 : tensor<32x48xf32>
}
