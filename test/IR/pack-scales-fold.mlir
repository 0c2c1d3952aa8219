// RUN: mx-opt %s --canonicalize | FileCheck %s
// RUN: mx-opt %s --resolve-shaped-type-result-dims --canonicalize | FileCheck %s --check-prefix=DIM

#pairs = #mx.scale_layout<(r, c) -> (c floordiv 2, r, c mod 2), pad = 9, container = i8>
#words = #mx.scale_layout<(r, c) -> (r, c floordiv 4, c mod 4), pad = 0, container = i32>

// CHECK-LABEL: func.func @unpack_of_pack
// CHECK-SAME: (%[[S:.*]]: tensor<3x5xf8E8M0FNU>)
// CHECK-NEXT: return %[[S]]
func.func @unpack_of_pack(%s: tensor<3x5xf8E8M0FNU>) -> tensor<3x5xf8E8M0FNU> {
  %p = mx.pack_scales layout = #pairs %s : tensor<3x5xf8E8M0FNU> -> tensor<3x3x2xi8>
  %u = mx.unpack_scales layout = #pairs %p : tensor<3x3x2xi8> -> tensor<3x5xf8E8M0FNU>
  return %u : tensor<3x5xf8E8M0FNU>
}

// The same packed type means nothing: layouts are compared.
// CHECK-LABEL: func.func @unpack_of_other_layout
// CHECK: mx.unpack_scales
func.func @unpack_of_other_layout(%s: tensor<2x2xf8E8M0FNU>) -> tensor<2x2xf8E8M0FNU> {
  %p = mx.pack_scales layout = <(r, c) -> (r, c), pad = 0, container = i8> %s : tensor<2x2xf8E8M0FNU> -> tensor<2x2xi8>
  %u = mx.unpack_scales layout = <(r, c) -> (c, r), pad = 0, container = i8> %p : tensor<2x2xi8> -> tensor<2x2xf8E8M0FNU>
  return %u : tensor<2x2xf8E8M0FNU>
}

// CHECK-LABEL: func.func @pack_of_unpack
// CHECK-SAME: (%[[P:.*]]: tensor<2x3x2xi8>)
// CHECK-NEXT: return %[[P]]
func.func @pack_of_unpack(%p: tensor<2x3x2xi8>) -> tensor<2x3x2xi8> {
  %s = mx.unpack_scales layout = #pairs %p : tensor<2x3x2xi8> -> tensor<3x4xf8E8M0FNU>
  %q = mx.pack_scales layout = #pairs %s : tensor<3x4xf8E8M0FNU> -> tensor<2x3x2xi8>
  return %q : tensor<2x3x2xi8>
}

// Padding may hold anything before.
// CHECK-LABEL: func.func @pack_of_padded_unpack
// CHECK: mx.pack_scales
func.func @pack_of_padded_unpack(%p: tensor<3x3x2xi8>) -> tensor<3x3x2xi8> {
  %s = mx.unpack_scales layout = #pairs %p : tensor<3x3x2xi8> -> tensor<3x5xf8E8M0FNU>
  %q = mx.pack_scales layout = #pairs %s : tensor<3x5xf8E8M0FNU> -> tensor<3x3x2xi8>
  return %q : tensor<3x3x2xi8>
}

// CHECK-LABEL: func.func @constant
// CHECK: arith.constant dense<{{\[\[\[}}5, 6], [8, 10]], {{\[\[}}7, 9], [11, 9]]]> : tensor<2x2x2xi8>
func.func @constant() -> tensor<2x2x2xi8> {
  %s = arith.constant dense<"0x050607080A0B"> : tensor<2x3xf8E8M0FNU>
  %p = mx.pack_scales layout = #pairs %s : tensor<2x3xf8E8M0FNU> -> tensor<2x2x2xi8>
  return %p : tensor<2x2x2xi8>
}

// CHECK-LABEL: func.func @splat_words
// CHECK: arith.constant dense<{{\[\[}}2139062143, 127]]> : tensor<1x2xi32>
func.func @splat_words() -> tensor<1x2xi32> {
  %s = arith.constant dense<1.0> : tensor<1x5xf8E8M0FNU>
  %p = mx.pack_scales layout = #words %s : tensor<1x5xf8E8M0FNU> -> tensor<1x2xi32>
  return %p : tensor<1x2xi32>
}

// DIM-LABEL: func.func @extents
// DIM-SAME: (%[[S:.*]]: tensor<?x?xf8E8M0FNU>, %[[R:.*]]: index, %[[C:.*]]: index)
// DIM: %[[DIM:.*]] = tensor.dim %[[S]], %c1
// DIM: %[[GROUPS:.*]] = affine.apply #{{.*}}()[%[[DIM]]]
// DIM: return %[[GROUPS]], %[[R]]
func.func @extents(%s: tensor<?x?xf8E8M0FNU>, %r: index, %c: index) -> (index, index) {
  %c0 = arith.constant 0 : index
  %p = mx.pack_scales layout = #pairs %s : tensor<?x?xf8E8M0FNU> -> tensor<?x?x2xi8>
  %u = mx.unpack_scales layout = #pairs %p sizes(%r, %c) : tensor<?x?x2xi8> -> tensor<?x?xf8E8M0FNU>
  %groups = tensor.dim %p, %c0 : tensor<?x?x2xi8>
  %rows = tensor.dim %u, %c0 : tensor<?x?xf8E8M0FNU>
  return %groups, %rows : index, index
}
