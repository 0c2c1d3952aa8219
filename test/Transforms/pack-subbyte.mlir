// RUN: mx-opt %s --mx-pack-subbyte | FileCheck %s
// RUN: mx-opt %s --mx-pack-subbyte | FileCheck %s --check-prefix=NONE

// NONE-NOT: tensor<{{[^>]*}}xf4E2M1FN>
// NONE-NOT: tensor<{{[^>]*}}xf6E
// NONE-NOT: unrealized_conversion_cast

#map = affine_map<(d0) -> (d0)>

// CHECK-LABEL: func.func @decode
// CHECK-SAME: (%[[X:.*]]: tensor<?xi8>, %[[Y:.*]]: tensor<?xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<?xi8>)
// CHECK-NEXT: ^bb0(%[[CODE:.*]]: i8, %{{.*}}: f32):
// CHECK-NEXT: %[[I4:.*]] = arith.trunci %[[CODE]] : i8 to i4
// CHECK-NEXT: %[[F4:.*]] = arith.bitcast %[[I4]] : i4 to f4E2M1FN
// CHECK-NEXT: arith.extf %[[F4]]
func.func @decode(%x: tensor<?xf4E2M1FN>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %r = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<?xf4E2M1FN>) outs(%y : tensor<?xf32>) {
  ^bb0(%a: f4E2M1FN, %b: f32):
    %e = arith.extf %a : f4E2M1FN to f32
    linalg.yield %e : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// CHECK-LABEL: func.func @encode
// CHECK-SAME: -> tensor<5xi8>
// CHECK: tensor.empty() : tensor<5xi8>
// CHECK: %[[F6:.*]] = arith.truncf %{{.*}} : f32 to f6E3M2FN
// CHECK-NEXT: %[[I6:.*]] = arith.bitcast %[[F6]] : f6E3M2FN to i6
// CHECK-NEXT: %[[CODE:.*]] = arith.extui %[[I6]] : i6 to i8
// CHECK-NEXT: linalg.yield %[[CODE]] : i8
func.func @encode(%x: tensor<5xf32>) -> tensor<5xf6E3M2FN> {
  %empty = tensor.empty() : tensor<5xf6E3M2FN>
  %r = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<5xf32>) outs(%empty : tensor<5xf6E3M2FN>) {
  ^bb0(%a: f32, %b: f6E3M2FN):
    %e = arith.truncf %a : f32 to f6E3M2FN
    linalg.yield %e : f6E3M2FN
  } -> tensor<5xf6E3M2FN>
  return %r : tensor<5xf6E3M2FN>
}

// Scalars that enter and leave a tensor are cast; they stay f4 elsewhere.
// CHECK-LABEL: func.func @scalars
// CHECK-SAME: (%[[X:.*]]: tensor<4xi8>, %[[I:.*]]: index, %[[S:.*]]: f4E2M1FN)
// CHECK: %[[E:.*]] = tensor.extract %[[X]][%[[I]]] : tensor<4xi8>
// CHECK: %[[T:.*]] = arith.trunci %[[E]] : i8 to i4
// CHECK: %[[R:.*]] = arith.bitcast %[[T]] : i4 to f4E2M1FN
// CHECK: %[[B:.*]] = arith.bitcast %[[S]] : f4E2M1FN to i4
// CHECK: %[[C:.*]] = arith.extui %[[B]] : i4 to i8
// CHECK: %[[Y:.*]] = tensor.insert %[[C]] into %[[X]]
// CHECK: tensor.pad %[[Y]]
// CHECK: tensor.yield %{{.*}} : i8
// CHECK: return %[[R]], %{{.*}} : f4E2M1FN, tensor<6xi8>
func.func @scalars(%x: tensor<4xf4E2M1FN>, %i: index, %s: f4E2M1FN) -> (f4E2M1FN, tensor<6xf4E2M1FN>) {
  %e = tensor.extract %x[%i] : tensor<4xf4E2M1FN>
  %y = tensor.insert %s into %x[%i] : tensor<4xf4E2M1FN>
  %p = tensor.pad %y low[0] high[2] {
  ^bb0(%j: index):
    tensor.yield %s : f4E2M1FN
  } : tensor<4xf4E2M1FN> to tensor<6xf4E2M1FN>
  return %e, %p : f4E2M1FN, tensor<6xf4E2M1FN>
}

// Codes of 0.5, 1.0, -0.0 and -6.0.
// CHECK-LABEL: func.func @constants
// CHECK-DAG: dense<[1, 2, 8, 15]> : tensor<4xi8>
// CHECK-DAG: dense<1> : tensor<7xi8>
// CHECK-DAG: dense_resource<codes> : tensor<3xi8>
func.func @constants() -> (tensor<4xf4E2M1FN>, tensor<7xf6E2M3FN>, tensor<3xf4E2M1FN>) {
  %a = arith.constant dense<[0.5, 1.0, -0.0, -6.0]> : tensor<4xf4E2M1FN>
  %b = arith.constant dense<0.125> : tensor<7xf6E2M3FN>
  %c = arith.constant dense_resource<codes> : tensor<3xf4E2M1FN>
  return %a, %b, %c : tensor<4xf4E2M1FN>, tensor<7xf6E2M3FN>, tensor<3xf4E2M1FN>
}

// Named ops become generics, and loops, branches and calls take any type.
// CHECK-LABEL: func.func @structure
// CHECK: linalg.generic
// CHECK: ^bb0(%{{.*}}: i8, %{{.*}}: i8):
// CHECK: scf.for {{.*}} -> (tensor<4x3xi8>)
// CHECK: func.call @callee(%{{.*}}) : (tensor<4x3xi8>) -> tensor<4x3xi8>
// CHECK: arith.select %{{.*}} : tensor<4x3xi8>
// CHECK: tensor.collapse_shape %{{.*}} : tensor<4x3xi8> into tensor<12xi8>
// CHECK: cf.br ^bb1(%{{.*}} : tensor<12xi8>)
func.func private @callee(tensor<4x3xf4E2M1FN>) -> tensor<4x3xf4E2M1FN>
func.func @structure(%x: tensor<3x4xf4E2M1FN>, %n: index, %c: i1) -> tensor<12xf4E2M1FN> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %empty = tensor.empty() : tensor<4x3xf4E2M1FN>
  %t = linalg.transpose ins(%x : tensor<3x4xf4E2M1FN>) outs(%empty : tensor<4x3xf4E2M1FN>) permutation = [1, 0]
  %l = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %t) -> (tensor<4x3xf4E2M1FN>) {
    %r = func.call @callee(%acc) : (tensor<4x3xf4E2M1FN>) -> tensor<4x3xf4E2M1FN>
    scf.yield %r : tensor<4x3xf4E2M1FN>
  }
  %s = arith.select %c, %l, %t : tensor<4x3xf4E2M1FN>
  %f = tensor.collapse_shape %s [[0, 1]] : tensor<4x3xf4E2M1FN> into tensor<12xf4E2M1FN>
  cf.br ^bb1(%f : tensor<12xf4E2M1FN>)
^bb1(%out: tensor<12xf4E2M1FN>):
  return %out : tensor<12xf4E2M1FN>
}

// Each step of the loop unpacks its slice, from the offset in the whole row, which
// may lie within a byte.
// CHECK-LABEL: func.func @unpack_slice
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<8x32xi8>
// CHECK-NOT: linalg.generic
// CHECK: scf.for %[[K:[a-z0-9]+]] =
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<8x32xi8>)
// CHECK: %[[J:.*]] = linalg.index 1
// CHECK: %[[AT:.*]] = affine.apply #{{.*}}(%[[K]])[%[[J]]]
// CHECK: %[[BYTE:.*]] = arith.divui %[[AT]]
// CHECK: tensor.extract %[[P]][%{{.*}}, %[[BYTE]]]
// CHECK: linalg.yield %{{.*}} : i8
func.func @unpack_slice(%p: tensor<8x32xi8>, %acc: tensor<8x32xf4E2M1FN>) -> tensor<8x32xf4E2M1FN> {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %c1 = arith.constant 1 : index
  %x = mx.unpack_elements container = dense %p : tensor<8x32xi8> -> tensor<8x64xf4E2M1FN>
  %r = scf.for %k = %c0 to %c32 step %c1 iter_args(%a = %acc) -> (tensor<8x32xf4E2M1FN>) {
    %s = tensor.extract_slice %x[0, %k] [8, 32] [1, 1] : tensor<8x64xf4E2M1FN> to tensor<8x32xf4E2M1FN>
    scf.yield %s : tensor<8x32xf4E2M1FN>
  }
  return %r : tensor<8x32xf4E2M1FN>
}

// A tile of a contraction says whose codes the bytes are.
// CHECK-LABEL: func.func @tile
// CHECK: mx.contract {{.*}} {mx.register_tile, rhs_codes = f6E3M2FN} lhs(%arg0 : tensor<1x64xf32>) rhs(%arg1 : tensor<8x64xi8>)
// CHECK: mx.contract {{.*}} {lhs_codes = f4E2M1FN, mx.register_tile} lhs(%arg2 : tensor<8x64xi8>) rhs(%arg0 : tensor<1x64xf32>)
func.func @tile(%a: tensor<1x64xf32>, %b: tensor<8x64xf6E3M2FN>, %d: tensor<8x64xf4E2M1FN>, %c: tensor<1x8xf32>) -> (tensor<1x8xf32>, tensor<1x8xf32>) {
  %0 = mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {mx.register_tile}
    lhs(%a : tensor<1x64xf32>) rhs(%b : tensor<8x64xf6E3M2FN>) outs(%c : tensor<1x8xf32>) -> tensor<1x8xf32>
  %1 = mx.contract indexing_maps = [affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, n)>] {mx.register_tile}
    lhs(%d : tensor<8x64xf4E2M1FN>) rhs(%a : tensor<1x64xf32>) outs(%c : tensor<1x8xf32>) -> tensor<1x8xf32>
  return %0, %1 : tensor<1x8xf32>, tensor<1x8xf32>
}

// Elements in bytes already, f8 and i8, stay.
// CHECK-LABEL: func.func @other_types
// CHECK-SAME: (%{{.*}}: tensor<4xf8E4M3FN>, %{{.*}}: tensor<4xi8>) -> tensor<4xf8E4M3FN>
func.func @other_types(%x: tensor<4xf8E4M3FN>, %y: tensor<4xi8>) -> tensor<4xf8E4M3FN> {
  return %x : tensor<4xf8E4M3FN>
}

{-#
  dialect_resources: {
    builtin: {
      codes: "0x01000000010203"
    }
  }
#-}
