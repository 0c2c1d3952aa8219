// RUN: mx-opt %s | mx-opt | FileCheck %s
// RUN: mx-opt %s --mlir-print-op-generic | mx-opt | FileCheck %s

// CHECK-LABEL: func.func @pack
// CHECK: mx.pack_elements container = dense %{{.*}} : tensor<3x5xf4E2M1FN> -> tensor<3x3xi8>
func.func @pack(%x: tensor<3x5xf4E2M1FN>) -> tensor<3x3xi8> {
  %p = mx.pack_elements container = dense %x
      : tensor<3x5xf4E2M1FN> -> tensor<3x3xi8>
  return %p : tensor<3x3xi8>
}

// CHECK-LABEL: func.func @unpack
// CHECK: mx.unpack_elements container = dense %{{.*}} : tensor<3x3xi8> -> tensor<3x5xf4E2M1FN>
func.func @unpack(%p: tensor<3x3xi8>) -> tensor<3x5xf4E2M1FN> {
  %x = mx.unpack_elements container = dense %p
      : tensor<3x3xi8> -> tensor<3x5xf4E2M1FN>
  return %x : tensor<3x5xf4E2M1FN>
}

// CHECK-LABEL: func.func @unpack_dynamic
// CHECK: mx.unpack_elements container = byte %{{.*}} extent %{{.*}} : tensor<?x?xi8> -> tensor<?x?xf6E3M2FN>
func.func @unpack_dynamic(%p: tensor<?x?xi8>, %n: index) -> tensor<?x?xf6E3M2FN> {
  %x = mx.unpack_elements container = byte %p extent %n : tensor<?x?xi8> -> tensor<?x?xf6E3M2FN>
  return %x : tensor<?x?xf6E3M2FN>
}
