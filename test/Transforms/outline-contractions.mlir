// RUN: mx-opt %s --mx-outline-contractions --canonicalize | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Two layers are one function; what they unpack is unpacked in it.
// CHECK-LABEL: func.func @layers
// CHECK-NOT: mx.unpack_elements
// CHECK: %[[Y:.*]] = call @[[F:.*]](%{{.*}}, %arg1, %{{.*}}) : (tensor<4x8xf32>, tensor<8x4xi8>, tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK: call @[[F]](%[[Y]], %arg2, %{{.*}})
// CHECK: func.func private @[[F]](%[[X:.*]]: tensor<4x8xf32>, %[[P:.*]]: tensor<8x4xi8>, %[[Z:.*]]: tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK: %[[W:.*]] = mx.unpack_elements container = dense %[[P]]
// CHECK: %[[R:.*]] = mx.contract {{.*}} lhs(%[[X]] : {{.*}}) rhs(%[[W]] : {{.*}}) outs(%[[Z]] :
// CHECK: return %[[R]]
// CHECK-NOT: func.func
func.func @layers(%x: tensor<4x8xf32>, %p: tensor<8x4xi8>, %r: tensor<8x4xi8>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = mx.unpack_elements container = dense %p : tensor<8x4xi8> -> tensor<8x8xf4E2M1FN>
  %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%x : tensor<4x8xf32>) rhs(%w : tensor<8x8xf4E2M1FN>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = mx.unpack_elements container = dense %r : tensor<8x4xi8> -> tensor<8x8xf4E2M1FN>
  %1 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%0 : tensor<4x8xf32>) rhs(%v : tensor<8x8xf4E2M1FN>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}
