// A product and its sum in two ops.
// RUN: mx-opt %s --mx-quantize-matmul --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

#mk = affine_map<(m, k) -> (m, k)>
#k = affine_map<(m, k) -> (k)>
#m = affine_map<(m, k) -> (m)>
// CHECK-LABEL: func.func @split
// CHECK: mx.contract {{.*}} lhs(%{{.*}} : tensor<4x64xf8E4M3FN>{{.*}} rhs(%{{.*}} : tensor<64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @split(%x: tensor<4x64xf32>, %v: tensor<64xf32>, %e: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [#mk, #k, #mk], iterator_types = ["parallel", "parallel"]}
    ins(%x, %v : tensor<4x64xf32>, tensor<64xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<4x64xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.generic {indexing_maps = [#mk, #m], iterator_types = ["parallel", "reduction"]}
    ins(%0 : tensor<4x64xf32>) outs(%z : tensor<4xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %c, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

#mk = affine_map<(m, k) -> (m, k)>
#m = affine_map<(m, k) -> (m)>
// CHECK-LABEL: func.func @tensor_product(
// CHECK-NOT: arith.mulf
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @tensor_product(%x: tensor<4x64xf32>, %w: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %p = arith.mulf %x, %w : tensor<4x64xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.reduce ins(%p : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1] (%in: f32, %acc: f32) {
    %s = arith.addf %in, %acc : f32
    linalg.yield %s : f32
  }
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @extended_in_sum(
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<4x64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @extended_in_sum(%x: tensor<4x64xf16>, %w: tensor<4x64xf16>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %p = arith.mulf %x, %w : tensor<4x64xf16>
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #m], iterator_types = ["parallel", "reduction"]}
    ins(%p : tensor<4x64xf16>) outs(%z : tensor<4xf32>) {
  ^bb0(%a: f16, %c: f32):
    %e = arith.extf %a : f16 to f32
    %s = arith.addf %e, %c : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @extended_between(
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @extended_between(%x: tensor<4x64xf16>, %w: tensor<4x64xf16>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %p = arith.mulf %x, %w : tensor<4x64xf16>
  %e = arith.extf %p : tensor<4x64xf16> to tensor<4x64xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.reduce { arith.addf } ins(%e : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1]
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @other_users(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @other_users(%x: tensor<4x64xf32>, %w: tensor<4x64xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>, tensor<4x64xf32>) {
  %p = arith.mulf %x, %w : tensor<4x64xf32>
  // expected-remark @below {{left alone: its product has other users}}
  %0 = linalg.reduce { arith.addf } ins(%p : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1]
  return %0, %p : tensor<4xf32>, tensor<4x64xf32>
}

// CHECK-LABEL: func.func @integer_sum(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @integer_sum(%x: tensor<4x64xi32>, %w: tensor<4x64xi32>, %z: tensor<4xi32>) -> tensor<4xi32> {
  %p = arith.muli %x, %w : tensor<4x64xi32>
  // expected-remark @below {{left alone: an operand of type tensor<4x64xi32> is not of f32, f16 or bf16}}
  %0 = linalg.reduce { arith.addi } ins(%p : tensor<4x64xi32>) outs(%z : tensor<4xi32>) dimensions = [1]
  return %0 : tensor<4xi32>
}

// CHECK-LABEL: func.func @product_and_more(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @product_and_more(%x: tensor<4x64xf32>, %w: tensor<4x64xf32>, %e: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %p = linalg.generic {indexing_maps = [#mk, #mk, #mk], iterator_types = ["parallel", "parallel"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<4x64xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %q = math.exp %p : f32
    linalg.yield %q : f32
  } -> tensor<4x64xf32>
  // expected-remark @below {{left alone: its product is not one of two operands alone}}
  %0 = linalg.reduce { arith.addf } ins(%p : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1]
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @sum_and_more(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @sum_and_more(%x: tensor<4x64xf32>, %w: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %p = arith.mulf %x, %w : tensor<4x64xf32>
  // expected-remark @below {{left alone: its body is not a sum of the product}}
  %0 = linalg.reduce ins(%p : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1] (%in: f32, %acc: f32) {
    %t = math.absf %in : f32
    %s = arith.addf %t, %acc : f32
    linalg.yield %s : f32
  }
  return %0 : tensor<4xf32>
}

// The sum of what a contraction gives is not one.
// CHECK-LABEL: func.func @sum_of_contraction(
// CHECK: mx.contract
// CHECK: linalg.reduce
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @sum_of_contraction(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %y: tensor<4x8xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%y : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.reduce { arith.addf } ins(%0 : tensor<4x8xf32>) outs(%z : tensor<4xf32>) dimensions = [1]
  return %1 : tensor<4xf32>
}

// -----

#mk = affine_map<(m, k) -> (m, k)>
#zk = affine_map<(m, k) -> (0, k)>
#m0 = affine_map<(m, k) -> (m, 0)>
// One row for all m, and a sum that keeps its dimension, as torch's have.
// CHECK-LABEL: func.func @broadcast_row(
// CHECK: %[[C:.*]] = mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, {{.*}} rhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>) outs({{.*}} : tensor<4xf32>)
// CHECK: tensor.expand_shape %[[C]] {{\[}}[0, 1]] output_shape [4, 1] : tensor<4xf32> into tensor<4x1xf32>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @broadcast_row(%x: tensor<4x64xf32>, %w: tensor<1x64xf32>, %e: tensor<4x64xf32>, %z: tensor<4x1xf32>) -> tensor<4x1xf32> {
  %p = linalg.generic {indexing_maps = [#mk, #zk, #mk], iterator_types = ["parallel", "parallel"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<1x64xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<4x64xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #m0], iterator_types = ["parallel", "reduction"]}
    ins(%p : tensor<4x64xf32>) outs(%z : tensor<4x1xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// -----

#bmk = affine_map<(b, m, k) -> (b, m, k)>
#b0k = affine_map<(b, m, k) -> (b, 0, k)>
#bm = affine_map<(b, m, k) -> (b, m)>
// One query against the keys of its batch: the sum runs over what a mask is
// broadcast along.
// CHECK-LABEL: func.func @one_query(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x5x64xf8E4M3FN>{{.*}} rhs({{.*}} : tensor<2x64xf8E4M3FN>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @one_query(%x: tensor<2x5x64xf32>, %w: tensor<2x1x64xf32>, %e: tensor<2x5x64xf32>, %z: tensor<2x5xf32>) -> tensor<2x5xf32> {
  %p = linalg.generic {indexing_maps = [#bmk, #b0k, #bmk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x, %w : tensor<2x5x64xf32>, tensor<2x1x64xf32>) outs(%e : tensor<2x5x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<2x5x64xf32>
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#bmk, #bm], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%p : tensor<2x5x64xf32>) outs(%z : tensor<2x5xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

#bsh = affine_map<(b, s, h) -> (b, s, h)>
#bs0 = affine_map<(b, s, h) -> (b, s, 0)>
#bh = affine_map<(b, s, h) -> (b, h)>
// The mean of what a mask selects: no weights to store.
// CHECK-LABEL: func.func @masked_mean(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @masked_mean(%x: tensor<2x64x8xf32>, %w: tensor<2x64x1xf32>, %e: tensor<2x64x8xf32>, %z: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = linalg.generic {indexing_maps = [#bsh, #bs0, #bsh], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x, %w : tensor<2x64x8xf32>, tensor<2x64x1xf32>) outs(%e : tensor<2x64x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<2x64x8xf32>
  // expected-remark @below {{left alone: it is a sum weighted by a mask, such as a masked mean}}
  %1 = linalg.generic {indexing_maps = [#bsh, #bh], iterator_types = ["parallel", "reduction", "parallel"]}
    ins(%0 : tensor<2x64x8xf32>) outs(%z : tensor<2x8xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// -----

#mk = affine_map<(m, j, k) -> (m, k)>
#k = affine_map<(m, j, k) -> (k)>
#mjk = affine_map<(m, j, k) -> (m, j, k)>
#m = affine_map<(m, j, k) -> (m)>
// The sum over d1 counts its extent, which neither factor has.
// CHECK-LABEL: func.func @extent_of_product(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @extent_of_product(%x: tensor<4x64xf32>, %w: tensor<64xf32>, %e: tensor<4x3x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [#mk, #k, #mjk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64xf32>) outs(%e : tensor<4x3x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<4x3x64xf32>
  // expected-remark @below {{left alone: dimension d1 indexes no operand alone}}
  %1 = linalg.generic {indexing_maps = [#mjk, #m], iterator_types = ["parallel", "reduction", "reduction"]}
    ins(%0 : tensor<4x3x64xf32>) outs(%z : tensor<4xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
