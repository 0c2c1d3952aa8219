// RUN: mx-opt %s --mx-decompose | FileCheck %s

// Two codes, the second of them beyond the row in its last byte.
// CHECK-LABEL: func.func @pack_f4
// CHECK-SAME: (%[[X:.*]]: tensor<3x5xf4E2M1FN>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x3xi8>)
// CHECK: tensor.extract %[[X]]
// CHECK: arith.bitcast %{{.*}} : f4E2M1FN to i4
// CHECK: arith.extui %{{.*}} : i4 to i8
// CHECK: tensor.extract %[[X]]
// CHECK: arith.shli
// CHECK: arith.ori
// CHECK-NOT: mx.
func.func @pack_f4(%x: tensor<3x5xf4E2M1FN>) -> tensor<3x3xi8> {
  %p = mx.pack_elements container = dense %x : tensor<3x5xf4E2M1FN> -> tensor<3x3xi8>
  return %p : tensor<3x3xi8>
}

// CHECK-LABEL: func.func @unpack_f6_dynamic
// CHECK-SAME: (%[[P:.*]]: tensor<?x?xi8>, %[[N:.*]]: index)
// CHECK: tensor.empty(%{{.*}}, %[[N]]) : tensor<?x?xf6E2M3FN>
// CHECK: linalg.generic
// CHECK: tensor.extract %[[P]]
// CHECK: arith.trunci %{{.*}} : i16 to i6
// CHECK: arith.bitcast %{{.*}} : i6 to f6E2M3FN
// CHECK-NOT: mx.
func.func @unpack_f6_dynamic(%p: tensor<?x?xi8>, %n: index) -> tensor<?x?xf6E2M3FN> {
  %x = mx.unpack_elements container = dense %p extent %n : tensor<?x?xi8> -> tensor<?x?xf6E2M3FN>
  return %x : tensor<?x?xf6E2M3FN>
}
