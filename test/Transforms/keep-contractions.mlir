// RUN: mx-opt %s --mx-keep-contractions --split-input-file | FileCheck %s
// RUN: mx-opt %s --mx-keep-contractions --mx-decompose --split-input-file | FileCheck %s --check-prefix=LEFT

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#nkb16 = affine_map<(m, n, k) -> (n, k floordiv 16)>
#one = affine_map<(m, n, k) -> ()>
#mn = affine_map<(m, n, k) -> (m, n)>
// Blocks of OCP MX. mx-decompose leaves what is marked alone.
// CHECK-LABEL: func.func @mxfp8
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(
// LEFT-LABEL: func.func @mxfp8
// LEFT: mx.contract {{.*}} {mx.register_tile} lhs(
func.func @mxfp8(%a: tensor<4x64xf8E4M3FN>, %as: tensor<4x2xf8E8M0FNU>, %b: tensor<8x64xf8E4M3FN>, %bs: tensor<8x2xf8E8M0FNU>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %d = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%a scaled %as : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %d : tensor<4x8xf32>
}

// Those of NVFP4, with a scale of all.
// CHECK-LABEL: func.func @nvfp4
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(
func.func @nvfp4(%a: tensor<4x64xf32>, %b: tensor<8x64xf4E2M1FN>, %bs: tensor<8x4xf8E4M3FN>, %g: tensor<f32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %d = mx.contract indexing_maps = [#mk, #nk, #nkb16, #one, #mn] lhs(%a : tensor<4x64xf32>) rhs(%b scaled %bs, %g : tensor<8x64xf4E2M1FN>, tensor<8x4xf8E4M3FN>, tensor<f32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %d : tensor<4x8xf32>
}

// -----

// Products without scales: batched, of dynamic extents, of a vector.
// CHECK-LABEL: func.func @batched
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(
// LEFT-LABEL: func.func @batched
// LEFT: mx.contract
func.func @batched(%a: tensor<3x?x64xf32>, %b: tensor<3x8x64xbf16>, %c: tensor<3x?x8xf32>) -> tensor<3x?x8xf32> {
  %d = mx.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>] lhs(%a : tensor<3x?x64xf32>) rhs(%b : tensor<3x8x64xbf16>) outs(%c : tensor<3x?x8xf32>) -> tensor<3x?x8xf32>
  return %d : tensor<3x?x8xf32>
}

// CHECK-LABEL: func.func @vector
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(
func.func @vector(%a: tensor<64xf32>, %b: tensor<8x64xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %d = mx.contract indexing_maps = [affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (n, k)>, affine_map<(n, k) -> (n)>] lhs(%a : tensor<64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<8xf32>) -> tensor<8xf32>
  return %d : tensor<8xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb8 = affine_map<(m, n, k) -> (m, k floordiv 8)>
#mkb12 = affine_map<(m, n, k) -> (m, k floordiv 12)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The shortest blocks that are kept, 8 beside 32.
// CHECK-LABEL: func.func @blocks_of_8
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(
// LEFT-LABEL: func.func @blocks_of_8
// LEFT: mx.contract
func.func @blocks_of_8(%a: tensor<4x64xf32>, %as: tensor<4x8xf32>, %b: tensor<8x64xf32>, %bs: tensor<8x2xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %d = mx.contract indexing_maps = [#mk, #mkb8, #nk, #nkb, #mn] lhs(%a scaled %as : tensor<4x64xf32>, tensor<4x8xf32>) rhs(%b scaled %bs : tensor<8x64xf32>, tensor<8x2xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %d : tensor<4x8xf32>
}

// Blocks of 12 are no multiple of 8: the op becomes loops.
// CHECK-LABEL: func.func @blocks_of_12
// CHECK-NOT: mx.register_tile
// CHECK: mx.contract
// CHECK-NOT: mx.register_tile
// LEFT-LABEL: func.func @blocks_of_12
// LEFT-NOT: mx.contract
func.func @blocks_of_12(%a: tensor<4x60xf32>, %as: tensor<4x5xf32>, %b: tensor<8x60xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %d = mx.contract indexing_maps = [#mk, #mkb12, #nk, #mn] lhs(%a scaled %as : tensor<4x60xf32>, tensor<4x5xf32>) rhs(%b : tensor<8x60xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %d : tensor<4x8xf32>
}

// So does one with a scale of each element,
// CHECK-LABEL: func.func @scale_of_an_element
// CHECK-NOT: mx.register_tile
// CHECK: mx.contract
// CHECK-NOT: mx.register_tile
// LEFT-LABEL: func.func @scale_of_an_element
// LEFT-NOT: mx.contract
func.func @scale_of_an_element(%a: tensor<4x64xf32>, %as: tensor<4x64xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %d = mx.contract indexing_maps = [#mk, #mk, #nk, #mn] lhs(%a scaled %as : tensor<4x64xf32>, tensor<4x64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %d : tensor<4x8xf32>
}

// one with an init of bf16,
// CHECK-LABEL: func.func @init_of_bf16
// CHECK-NOT: mx.register_tile
// CHECK: mx.contract
// CHECK-NOT: mx.register_tile
// LEFT-LABEL: func.func @init_of_bf16
// LEFT-NOT: mx.contract
func.func @init_of_bf16(%a: tensor<4x64xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xbf16>) -> tensor<4x8xbf16> {
  %d = mx.contract indexing_maps = [#mk, #nk, #mn] lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xbf16>) -> tensor<4x8xbf16>
  return %d : tensor<4x8xbf16>
}

// and what is no matrix product.
// CHECK-LABEL: func.func @dot
// CHECK-NOT: mx.register_tile
// CHECK: mx.contract
// CHECK-NOT: mx.register_tile
// LEFT-LABEL: func.func @dot
// LEFT-NOT: mx.contract
func.func @dot(%a: tensor<64xf32>, %b: tensor<64xf32>, %c: tensor<f32>) -> tensor<f32> {
  %d = mx.contract indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> (k)>, affine_map<(k) -> ()>] lhs(%a : tensor<64xf32>) rhs(%b : tensor<64xf32>) outs(%c : tensor<f32>) -> tensor<f32>
  return %d : tensor<f32>
}
