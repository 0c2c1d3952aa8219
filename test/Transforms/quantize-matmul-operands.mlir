// What is quantized: operands from before broadcasts and transposes, once.
// RUN: mx-opt %s --mx-quantize-matmul=which=weights --split-input-file --verify-diagnostics | FileCheck %s
// RUN: mx-opt %s --mx-quantize-matmul=which=weights --mx-quantize-matmul=which=weights --split-input-file 2>/dev/null | FileCheck %s

// bf16 weights, extended while they are broadcast: nothing is left of either.
// CHECK-LABEL: func.func @extended_broadcast(
// CHECK: %[[W:.*]] = arith.constant dense<1.5{{.*}}> : tensor<64x8xbf16>
// CHECK-NOT: linalg
// CHECK: mx.quantize {{.*}} ins(%[[W]] : tensor<64x8xbf16>)
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @extended_broadcast(%x: tensor<?x5x64xf32>, %z: tensor<?x5x8xf32>, %d: index) -> tensor<?x5x8xf32> {
  %w = arith.constant dense<1.5> : tensor<64x8xbf16>
  %e = tensor.empty(%d) : tensor<?x64x8xf32>
  %bc = linalg.generic {indexing_maps = [affine_map<(b, k, n) -> (k, n)>, affine_map<(b, k, n) -> (b, k, n)>], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%w : tensor<64x8xbf16>) outs(%e : tensor<?x64x8xf32>) {
  ^bb0(%a: bf16, %b: f32):
    %p = arith.extf %a : bf16 to f32
    linalg.yield %p : f32
  } -> tensor<?x64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %bc : tensor<?x5x64xf32>, tensor<?x64x8xf32>) outs(%z : tensor<?x5x8xf32>) -> tensor<?x5x8xf32>
  return %0 : tensor<?x5x8xf32>
}

// -----

// A weight on the left.
// CHECK-LABEL: func.func @left(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<8x64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @left(%x: tensor<64x4xf32>, %z: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = arith.constant dense<1.5> : tensor<8x64xf32>
  // expected-remark @below {{rewritten: weight on the left, blocks along d2; weights mxfp8 (blocks of 32, rule floor), activations mxfp8 (blocks of 32, rule floor)}}
  %0 = linalg.matmul ins(%w, %x : tensor<8x64xf32>, tensor<64x4xf32>) outs(%z : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// -----

// The sum over the broadcast dimension needs its extent: it stays.
// CHECK-LABEL: func.func @contracted_broadcast(
// CHECK: linalg.broadcast
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<5x4x64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @contracted_broadcast(%x: tensor<4x64xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = arith.constant dense<1.5> : tensor<5x64x8xf32>
  %e = tensor.empty() : tensor<5x4x64xf32>
  %bc = linalg.broadcast ins(%x : tensor<4x64xf32>) outs(%e : tensor<5x4x64xf32>) dimensions = [0]
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_reduce_matmul ins(%bc, %w : tensor<5x4x64xf32>, tensor<5x64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// Packed by a transpose: without it both tiles of K are one dimension.
// CHECK-LABEL: func.func @packed_by_transpose(
// CHECK-NOT: linalg.transpose
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x4x64xf8E4M3FN>, tensor<2x4x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @packed_by_transpose(%x: tensor<2x4x8x8xf32>, %z: tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32> {
  %w = arith.constant dense<1.5> : tensor<3x16x8x8xf32>
  %e = tensor.empty() : tensor<2x8x4x8xf32>
  %xt = linalg.transpose ins(%x : tensor<2x4x8x8xf32>) outs(%e : tensor<2x8x4x8xf32>) permutation = [0, 2, 1, 3]
  %f = tensor.empty() : tensor<3x8x16x8xf32>
  %wt = linalg.transpose ins(%w : tensor<3x16x8x8xf32>) outs(%f : tensor<3x8x16x8xf32>) permutation = [0, 2, 1, 3]
  // expected-remark @below {{rewritten}}
  %0 = linalg.mmt4d ins(%xt, %wt : tensor<2x8x4x8xf32>, tensor<3x8x16x8xf32>) outs(%z : tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32>
  return %0 : tensor<2x3x4x16xf32>
}

// -----

#x = affine_map<(m, n, j, k) -> (m, j, k)>
#w = affine_map<(m, n, j, k) -> (j, k, n)>
#z = affine_map<(m, n, j, k) -> (m, n)>
// Both contractions see one collapsed input, quantized once.
// CHECK-LABEL: func.func @collapsed_once(
// CHECK-SAME: %[[X:[^:]*]]: tensor<4x8x8xf32>
// CHECK-COUNT-1: tensor.collapse_shape %[[X]]
// CHECK-NOT: tensor.collapse_shape %[[X]]
// expected-remark @below {{quantized 2 of 2 contractions}}
func.func @collapsed_once(%x: tensor<4x8x8xf32>, %z: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %v = arith.constant dense<1.5> : tensor<8x8x8xf32>
  %w = arith.constant dense<2.5> : tensor<8x8x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.contract indexing_maps = [#x, #w, #z] ins(%x, %v : tensor<4x8x8xf32>, tensor<8x8x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.contract indexing_maps = [#x, #w, #z] ins(%x, %w : tensor<4x8x8xf32>, tensor<8x8x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1 : tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// A unit dimension that the map indexes by 0 is dropped.
// CHECK-LABEL: func.func @unit_dim(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @unit_dim(%x: tensor<1x4x64xf32>, %z: tensor<5x4x8xf32>) -> tensor<5x4x8xf32> {
  %w = arith.constant dense<1.5> : tensor<64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (0, m, k)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<1x4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<5x4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %p, %c : f32
    linalg.yield %s : f32
  } -> tensor<5x4x8xf32>
  return %0 : tensor<5x4x8xf32>
}

// -----

// Left alone, nothing of the attempt remains.
// CHECK-LABEL: func.func @refused(
// CHECK-NEXT: arith.constant
// CHECK-NEXT: linalg.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @refused(%x: tensor<4x3x2xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = arith.constant dense<1.5> : tensor<3x2x8xf32>
  // expected-remark @below {{left alone: its contracted dimension has 6 elements, below 16}}
  %0 = linalg.contract indexing_maps = [affine_map<(m, n, j, k) -> (m, j, k)>, affine_map<(m, n, j, k) -> (j, k, n)>, affine_map<(m, n, j, k) -> (m, n)>]
    ins(%x, %w : tensor<4x3x2xf32>, tensor<3x2x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// The constants of weights: slices, reshapes, casts.
// CHECK-LABEL: func.func @views(
// CHECK-COUNT-3: mx.contract
// expected-remark @below {{quantized 3 of 3 contractions}}
func.func @views(%x: tensor<4x64xf32>, %z: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) {
  %c = arith.constant dense<1.5> : tensor<64x16xf32>
  %w0 = tensor.extract_slice %c[0, 8] [64, 8] [1, 1] : tensor<64x16xf32> to tensor<64x8xf32>
  %r = arith.constant dense<2.5> : tensor<64x2x4xf32>
  %w1 = tensor.collapse_shape %r [[0], [1, 2]] : tensor<64x2x4xf32> into tensor<64x8xf32>
  %h = arith.constant dense<3.5> : tensor<64x8xf16>
  %w2 = arith.extf %h : tensor<64x8xf16> to tensor<64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul ins(%x, %w0 : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.matmul ins(%x, %w1 : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-remark @below {{rewritten}}
  %2 = linalg.matmul ins(%x, %w2 : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1, %2 : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// As torch lowers a linear layer on a tensor of rank 4.
// CHECK-LABEL: func.func @collapsed_broadcast(
// CHECK-NOT: linalg.broadcast
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @collapsed_broadcast(%x: tensor<?x5x64xf32>, %z: tensor<?x5x8xf32>, %b: index, %h: index) -> tensor<?x5x8xf32> {
  %w = arith.constant dense<1.5> : tensor<8x64xf32>
  %e = tensor.empty(%b, %h) : tensor<?x?x8x64xf32>
  %bc = linalg.broadcast ins(%w : tensor<8x64xf32>) outs(%e : tensor<?x?x8x64xf32>) dimensions = [0, 1]
  %f = tensor.empty(%b, %h) : tensor<?x?x64x8xf32>
  %t = linalg.transpose ins(%bc : tensor<?x?x8x64xf32>) outs(%f : tensor<?x?x64x8xf32>) permutation = [0, 1, 3, 2]
  %c = tensor.collapse_shape %t [[0, 1], [2], [3]] : tensor<?x?x64x8xf32> into tensor<?x64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %c : tensor<?x5x64xf32>, tensor<?x64x8xf32>) outs(%z : tensor<?x5x8xf32>) -> tensor<?x5x8xf32>
  return %0 : tensor<?x5x8xf32>
}

// To a dynamic shape and, around a broadcast over a unit dimension, to a static one.
// CHECK-LABEL: func.func @cast_broadcast(
// CHECK-NOT: linalg.broadcast
// CHECK-NOT: linalg.generic
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>)
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 2 of 2 contractions}}
func.func @cast_broadcast(%x: tensor<?x5x64xf32>, %y: tensor<3x5x64xf32>, %z: tensor<?x5x8xf32>, %o: tensor<3x5x8xf32>, %b: index) -> (tensor<?x5x8xf32>, tensor<3x5x8xf32>) {
  %w = arith.constant dense<1.5> : tensor<64x8xf32>
  %e = tensor.empty() : tensor<3x64x8xf32>
  %bc = linalg.broadcast ins(%w : tensor<64x8xf32>) outs(%e : tensor<3x64x8xf32>) dimensions = [0]
  %c = tensor.cast %bc : tensor<3x64x8xf32> to tensor<?x64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %c : tensor<?x5x64xf32>, tensor<?x64x8xf32>) outs(%z : tensor<?x5x8xf32>) -> tensor<?x5x8xf32>
  %v = arith.constant dense<2.5> : tensor<1x64x8xf32>
  %f = tensor.empty(%b) : tensor<?x64x8xf32>
  %bd = linalg.generic {indexing_maps = [affine_map<(b, k, n) -> (0, k, n)>, affine_map<(b, k, n) -> (b, k, n)>], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%v : tensor<1x64x8xf32>) outs(%f : tensor<?x64x8xf32>) {
  ^bb0(%a: f32, %s: f32):
    linalg.yield %a : f32
  } -> tensor<?x64x8xf32>
  %d = tensor.cast %bd : tensor<?x64x8xf32> to tensor<3x64x8xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.batch_matmul ins(%y, %d : tensor<3x5x64xf32>, tensor<3x64x8xf32>) outs(%o : tensor<3x5x8xf32>) -> tensor<3x5x8xf32>
  return %0, %1 : tensor<?x5x8xf32>, tensor<3x5x8xf32>
}

// A batch that the weight has and one that it lacks: no map can tell them apart.
// CHECK-LABEL: func.func @merged_batch(
// CHECK: linalg.broadcast
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<6x64x8xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @merged_batch(%x: tensor<6x5x64xf32>, %z: tensor<6x5x8xf32>) -> tensor<6x5x8xf32> {
  %w = arith.constant dense<1.5> : tensor<3x64x8xf32>
  %e = tensor.empty() : tensor<2x3x64x8xf32>
  %bc = linalg.broadcast ins(%w : tensor<3x64x8xf32>) outs(%e : tensor<2x3x64x8xf32>) dimensions = [0]
  %c = tensor.collapse_shape %bc [[0, 1], [2], [3]] : tensor<2x3x64x8xf32> into tensor<6x64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %c : tensor<6x5x64xf32>, tensor<6x64x8xf32>) outs(%z : tensor<6x5x8xf32>) -> tensor<6x5x8xf32>
  return %0 : tensor<6x5x8xf32>
}

// -----

// CHECK-LABEL: func.func @reshaped(
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @reshaped(%x: tensor<4x64xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %c = arith.constant dense<1.5> : tensor<16x32xf32>
  %s = arith.constant dense<[64, 8]> : tensor<2xi64>
  %w = tensor.reshape %c(%s) : (tensor<16x32xf32>, tensor<2xi64>) -> tensor<64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// The init's unit dimension is dropped, and comes back in the result.
// CHECK-LABEL: func.func @unit_dim_of_init(
// CHECK: tensor.collapse_shape %{{.*}} {{\[}}[0], [1, 2]] : tensor<?x1x8xf32> into tensor<?x8xf32>
// CHECK: %[[C:.*]] = mx.contract {{.*}} outs({{.*}} : tensor<?x8xf32>)
// CHECK: tensor.expand_shape %[[C]] {{\[}}[0], [1, 2]] output_shape [%{{.*}}, 1, 8] : tensor<?x8xf32> into tensor<?x1x8xf32>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @unit_dim_of_init(%x: tensor<?x64xf32>, %z: tensor<?x1x8xf32>) -> tensor<?x1x8xf32> {
  %w = arith.constant dense<1.5> : tensor<64x8xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, 0, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<?x64xf32>, tensor<64x8xf32>) outs(%z : tensor<?x1x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %p, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x1x8xf32>
  return %0 : tensor<?x1x8xf32>
}
