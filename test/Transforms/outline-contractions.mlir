// RUN: mx-opt %s --mx-outline-contractions --canonicalize --split-input-file | FileCheck %s

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

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A fill with a constant goes along: every call starts from its own.
// CHECK-LABEL: func.func @filled
// CHECK-NOT: linalg.fill
// CHECK: call @[[G:.*]](%arg0, %arg1, %{{.*}})
// CHECK: call @[[G]](%{{.*}}, %arg2, %{{.*}})
// CHECK: func.func private @[[G]](%{{.*}}, %{{.*}}, %[[E:.*]]: tensor<8x8xf32>)
// CHECK: %[[C:.*]] = arith.constant 0.0
// CHECK: %[[F:.*]] = linalg.fill ins(%[[C]] : f32) outs(%[[E]] :
// CHECK: mx.contract {{.*}} outs(%[[F]] :
func.func @filled(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>, %v: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x8xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%x : tensor<8x8xf32>) rhs(%w : tensor<8x8xf32>) outs(%z : tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%0 : tensor<8x8xf32>) rhs(%v : tensor<8x8xf32>) outs(%z : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A fill that is a factor, too, is made once.
// CHECK-LABEL: func.func @filled_factor
// CHECK: func.func private
// CHECK: %[[F:.*]] = linalg.fill
// CHECK-NOT: linalg.fill
// CHECK: mx.contract {{.*}} lhs(%[[F]] : {{.*}} outs(%[[F]] :
func.func @filled_factor(%w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<8x8xf32>
  %f = linalg.fill ins(%two : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%f : tensor<8x8xf32>) rhs(%w : tensor<8x8xf32>) outs(%f : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}
