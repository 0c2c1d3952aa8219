// RUN: mx-opt %s --generate-runtime-verification --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @dynamic_k
// CHECK-SAME: (%[[X:.*]]: tensor<4x?xf32>, %[[Q:.*]]: tensor<4x?xf8E4M3FN>, %[[S:.*]]: tensor<4x?xf8E8M0FNU>)
// CHECK: %[[K:.*]] = tensor.dim %[[X]]
// CHECK: %[[KQ:.*]] = tensor.dim %[[Q]]
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[KQ]], %[[K]]
// CHECK: cf.assert %[[SAME]], {{.*}}extent of dimension 1 of operand #1
// CHECK: %[[BLOCKS:.*]] = affine.apply #{{.*}}(){{\[}}%[[K]]]
// CHECK: %[[FOUND:.*]] = tensor.dim %[[S]]
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[FOUND]], %[[BLOCKS]]
// CHECK: cf.assert %[[EQUAL]], {{.*}}extent of dimension 1 of operand #2
// CHECK-NOT: cf.assert
func.func @dynamic_k(%x: tensor<4x?xf32>, %q: tensor<4x?xf8E4M3FN>, %s: tensor<4x?xf8E8M0FNU>) -> tensor<4x?xf8E4M3FN> {
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x?xf32>) outs(%q, %s : tensor<4x?xf8E4M3FN>, tensor<4x?xf8E8M0FNU>)
    -> tensor<4x?xf8E4M3FN>, tensor<4x?xf8E8M0FNU>
  return %0 : tensor<4x?xf8E4M3FN>
}

// -----

// CHECK-LABEL: func.func @static_shapes
// CHECK-NOT: cf.assert
func.func @static_shapes(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) -> tensor<4x64xf8E4M3FN> {
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return %0 : tensor<4x64xf8E4M3FN>
}

// -----

// The window's extent depends on two dynamic dimensions.
// CHECK-LABEL: func.func @dynamic_window
// CHECK: arith.cmpi sge
// CHECK: cf.assert {{.*}}extent of dimension 0 of operand #0
func.func @dynamic_window(%x: tensor<?x32xf32>, %w: tensor<?x32xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(y, i, c) -> (y + i, c)>, affine_map<(y, i, c) -> (i, c)>, affine_map<(y, i, c) -> (y)>]
    lhs(%x : tensor<?x32xf32>) rhs(%w : tensor<?x32xf32>) outs(%y : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// CHECK-LABEL: func.func @unpack_elements
// CHECK-SAME: (%[[P:.*]]: tensor<4x?xi8>, %[[N:.*]]: index)
// CHECK: %[[POSITIVE:.*]] = arith.cmpi sge, %[[N]], %c0
// CHECK: cf.assert %[[POSITIVE]], {{.*}}an extent of the result is negative
// CHECK: %[[BYTES:.*]] = affine.apply #{{.*}}(){{\[}}%[[N]]]
// CHECK: %[[FOUND:.*]] = tensor.dim %[[P]]
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[FOUND]], %[[BYTES]]
// CHECK: cf.assert %[[EQUAL]], {{.*}}extent of dimension 1 of the packed operand
// CHECK-NOT: cf.assert
func.func @unpack_elements(%p: tensor<4x?xi8>, %n: index) -> tensor<4x?xf4E2M1FN> {
  %x = mx.unpack_elements container = dense %p extent %n : tensor<4x?xi8> -> tensor<4x?xf4E2M1FN>
  return %x : tensor<4x?xf4E2M1FN>
}

// -----

// CHECK-LABEL: func.func @unpack_scales
// CHECK: cf.assert {{.*}}an extent of the result is negative
// CHECK: cf.assert {{.*}}extent of dimension 0 of the packed operand
// CHECK-NOT: cf.assert
func.func @unpack_scales(%p: tensor<?x4x2xi8>, %c: index) -> tensor<4x?xf8E8M0FNU> {
  %s = mx.unpack_scales layout = <(r, c) -> (c floordiv 2, r, c mod 2), pad = 0, container = i8>
      %p sizes(%c) : tensor<?x4x2xi8> -> tensor<4x?xf8E8M0FNU>
  return %s : tensor<4x?xf8E8M0FNU>
}

// -----

// CHECK-LABEL: func.func @pack_elements
// CHECK: %[[BYTES:.*]] = affine.apply
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[BYTES]], %c8
// CHECK: cf.assert %[[EQUAL]], {{.*}}extent of dimension 1 of the result
// CHECK-NOT: cf.assert
func.func @pack_elements(%x: tensor<4x?xf4E2M1FN>) -> tensor<4x8xi8> {
  %p = mx.pack_elements container = dense %x : tensor<4x?xf4E2M1FN> -> tensor<4x8xi8>
  return %p : tensor<4x8xi8>
}

// -----

// CHECK-LABEL: func.func @pack_scales
// CHECK: cf.assert {{.*}}extent of dimension 0 of the result
// CHECK-NOT: cf.assert
func.func @pack_scales(%x: tensor<4x?xf8E8M0FNU>) -> tensor<8x4x2xi8> {
  %p = mx.pack_scales layout = <(r, c) -> (c floordiv 2, r, c mod 2), pad = 0, container = i8>
      %x : tensor<4x?xf8E8M0FNU> -> tensor<8x4x2xi8>
  return %p : tensor<8x4x2xi8>
}

// -----

// CHECK-LABEL: func.func @pack_any
// CHECK-NOT: cf.assert
func.func @pack_any(%x: tensor<4x?xf4E2M1FN>) -> tensor<4x?xi8> {
  %p = mx.pack_elements container = dense %x : tensor<4x?xf4E2M1FN> -> tensor<4x?xi8>
  return %p : tensor<4x?xi8>
}
