// RUN: mx-opt %s --canonicalize | FileCheck %s
// RUN: mx-opt %s --resolve-shaped-type-result-dims --canonicalize | FileCheck %s --check-prefix=DIM

// CHECK-LABEL: func.func @pack_of_unpack
// CHECK-SAME: (%[[P:.*]]: tensor<3x6xi8>)
// CHECK-NEXT: return %[[P]]
func.func @pack_of_unpack(%p: tensor<3x6xi8>) -> tensor<3x6xi8> {
  %x = mx.unpack_elements container = dense %p : tensor<3x6xi8> -> tensor<3x8xf6E2M3FN>
  %q = mx.pack_elements container = dense %x : tensor<3x8xf6E2M3FN> -> tensor<3x6xi8>
  return %q : tensor<3x6xi8>
}

// The upper nibble of the last byte may be anything.
// CHECK-LABEL: func.func @pack_of_ragged_unpack
// CHECK: mx.pack_elements
func.func @pack_of_ragged_unpack(%p: tensor<3xi8>) -> tensor<3xi8> {
  %x = mx.unpack_elements container = dense %p : tensor<3xi8> -> tensor<5xf4E2M1FN>
  %q = mx.pack_elements container = dense %x : tensor<5xf4E2M1FN> -> tensor<3xi8>
  return %q : tensor<3xi8>
}

// So may the upper bits of whole bytes.
// CHECK-LABEL: func.func @pack_of_whole_bytes
// CHECK: mx.pack_elements
func.func @pack_of_whole_bytes(%p: tensor<4xi8>) -> tensor<4xi8> {
  %x = mx.unpack_elements container = byte %p : tensor<4xi8> -> tensor<4xf4E2M1FN>
  %q = mx.pack_elements container = byte %x : tensor<4xf4E2M1FN> -> tensor<4xi8>
  return %q : tensor<4xi8>
}

// CHECK-LABEL: func.func @unpack_of_pack
// CHECK-SAME: (%[[X:.*]]: tensor<?x5xf4E2M1FN>)
// CHECK-NEXT: return %[[X]]
func.func @unpack_of_pack(%x: tensor<?x5xf4E2M1FN>) -> tensor<?x5xf4E2M1FN> {
  %p = mx.pack_elements container = dense %x : tensor<?x5xf4E2M1FN> -> tensor<?x3xi8>
  %y = mx.unpack_elements container = dense %p : tensor<?x3xi8> -> tensor<?x5xf4E2M1FN>
  return %y : tensor<?x5xf4E2M1FN>
}

// CHECK-LABEL: func.func @unpack_of_other_container
// CHECK: mx.unpack_elements
func.func @unpack_of_other_container(%x: tensor<4xf4E2M1FN>) -> tensor<8xf4E2M1FN> {
  %p = mx.pack_elements container = byte %x : tensor<4xf4E2M1FN> -> tensor<4xi8>
  %y = mx.unpack_elements container = dense %p : tensor<4xi8> -> tensor<8xf4E2M1FN>
  return %y : tensor<8xf4E2M1FN>
}

// Codes 1, 2, 3 | 4, 0, 15: the last group of a row is filled with zeros.
// CHECK-LABEL: func.func @pack_f4_constant
// CHECK: dense<{{\[}}[33, 3], [4, 15]]> : tensor<2x2xi8>
func.func @pack_f4_constant() -> tensor<2x2xi8> {
  %x = arith.constant dense<[[0.5, 1.0, 1.5], [2.0, 0.0, -6.0]]> : tensor<2x3xf4E2M1FN>
  %p = mx.pack_elements container = dense %x : tensor<2x3xf4E2M1FN> -> tensor<2x2xi8>
  return %p : tensor<2x2xi8>
}

// Codes 1, 2, 3, 4 are the word 0x1030C1 - hexadecimal 01 + 02 << 6 + 03 << 12
// + 04 << 18 - and a fifth, 63, starts the next three bytes.
// CHECK-LABEL: func.func @pack_f6_constant
// CHECK: dense<[-127, 48, 16, 63, 0, 0]> : tensor<6xi8>
func.func @pack_f6_constant() -> tensor<6xi8> {
  %x = arith.constant dense<[0.125, 0.25, 0.375, 0.5, -7.5]> : tensor<5xf6E2M3FN>
  %p = mx.pack_elements container = dense %x : tensor<5xf6E2M3FN> -> tensor<6xi8>
  return %p : tensor<6xi8>
}

// CHECK-LABEL: func.func @unpack_splat
// CHECK: dense<5.000000e-01> : tensor<3x7xf4E2M1FN>
func.func @unpack_splat() -> tensor<3x7xf4E2M1FN> {
  %p = arith.constant dense<17> : tensor<3x4xi8>
  %x = mx.unpack_elements container = dense %p : tensor<3x4xi8> -> tensor<3x7xf4E2M1FN>
  return %x : tensor<3x7xf4E2M1FN>
}

// Elements would take more memory than their bytes.
// CHECK-LABEL: func.func @unpack_keeps_constants
// CHECK-COUNT-2: mx.unpack_elements
func.func @unpack_keeps_constants() -> (tensor<4xf4E2M1FN>, tensor<4xf4E2M1FN>) {
  %p = arith.constant dense<[1, 2]> : tensor<2xi8>
  %x = mx.unpack_elements container = dense %p : tensor<2xi8> -> tensor<4xf4E2M1FN>
  %q = arith.constant dense<18> : tensor<2xi8>
  %y = mx.unpack_elements container = dense %q : tensor<2xi8> -> tensor<4xf4E2M1FN>
  return %x, %y : tensor<4xf4E2M1FN>, tensor<4xf4E2M1FN>
}

// Unused, so removed: both ops are pure.
// CHECK-LABEL: func.func @unused
// CHECK-NEXT: return
func.func @unused(%x: tensor<4xf4E2M1FN>) {
  %p = mx.pack_elements container = byte %x : tensor<4xf4E2M1FN> -> tensor<4xi8>
  return
}

// DIM-LABEL: func.func @shapes
// DIM-SAME: (%[[X:.*]]: tensor<?x?xf6E3M2FN>, %[[N:.*]]: index)
// DIM: %[[D:.*]] = tensor.dim %[[X]]
// DIM: %[[B:.*]] = affine.apply #{{.*}}()[%[[D]]]
// DIM: return %[[B]], %[[N]]
func.func @shapes(%x: tensor<?x?xf6E3M2FN>, %n: index) -> (index, index) {
  %c1 = arith.constant 1 : index
  %p = mx.pack_elements container = dense %x : tensor<?x?xf6E3M2FN> -> tensor<?x?xi8>
  %b = tensor.dim %p, %c1 : tensor<?x?xi8>
  %y = mx.unpack_elements container = dense %p extent %n : tensor<?x?xi8> -> tensor<?x?xf6E3M2FN>
  %e = tensor.dim %y, %c1 : tensor<?x?xf6E3M2FN>
  return %b, %e : index, index
}
