// RUN: mx-opt %s --mx-split-sums --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @squares
// CHECK-SAME: (%[[X:.*]]: tensor<?x384xf32>, %[[INIT:.*]]: tensor<?xf32>)
// -0 leaves -0 as it is.
// CHECK: %[[ZERO:.*]] = arith.constant -0.000000e+00 : f32
// CHECK: %[[ZEROS:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%{{.*}} : tensor<?x16xf32>)
// CHECK: %[[SUMS:.*]] = scf.for %[[K:.*]] = %c0 to %c384 step %c16 iter_args(%[[PART:.*]] = %[[ZEROS]])
// CHECK: %[[TILE:.*]] = tensor.extract_slice %[[X]][0, %[[K]]] [%{{.*}}, 16] [1, 1]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[TILE]] : tensor<?x16xf32>)
// CHECK: %[[ALL:.*]] = linalg.reduce ins(%[[SUMS]] : tensor<?x16xf32>) outs(%[[INIT]] : tensor<?xf32>) dimensions = [1]
// CHECK: return %[[ALL]]
func.func @squares(%x: tensor<?x384xf32>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x384xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.mulf %in, %in : f32
    %2 = arith.addf %1, %out : f32
    linalg.yield %2 : f32
  } -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// The rest has a size of its own, so that others are vectors. A short sum stays one.
// CHECK-LABEL: func.func @dynamic
// CHECK: %[[LONG:.*]] = arith.cmpi uge, %{{.*}}, %c32
// CHECK: scf.if %[[LONG]]
// CHECK: %[[END:.*]] = affine.apply
// CHECK: scf.for %{{.*}} = %c0 to %[[END]] step %c16
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4x16xf32>)
// CHECK: scf.for %{{.*}} = %[[END]] to %{{.*}} step %c16
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4x?xf32>)
// CHECK: linalg.reduce
// CHECK: } else {
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : tensor<4x?xf32>)
func.func @dynamic(%x: tensor<4x?xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x?xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Left alone: sums along other dimensions, of few elements, of other types, of products with
// the sum, what is no sum, what would need 16 results in place of one, and what depends
// on indices.
// CHECK-LABEL: func.func @others
// CHECK-NOT: scf.for
// CHECK: return
func.func @others(%x: tensor<64x64xf32>, %few: tensor<64x31xf32>, %half: tensor<64x64xf16>, %init: tensor<64xf32>, %narrow: tensor<64xf16>, %square: tensor<64x64xf32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf16>, tensor<64xf32>, tensor<64xf32>, tensor<64x64xf32>, tensor<64xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (k, m)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %out : f32
    linalg.yield %v : f32
  } -> tensor<64xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%few : tensor<64x31xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.addf %in, %out : f32
    linalg.yield %v : f32
  } -> tensor<64xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%half : tensor<64x64xf16>) outs(%narrow : tensor<64xf16>) {
  ^bb0(%in: f16, %out: f16):
    %v = arith.addf %in, %out : f16
    linalg.yield %v : f16
  } -> tensor<64xf16>
  %3 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %u = arith.mulf %in, %out : f32
    %v = arith.addf %u, %out : f32
    linalg.yield %v : f32
  } -> tensor<64xf32>
  %4 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.maximumf %in, %out : f32
    linalg.yield %v : f32
  } -> tensor<64xf32>
  %5 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %x : tensor<64x64xf32>, tensor<64x64xf32>) outs(%square : tensor<64x64xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %u = arith.mulf %a, %b : f32
    %v = arith.addf %u, %out : f32
    linalg.yield %v : f32
  } -> tensor<64x64xf32>
  %6 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %k = linalg.index 1 : index
    %i = arith.index_cast %k : index to i32
    %f = arith.sitofp %i : i32 to f32
    %u = arith.mulf %f, %in : f32
    %v = arith.addf %u, %out : f32
    linalg.yield %v : f32
  } -> tensor<64xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<64xf32>, tensor<64xf32>, tensor<64xf16>, tensor<64xf32>, tensor<64xf32>, tensor<64x64xf32>, tensor<64xf32>
}

// -----

// CHECK-LABEL: func.func @offset_result
// CHECK-NOT: scf.for
// CHECK: return
func.func @offset_result(%x: tensor<64x64xf32>, %init: tensor<65xf32>) -> tensor<65xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m + 1)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<65xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    linalg.yield %1 : f32
  } -> tensor<65xf32>
  return %0 : tensor<65xf32>
}

// -----

// CHECK-LABEL: func.func @sum_used_twice
// CHECK-NOT: scf.for
// CHECK: return
func.func @sum_used_twice(%x: tensor<64x64xf32>, %init: tensor<64xf32>, %table: memref<1xf32>) -> tensor<64xf32> {
  %c0 = arith.constant 0 : index
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    memref.store %1, %table[%c0] : memref<1xf32>
    linalg.yield %1 : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// -----

// All of a tensor, the sum on the other side.
// CHECK-LABEL: func.func @all
// CHECK: scf.for
// CHECK: linalg.reduce {{.*}} outs(%{{.*}} : tensor<f32>)
func.func @all(%x: tensor<64xf32>, %init: tensor<f32>) -> tensor<f32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>], iterator_types = ["reduction"]} ins(%x : tensor<64xf32>) outs(%init : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %out, %in : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}
