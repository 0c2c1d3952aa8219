// RUN: mx-opt %s --mx-decompose --canonicalize --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @no_scales
// CHECK-NOT: scf.for
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-NOT: linalg.generic
func.func @no_scales(%a: tensor<4x64xf8E4M3FN>, %b: tensor<8x64xbf16>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf8E4M3FN>) rhs(%b : tensor<8x64xbf16>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mk64 = affine_map<(m, n, k) -> (m, k floordiv 64)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nk32 = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The loop steps by the smaller block; the last one is short.
// CHECK-LABEL: func.func @two_block_sizes_ragged
// CHECK: %[[STEP:.*]] = arith.constant 32 : index
// CHECK: scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %[[STEP]] iter_args
// CHECK: %[[SIZE:.*]] = affine.min {{.*}}(%[[K]])
// CHECK: tensor.extract_slice %{{.*}}[0, %[[K]]] [4, %[[SIZE]]]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK: arith.maxui
// CHECK: arith.select
// CHECK: scf.yield
func.func @two_block_sizes_ragged(%a: tensor<4x72xf8E4M3FN>, %as: tensor<4x2xf8E8M0FNU>, %b: tensor<8x72xf8E5M2>, %bs: tensor<8x3xf8E8M0FNU>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mk64, #nk, #nk32, #mn]
    lhs(%a scaled %as : tensor<4x72xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<8x72xf8E5M2>, tensor<8x3xf8E8M0FNU>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#m = affine_map<(m, n, k) -> (m)>
#one = affine_map<(m, n, k) -> ()>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Scales that are constant along k need no loop; a bf16 init is extended
// before and rounded once after.
// CHECK-LABEL: func.func @per_row_scales_bf16
// CHECK-NOT: scf.for
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: arith.mulf
// CHECK: arith.truncf %{{.*}} : f32 to bf16
func.func @per_row_scales_bf16(%a: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E4M3FN>, %g: tensor<f32>, %b: tensor<8x64xbf16>, %c: tensor<4x8xbf16>) -> tensor<4x8xbf16> {
  %0 = mx.contract indexing_maps = [#mk, #m, #one, #nk, #mn]
    lhs(%a scaled %s, %g : tensor<4x64xf8E4M3FN>, tensor<4xf8E4M3FN>, tensor<f32>) rhs(%b : tensor<8x64xbf16>)
    outs(%c : tensor<4x8xbf16>) -> tensor<4x8xbf16>
  return %0 : tensor<4x8xbf16>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mk32 = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @nothing_to_contract
// CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<4x8xf32>)
// CHECK-NEXT: return %[[INIT]]
func.func @nothing_to_contract(%a: tensor<4x0xf8E4M3FN>, %as: tensor<4x0xf8E8M0FNU>, %b: tensor<8x0xbf16>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mk32, #nk, #mn]
    lhs(%a scaled %as : tensor<4x0xf8E4M3FN>, tensor<4x0xf8E8M0FNU>) rhs(%b : tensor<8x0xbf16>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
